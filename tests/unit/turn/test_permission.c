/* turn/permission.c: permissions and CreatePermission (RFC 8656, 9 and 10). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../lib/rig.h"
#include "turn/permission.h"

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

static struct alloc *
start(void)
{
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	return alloc_find(r.turn, &c.flow);
}

static union addr
peer(unsigned i)
{
	uint8_t ip[4] = {8, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};

	return addr_make(bytes_view(ip, 4), 5000);
}

static void
ip_keys(void **state)
{
	static const uint8_t v4[16] = {[10] = 0xff, [11] = 0xff, [12] = 8, [15] = 1};
	uint8_t ip[16];
	union addr a = peer(1), b = rig_addr("2a00::1");

	(void)state;
	permission_ip(&a, ip);
	assert_memory_equal(ip, v4, 16);
	permission_ip(&b, ip);
	assert_memory_equal(ip, addr_ip(&b).p, 16);
}

/* T-136: five minutes, for the IP whatever the port. */
static void
lifetime(void **state)
{
	struct alloc *a = start();
	union addr p = peer(1), other = peer(1);

	(void)state;
	assert_null(permission_find(a, &p));
	assert_int_equal(rig_permit(&r, &c, &p, 1), 0);
	addr_set_port(&other, 9);
	assert_true(permission_holds(permission_find(a, &other), r.now.mono));
	rig_wait(&r, 299);
	assert_true(permission_holds(permission_find(a, &p), r.now.mono));
	assert_int_equal(rig_permit(&r, &c, &p, 1), 0);
	rig_wait(&r, 299);
	assert_true(permission_holds(permission_find(a, &p), r.now.mono));
	r.now.mono += 1000;
	assert_false(permission_holds(permission_find(a, &p), r.now.mono));
	assert_int_equal(permission_count(a, r.now.mono), 0);
	assert_false(permission_holds(NULL, r.now.mono));
}

/* A10: all or nothing. */
static void
all_or_nothing(void **state)
{
	union addr list[] = {peer(1), peer(2), rig_addr("10.0.0.1"), peer(3)};
	struct alloc *a;

	(void)state;
	assert_null(peers_add(r.peers, PEERS_DENY, "10.0.0.0/8"));
	a = start();
	assert_int_equal(rig_permit(&r, &c, list, 4), 403);
	assert_int_equal(a->permissions_n, 0);
	list[2] = rig_addr("2a00::1");
	assert_int_equal(rig_permit(&r, &c, list, 4), 443);
	assert_int_equal(a->permissions_n, 0);
	rig_begin(&r, &c, METHOD_CREATE_PERMISSION);
	assert_int_equal(rig_ask(&r, &c), 400);
	rig_begin(&r, &c, METHOD_CREATE_PERMISSION);
	build_addr(&r.b, ATTR_XOR_PEER_ADDRESS, &list[0]);
	build_bytes(&r.b, ATTR_XOR_PEER_ADDRESS, bytes_view("\0\3\0\0\0\0\0\0", 8));
	assert_int_equal(rig_ask(&r, &c), 400);
	rig_begin(&r, &c, METHOD_CREATE_PERMISSION); /* malformed goes before forbidden */
	list[2] = rig_addr("10.0.0.1");
	build_addr(&r.b, ATTR_XOR_PEER_ADDRESS, &list[2]);
	build_bytes(&r.b, ATTR_XOR_PEER_ADDRESS, bytes_view("\0\1\0\0", 4));
	assert_int_equal(rig_ask(&r, &c), 400);
	assert_int_equal(a->permissions_n, 0);
	list[2] = peer(1); /* twice the same is once */
	assert_int_equal(rig_permit(&r, &c, list, 4), 0);
	assert_int_equal(a->permissions_n, 3);
}

/* Security D7 */
static void
cap(void **state)
{
	union addr list[5];
	struct alloc *a;

	(void)state;
	r.policy.permissions_max = 4;
	a = start();
	for (unsigned i = 0; i < 5; i++)
		list[i] = peer(i);
	assert_int_equal(rig_permit(&r, &c, list, 5), 508);
	assert_int_equal(a->permissions_n, 0);
	assert_int_equal(rig_permit(&r, &c, list, 4), 0);
	rig_wait(&r, 100);
	assert_int_equal(rig_permit(&r, &c, list + 4, 1), 508);
	assert_int_equal(r.io.events[r.io.events_n - 1].reason, TURN_REASON_LIMIT_PERMISSIONS);
	assert_int_equal(rig_permit(&r, &c, list, 2), 0); /* those that are there go on */
	assert_int_equal(permission_count(a, r.now.mono), 4);
	rig_wait(&r, 201); /* two of them are over */
	assert_int_equal(rig_permit(&r, &c, list + 4, 1), 0);
	assert_int_equal(permission_count(a, r.now.mono), 3);
}

/* An expired permission that a channel holds in place is no permission, also after a refusal. */
static void
cap_and_channels(void **state)
{
	union addr list[] = {peer(1), peer(2), peer(3)};
	struct alloc *a;

	(void)state;
	r.policy.permissions_max = 2;
	a = start();
	assert_int_equal(rig_bind(&r, &c, 0x4000, &list[0]), 0);
	rig_wait(&r, 400);
	assert_int_equal(permission_count(a, r.now.mono), 0);
	assert_int_equal(rig_permit(&r, &c, list, 3), 508);
	assert_int_equal(permission_count(a, r.now.mono), 0);
	assert_int_equal(rig_permit(&r, &c, list + 1, 2), 0);
	assert_int_equal(rig_permit(&r, &c, list, 1), 508);
	assert_int_equal(permission_count(a, r.now.mono), 2);
}

static void
no_cap(void **state)
{
	enum { MANY = 3000, AT_ONCE = 100 };
	union addr list[AT_ONCE];
	struct alloc *a;

	(void)state;
	r.policy.permissions_max = 0;
	r.careless = true;
	a = start();
	for (unsigned i = 0; i < MANY; i += AT_ONCE) {
		for (unsigned k = 0; k < AT_ONCE; k++) /* in an order that is none */
			list[k] = peer((i + k) * 7919 % MANY);
		assert_int_equal(rig_permit(&r, &c, list, AT_ONCE), 0);
	}
	assert_null(turn_invariant(r.turn, r.now));
	assert_int_equal(permission_count(a, r.now.mono), MANY);
	for (unsigned i = 0; i < MANY; i++) {
		union addr p = peer(i), absent = peer(MANY + i);

		assert_true(permission_holds(permission_find(a, &p), r.now.mono));
		assert_null(permission_find(a, &absent));
		assert_true(permission_holds(permission_find(a, &p), r.now.mono));
	}
	rig_wait(&r, 200);
	list[0] = peer(5);
	assert_int_equal(rig_permit(&r, &c, list, 1), 0);
	rig_wait(&r, 150);
	permission_sweep(a, r.now.mono);
	assert_int_equal(a->permissions_n, 1);
	assert_non_null(permission_find(a, &list[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ip_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(lifetime, setup, teardown),
		cmocka_unit_test_setup_teardown(all_or_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(cap, setup, teardown),
		cmocka_unit_test_setup_teardown(cap_and_channels, setup, teardown),
		cmocka_unit_test_setup_teardown(no_cap, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
