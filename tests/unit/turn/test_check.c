/* turn/check.c: the watchman must see: each thing broken by hand is found, and only then. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../lib/rig.h"
#include "turn/alloc.h"
#include "turn/check.h"

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
sees(const char *what)
{
	assert_string_equal(check_machine(r.turn), what);
}

static void
fine(void)
{
	assert_null(check_machine(r.turn));
}

static void
watchman(void **state)
{
	union addr p = rig_addr("8.8.8.8:5"), q = rig_addr("8.8.8.9:5"), s = rig_addr("8.8.8.8:6");
	struct rig_client other;
	struct alloc *a;

	(void)state;
	r.careless = true;
	rig_start(&r);
	fine();
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &p), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4001, &q), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4002, &s), 0);
	a = alloc_find(r.turn, &c.flow);
	fine();

	a->permissions_n = 1;
	sees("channel in no chain");
	a->permissions_n = 2;
	struct permission first = a->permissions[0];
	a->permissions[0] = a->permissions[1];
	a->permissions[1] = first;
	sees("permissions out of order");
	a->permissions[1] = a->permissions[0];
	a->permissions[0] = first;
	a->permissions[1].channel = 0x4009;
	sees("chain leads to no channel");
	a->permissions[1].channel = 0x4000;
	sees("channel in a foreign chain");
	a->permissions[1].channel = 0;
	sees("channel in no chain");
	a->permissions[1].channel = 0x4001;
	a->channels[1].next = 0x4001;
	sees("chain runs in a circle");
	a->channels[1].next = 0;
	a->permissions_room = 1;
	sees("more permissions than room");
	a->permissions_room = 2;
	a->channels[0].number = 0x4001;
	sees("channels out of order");
	a->channels[0].number = 0x4000;
	r.policy.channels_max = 2;
	sees("more channels than allowed");
	r.policy.channels_max = 3;
	r.policy.permissions_max = 1;
	sees("more permissions than allowed");
	r.policy.permissions_max = 2;
	a->channels_room = 2;
	sees("more channels than room");
	a->channels_room = 4;
	a->channels[2].peer.sa.sa_family = AF_INET6;
	sees("channel to a foreign family");
	a->channels[2].peer.sa.sa_family = AF_INET;
	fine();

	a->expires++;
	sees("timer differs from the deadline");
	a->expires--;
	a->created += 1000000000;
	sees("allocation expires before its creation");
	a->created -= 1000000000;
	a->relay->alloc = NULL;
	sees("relay does not lead back to its allocation");
	a->relay->alloc = a;
	a->node.hash ^= 1;
	r.turn->memo[alloc_memo_slot(&c.flow)] = NULL;
	sees("allocation is not found by its five-tuple");
	a->node.hash ^= 1;
	a->key.n = 0;
	sees("allocation without a key");
	a->key.n = 32;
	r.turn->count[TURN_ALLOCATIONS]++;
	sees("counter of allocations is wrong");
	r.turn->count[TURN_ALLOCATIONS]--;
	r.turn->count[TURN_ALLOCATIONS_CLOSED]++;
	sees("allocations created and closed do not add up");
	r.turn->count[TURN_ALLOCATIONS_CLOSED]--;
	rig_client(&r, &other, 2, NULL);
	r.turn->memo[alloc_memo_slot(&other.flow)] = a;
	sees("memo leads astray");
	r.turn->memo[alloc_memo_slot(&other.flow)] = NULL;
	fine();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(watchman, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
