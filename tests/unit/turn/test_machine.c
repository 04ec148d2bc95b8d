/* turn/machine.c and machine.h: transaction ids, counters, events. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../lib/rig.h"
#include "turn/machine.h"

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

/* Every byte of randomness is used once, and fetched in bulk. */
static void
tids(void **state)
{
	enum { PER_FETCH = MACHINE_TIDS / STUN_TID, MANY = 3 * PER_FETCH };
	uint8_t seen[MANY][STUN_TID];
	uint64_t randoms;

	(void)state;
	rig_start(&r);
	randoms = r.io.randoms;
	for (int i = 0; i < MANY; i++) {
		memcpy(seen[i], machine_tid(r.turn), STUN_TID);
		for (int k = 0; k < i; k++)
			assert_memory_not_equal(seen[i], seen[k], STUN_TID);
	}
	assert_int_equal(r.io.randoms - randoms, 3);
}

static void
counting(void **state)
{
	(void)state;
	rig_start(&r);
	machine_count(r.turn, TURN_PEER_BYTES, 5);
	machine_count(r.turn, TURN_PEER_BYTES, 7);
	machine_count(r.turn, TURN_PEER_PACKETS, UINT64_MAX); /* one fewer */
	machine_count(r.turn, TURN_PEER_PACKETS, 1);
	assert_int_equal(rig_count(&r, TURN_PEER_BYTES), 12);
	assert_int_equal(rig_count(&r, TURN_PEER_PACKETS), 0);
	assert_int_equal(machine_drop(r.turn, TURN_DROPPED_SOURCE), TURN_DROP);
	assert_int_equal(rig_count(&r, TURN_DROPPED_SOURCE), 1);
}

/* A world that does not want events need not take them. */
static void
no_listener(void **state)
{
	(void)state;
	rig_start(&r);
	machine_event(r.turn, &(struct turn_event){.kind = TURN_EVENT_REFRESHED});
	assert_int_equal(r.io.counted[TURN_EVENT_REFRESHED], 1);
	r.io.io.event = NULL;
	machine_event(r.turn, &(struct turn_event){.kind = TURN_EVENT_REFRESHED});
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_int_equal(rig_refresh(&r, &c, 0), 0);
	assert_int_equal(r.io.counted[TURN_EVENT_REFRESHED], 1);
	assert_int_equal(r.io.counted[TURN_EVENT_CREATED], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tids, setup, teardown),
		cmocka_unit_test_setup_teardown(counting, setup, teardown),
		cmocka_unit_test_setup_teardown(no_listener, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
