/* turn/reply.c: what answers carry, and how large they are (S-044, security B1, B2, B5). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../lib/rig.h"

static struct rig r;
static struct rig_client c;

static int
setup(void **state)
{
	(void)state;
	rig_init(&r);
	rig_client(&r, &c, 1, "alice");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return rig_fini(&r) ? 0 : -1;
}

static size_t
binding(void)
{
	rig_begin(&r, &c, METHOD_BINDING);
	assert_int_equal(rig_send(&r, &c), 0);
	return r.out.data.n;
}

/* B1: exactly so much, no reason phrases, FINGERPRINT only for FINGERPRINT. */
static void
minimal(void **state)
{
	(void)state;
	rig_start(&r);
	assert_int_equal(binding(), 32);
	assert_false(parse_has(&r.answer, ATTR_SOFTWARE));
	c.flow.client = rig_addr("[2a00::1]:5000");
	assert_int_equal(binding(), 44);
	rig_begin(&r, &c, METHOD_BINDING);
	build_fingerprint(&r.b);
	assert_int_equal(rig_send(&r, &c), 0);
	assert_true(r.answer.fingerprint);
	assert_int_equal(r.out.data.n, 44 + 8);
	rig_begin(&r, &c, METHOD_ALLOCATE);
	build_fingerprint(&r.b);
	assert_int_equal(rig_send(&r, &c), 401);
	assert_true(r.answer.fingerprint);
	struct bytes reason;
	parse_error(&r.answer, &reason);
	assert_int_equal(reason.n, 0);
}

/* B2: a bare Allocate of 28 bytes. */
static void
challenge(void **state)
{
	(void)state;
	rig_start(&r);
	rig_begin(&r, &c, METHOD_ALLOCATE);
	build_u8(&r.b, ATTR_REQUESTED_TRANSPORT, 17);
	assert_int_equal(pen_used(&r.b.pen), 28);
	assert_int_equal(rig_send(&r, &c), 401);
	assert_true(r.out.data.n <= 104);
	assert_true(parse_has(&r.answer, ATTR_REALM));
	assert_true(parse_has(&r.answer, ATTR_NONCE));
	assert_true(parse_has(&r.answer, ATTR_PASSWORD_ALGORITHMS));
}

/* B5: no error but 401 is more than twice its request; the list has 16 entries at most. */
static void
unknown(void **state)
{
	static const unsigned many[] = {1, 2, 16, 17, 300};

	(void)state;
	r.policy.software = bytes_text("natsrvd 1.2.3 with a name that is rather long");
	rig_start(&r);
	for (unsigned i = 0; i < sizeof many / sizeof many[0]; i++) {
		struct bytes list;
		size_t sent;

		rig_begin(&r, &c, METHOD_BINDING);
		for (unsigned k = 0; k < many[i]; k++) {
			pen_u16(&r.b.pen, 0x7001 + k);
			pen_u16(&r.b.pen, 0);
		}
		sent = pen_used(&r.b.pen);
		bytes_put16(r.wire + 2, (unsigned)(sent - STUN_HEADER));
		assert_int_equal(rig_send(&r, &c), 420);
		list = parse_value(&r.answer, ATTR_UNKNOWN_ATTRIBUTES);
		assert_int_equal(list.n / 2, many[i] < 16 ? many[i] : 16);
		for (unsigned k = 0; k < list.n / 2; k++)
			assert_int_equal(bytes_u16(list.p + 2 * k), 0x7001 + k);
		assert_true(r.out.data.n <= 2 * sent);
		assert_true(many[i] < 16 || r.out.data.n <= sent ||
		            parse_has(&r.answer, ATTR_SOFTWARE));
	}
	rig_begin(&r, &c, METHOD_REFRESH); /* 400 for half a credential */
	build_bytes(&r.b, ATTR_MESSAGE_INTEGRITY, bytes_view("12345678901234567890", 20));
	size_t sent = pen_used(&r.b.pen);
	assert_int_equal(rig_send(&r, &c), 400);
	assert_true(r.out.data.n <= 2 * sent);
}

/* S-044: SOFTWARE is shed where the answer would not stay below 548 bytes over IPv4. */
static void
software(void **state)
{
	static char text[764], realm[128];

	(void)state;
	memset(text, 's', 763);
	memset(realm, 'r', 127);
	r.policy.realm = r.ring.realm = bytes_text(realm);
	for (size_t n = 1; n <= 763; n += 2) {
		rig_client(&r, &c, 1, "alice");
		r.policy.software = bytes_view(text, n);
		rig_start(&r);
		assert_true(binding() < 548);
		assert_int_equal(parse_has(&r.answer, ATTR_SOFTWARE), n <= 464);
		assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
		assert_true(r.out.data.n < 548);
		rig_begin(&r, &c, METHOD_ALLOCATE);
		assert_int_equal(rig_send(&r, &c), 401);
		assert_true(r.out.data.n < 548);
		c.flow.client = rig_addr("[2a00::1]:5000");
		assert_true(binding() <= 1232);
		assert_true(parse_has(&r.answer, ATTR_SOFTWARE));
		turn_free(r.turn);
		r.turn = NULL;
	}
}

/* Each code goes to its counter, and only there. */
static void
counters(void **state)
{
	(void)state;
	rig_start(&r);
	binding();
	assert_int_equal(rig_count(&r, TURN_SUCCESSES), 1);
	assert_int_equal(rig_refresh(&r, &c, 0), 437);
	assert_int_equal(rig_count(&r, TURN_ERRORS_401), 1);
	assert_int_equal(rig_count(&r, TURN_ERRORS_437), 1);
	assert_int_equal(rig_count(&r, TURN_SUCCESSES), 1);
	assert_int_equal(rig_count(&r, TURN_ERRORS_400), 0);
	assert_int_equal(rig_count(&r, TURN_ERRORS_508), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(minimal, setup, teardown),
		cmocka_unit_test_setup_teardown(challenge, setup, teardown),
		cmocka_unit_test_setup_teardown(unknown, setup, teardown),
		cmocka_unit_test_setup_teardown(software, setup, teardown),
		cmocka_unit_test_setup_teardown(counters, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
