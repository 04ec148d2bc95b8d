/* turn/refresh.c: the Refresh method (RFC 8656, 8.2). */
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


static uint32_t
lifetime(void)
{
	uint32_t v;

	assert_true(parse_u32(&r.answer, ATTR_LIFETIME, &v));
	return v;
}

static void
prolongs(void **state)
{
	(void)state;
	rig_start(&r);
	assert_int_equal(rig_refresh(&r, &c, 600), 437);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	rig_wait(&r, 599);
	assert_int_equal(rig_refresh(&r, &c, 5000), 0);
	assert_int_equal(lifetime(), 3600);
	assert_true(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY_SHA256));
	assert_int_equal(r.io.counted[TURN_EVENT_REFRESHED], 1);
	assert_int_equal(rig_refresh(&r, &c, 1), 0); /* never below the default */
	assert_int_equal(lifetime(), 600);
	rig_wait(&r, 599);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS), 1);
	rig_begin(&r, &c, METHOD_REFRESH); /* without LIFETIME: the default */
	assert_int_equal(rig_ask(&r, &c), 0);
	assert_int_equal(lifetime(), 600);
	rig_wait(&r, 600);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS), 0);
	assert_int_equal(rig_refresh(&r, &c, 600), 437);
}

/* A Refresh one millisecond late finds the allocation gone, whether or not the timer ran. */
static void
too_late(void **state)
{
	(void)state;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	r.now.mono += 600000 - 1;
	assert_int_equal(rig_refresh(&r, &c, 600), 0);
	r.now.mono += 600000;
	assert_int_equal(rig_refresh(&r, &c, 600), 437);
	assert_int_equal(r.io.open, 0);
	assert_int_equal(r.io.total, 0);
}

static void
ends(void **state)
{
	(void)state;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_int_equal(rig_refresh(&r, &c, 0), 0);
	assert_int_equal(lifetime(), 0);
	assert_true(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY_SHA256)); /* its key is gone, its seal not */
	assert_int_equal(r.io.open, 0);
	assert_int_equal(r.io.total, 0);
	assert_int_equal(r.io.events[r.io.events_n - 1].kind, TURN_EVENT_CLOSED);
	assert_int_equal(r.io.events[r.io.events_n - 1].reason, TURN_REASON_CLIENT);
	assert_int_equal(rig_refresh(&r, &c, 0), 437);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
}

static void
refused(void **state)
{
	struct rig_client bob;

	(void)state;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	rig_client(&r, &bob, 1, "bob");
	assert_int_equal(rig_refresh(&r, &bob, 0), 441); /* T-129 */
	rig_begin(&r, &c, METHOD_REFRESH);
	build_u8(&r.b, ATTR_REQUESTED_ADDRESS_FAMILY, 2);
	build_u32(&r.b, ATTR_LIFETIME, 0);
	assert_int_equal(rig_ask(&r, &c), 443);
	rig_begin(&r, &c, METHOD_REFRESH);
	build_u8(&r.b, ATTR_REQUESTED_ADDRESS_FAMILY, 7);
	assert_int_equal(rig_ask(&r, &c), 443);
	rig_begin(&r, &c, METHOD_REFRESH);
	build_bytes(&r.b, ATTR_LIFETIME, BYTES_NONE);
	assert_int_equal(rig_ask(&r, &c), 400);
	rig_begin(&r, &c, METHOD_REFRESH);
	build_bytes(&r.b, ATTR_REQUESTED_ADDRESS_FAMILY, BYTES_NONE);
	assert_int_equal(rig_ask(&r, &c), 400);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS), 1);
	rig_begin(&r, &c, METHOD_REFRESH);
	build_u8(&r.b, ATTR_REQUESTED_ADDRESS_FAMILY, 1);
	assert_int_equal(rig_ask(&r, &c), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(prolongs, setup, teardown),
		cmocka_unit_test_setup_teardown(too_late, setup, teardown),
		cmocka_unit_test_setup_teardown(ends, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
