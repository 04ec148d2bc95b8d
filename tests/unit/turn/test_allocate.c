/* turn/allocate.c: the Allocate method (RFC 8656, 7.2). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../lib/rig.h"
#include "turn/allocate.h"

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


/* T-092: never below the default, never above the maximum. */
static void
lifetimes(void **state)
{
	const struct turn_policy p = {.lifetime_default = 600, .lifetime_max = 3600};

	(void)state;
	assert_int_equal(allocate_lifetime(&p, 0), 600);
	assert_int_equal(allocate_lifetime(&p, 599), 600);
	assert_int_equal(allocate_lifetime(&p, 601), 601);
	assert_int_equal(allocate_lifetime(&p, 3600), 3600);
	assert_int_equal(allocate_lifetime(&p, 3601), 3600);
	assert_int_equal(allocate_lifetime(&p, UINT32_MAX), 3600); /* security D10 */
	assert_int_equal(allocate_family(1), AF_INET);
	assert_int_equal(allocate_family(2), AF_INET6);
	assert_int_equal(allocate_family(0), 0);
	assert_int_equal(allocate_family(3), 0);
}

static void
begin(void)
{
	rig_begin(&r, &c, METHOD_ALLOCATE);
	build_u8(&r.b, ATTR_REQUESTED_TRANSPORT, 17);
}

static void
granted(void **state)
{
	uint32_t lifetime;
	union addr mapped;

	(void)state;
	rig_start(&r);
	begin();
	build_u32(&r.b, ATTR_LIFETIME, 1000);
	assert_int_equal(rig_ask(&r, &c), 0);
	assert_true(parse_u32(&r.answer, ATTR_LIFETIME, &lifetime));
	assert_int_equal(lifetime, 1000);
	assert_true(parse_addr(&r.answer, ATTR_XOR_MAPPED_ADDRESS, &mapped));
	assert_true(addr_equal(&mapped, &c.flow.client));
	assert_true(parse_addr(&r.answer, ATTR_XOR_RELAYED_ADDRESS, &c.relayed));
	assert_true(addr_same_ip(&c.relayed, &r.io.ip[0]));
	assert_non_null(fake_io_relay(&r.io, &c.relayed));
	assert_true(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY_SHA256));
	assert_false(parse_has(&r.answer, ATTR_NONCE)); /* T-045 */

	/* T-071, and the other family on another five-tuple */
	rig_client(&r, &c, 2, "alice");
	assert_int_equal(rig_allocate(&r, &c, AF_INET6), 0);
	assert_true(addr_same_ip(&c.relayed, &r.io.ip[1]));
}

static void
refused(void **state)
{
	(void)state;
	rig_start(&r);
	rig_begin(&r, &c, METHOD_ALLOCATE);
	assert_int_equal(rig_ask(&r, &c), 400); /* no transport */
	rig_begin(&r, &c, METHOD_ALLOCATE);
	build_u8(&r.b, ATTR_REQUESTED_TRANSPORT, 6);
	assert_int_equal(rig_ask(&r, &c), 442);
	begin();
	build_u8(&r.b, ATTR_REQUESTED_ADDRESS_FAMILY, 3);
	assert_int_equal(rig_ask(&r, &c), 440);
	begin();
	build_bytes(&r.b, ATTR_REQUESTED_ADDRESS_FAMILY, bytes_view("\1", 1));
	assert_int_equal(rig_ask(&r, &c), 400);
	begin();
	build_bytes(&r.b, ATTR_LIFETIME, bytes_view("\0\0\1", 3));
	assert_int_equal(rig_ask(&r, &c), 400);
	begin();
	build_bytes(&r.b, ATTR_EVEN_PORT, BYTES_NONE);
	assert_int_equal(rig_ask(&r, &c), 400);
	begin();
	build_u8(&r.b, ATTR_EVEN_PORT, 0x80); /* the next port as well: none is reserved here */
	assert_int_equal(rig_ask(&r, &c), 508);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS_CREATED), 0);
	assert_int_equal(r.io.total, 0);
}

