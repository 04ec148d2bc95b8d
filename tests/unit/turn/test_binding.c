/* turn/binding.c: the Binding method (RFC 8489, 12; S-046 to S-049). */
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

static void
tells(const char *client)
{
	union addr mapped;

	c.flow.client = rig_addr(client);
	rig_begin(&r, &c, METHOD_BINDING);
	assert_int_equal(rig_send(&r, &c), 0);
	assert_true(parse_addr(&r.answer, ATTR_XOR_MAPPED_ADDRESS, &mapped));
	assert_true(addr_equal(&mapped, &c.flow.client));
	assert_false(parse_has(&r.answer, ATTR_MAPPED_ADDRESS));
	assert_false(parse_has(&r.answer, ATTR_LIFETIME));
	assert_false(parse_has(&r.answer, ATTR_XOR_RELAYED_ADDRESS));
}

static void
mapped(void **state)
{
	(void)state;
	rig_start(&r);
	tells("198.51.100.1:40001");
	tells("10.0.0.1:1");
	tells("[2a00:1450::3]:65535");
	tells("[2002::1]:5"); /* who may not relay may still ask */
	assert_int_equal(rig_count(&r, TURN_REQUESTS_BINDING), 4);
	assert_int_equal(r.io.events_n, 0);
}

/* It does not matter whether the five-tuple has an allocation, nor what else the request says. */
static void
beside_an_allocation(void **state)
{
	(void)state;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	rig_begin(&r, &c, METHOD_BINDING);
	build_u32(&r.b, ATTR_LIFETIME, 0);
	assert_int_equal(rig_send(&r, &c), 0);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(mapped, setup, teardown),
		cmocka_unit_test_setup_teardown(beside_an_allocation, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