/* A4: at their own place, after the transport was judged. */
static void
unserved(void **state)
{
	struct bytes list;

	(void)state;
	rig_start(&r);
	begin();
	build_empty(&r.b, ATTR_DONT_FRAGMENT);
	build_bytes(&r.b, ATTR_RESERVATION_TOKEN, bytes_view("12345678", 8));
	assert_int_equal(rig_ask(&r, &c), 420);
	list = parse_value(&r.answer, ATTR_UNKNOWN_ATTRIBUTES);
	assert_int_equal(list.n, 4);
	assert_int_equal(bytes_u16(list.p), 0x001a);
	assert_int_equal(bytes_u16(list.p + 2), 0x0022);
	rig_begin(&r, &c, METHOD_ALLOCATE);
	build_u8(&r.b, ATTR_REQUESTED_TRANSPORT, 99);
	build_empty(&r.b, ATTR_DONT_FRAGMENT);
	assert_int_equal(rig_ask(&r, &c), 442);
}

static void
families(void **state)
{
	(void)state;
	r.policy.ipv6 = false;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET6), 440);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
}

static void
even_port(void **state)
{
	(void)state;
	rig_start(&r);
	r.io.next_port = 50001;
	begin();
	build_u8(&r.b, ATTR_EVEN_PORT, 0);
	assert_int_equal(rig_ask(&r, &c), 0);
	assert_true(parse_addr(&r.answer, ATTR_XOR_RELAYED_ADDRESS, &c.relayed));
	assert_int_equal(addr_port(&c.relayed), 50002);
	rig_client(&r, &c, 2, "alice"); /* T-107: libnice sends four bytes */
	r.io.next_port = 50003;
	begin();
	build_bytes(&r.b, ATTR_EVEN_PORT, bytes_view("\0\0\0\0", 4));
	assert_int_equal(rig_ask(&r, &c), 0);
	assert_true(parse_addr(&r.answer, ATTR_XOR_RELAYED_ADDRESS, &c.relayed));
	assert_int_equal(addr_port(&c.relayed), 50004);
}

/* T-108, T-110: a retransmission is answered as the first time; another Allocate is 437. */
static void
again(void **state)
{
	static uint8_t sent[1024];
	uint8_t first[TURN_REPLY];
	size_t n, sent_n;

	(void)state;
	r.policy.nonce_lifetime = 60;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	n = r.out.data.n;
	memcpy(first, r.out.data.p, n);
	sent_n = build_end(&r.b);
	memcpy(sent, r.wire, sent_n);
	assert_int_equal(rig_packet(&r, &c.flow, bytes_view(sent, sent_n)), TURN_TO_CLIENT);
	assert_int_equal(r.out.data.n, n);
	assert_memory_equal(r.out.data.p, first, n);
	rig_wait(&r, 100); /* its nonce is old by now */
	assert_int_equal(rig_packet(&r, &c.flow, bytes_view(sent, sent_n)), TURN_TO_CLIENT);
	assert_memory_equal(r.out.data.p, first, n);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS_CREATED), 1);

	assert_int_equal(rig_allocate(&r, &c, AF_INET), 437);
	/* the same transaction id, but somebody else's */
	struct rig_client bob;
	rig_client(&r, &bob, 1, "bob");
	bob.requests = c.requests - 3;
	for (int i = 0; i < 4; i++)
		assert_int_equal(rig_allocate(&r, &bob, AF_INET), 437);
	assert_int_equal(r.io.total, 1);
	/* the same id after its end makes a new one */
	assert_int_equal(rig_refresh(&r, &c, 0), 0);
	memcpy(r.wire, sent, sent_n);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
}

/* T-266 */
static void
barred_clients(void **state)
{
	(void)state;
	rig_start(&r);
	rig_client(&r, &c, 1, "alice");
	c.flow.client = rig_addr("[2001::1]:5000");
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 403);
	assert_int_equal(r.io.total, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lifetimes),
		cmocka_unit_test_setup_teardown(granted, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(unserved, setup, teardown),
		cmocka_unit_test_setup_teardown(families, setup, teardown),
		cmocka_unit_test_setup_teardown(even_port, setup, teardown),
		cmocka_unit_test_setup_teardown(again, setup, teardown),
		cmocka_unit_test_setup_teardown(barred_clients, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
