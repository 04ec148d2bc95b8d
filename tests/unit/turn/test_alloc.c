/* turn/alloc.c: one allocation from its making to its end (security R8, D11). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../lib/rig.h"
#include "turn/alloc.h"

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


static const char name[] = "1800000000:alice";
static const struct key key = {.n = 16, .b = {1}};
static const uint8_t tid[STUN_TID] = "twelve bytes";

static unsigned
open_it(const struct flow *flow, struct alloc **into)
{
	struct alloc_want want = {.relay = {.family = AF_INET, .flow = flow},
	                          .lifetime = 600,
	                          .user = bytes_text(name),
	                          .quota = bytes_text(name + 11),
	                          .credential_expiry = 1800000000,
	                          .key = &key,
	                          .algorithm = KEY_MD5,
	                          .tid = tid};
	*into = NULL;
	return alloc_open(r.turn, &want, into);
}

static void
life(void **state)
{
	struct alloc *a;
	struct relay *relay;

	(void)state;
	rig_start(&r);
	assert_null(alloc_find(r.turn, &c.flow));
	assert_int_equal(open_it(&c.flow, &a), 0);
	assert_ptr_equal(alloc_find(r.turn, &c.flow), a);
	assert_ptr_equal(a->relay->alloc, a);
	assert_int_equal(a->expires, r.now.mono + 600000);
	assert_int_equal(a->created, r.now.mono);
	assert_memory_equal(alloc_user(a).p, name, sizeof name - 1);
	assert_int_equal(alloc_quota(a).n, 5);
	assert_memory_equal(alloc_quota(a).p, "alice", 5);
	assert_memory_equal(a->tid, tid, STUN_TID);
	assert_int_equal(a->credential_expiry, 1800000000);
	assert_int_equal(fake_io_used(&r.io, "alice"), 1);
	assert_int_equal(r.io.open, 1);
	assert_null(turn_invariant(r.turn, r.now));

	alloc_extend(a, 77);
	assert_int_equal(a->expires, r.now.mono + 77000);
	assert_int_equal(a->lifetime, 77);
	assert_int_equal(turn_tick(r.turn, r.now) <= r.now.mono + 77000, true);

	relay = a->relay;
	r.io.keep_closed = true;
	alloc_close(a, TURN_REASON_CLIENT);
	assert_null(relay->alloc);
	assert_null(alloc_find(r.turn, &c.flow));
	assert_int_equal(fake_io_used(&r.io, "alice"), 0);
	assert_int_equal(r.io.open, 0);
	assert_int_equal(r.io.events_n, 2);
	assert_int_equal(r.io.events[0].kind, TURN_EVENT_CREATED);
	assert_int_equal(r.io.events[1].kind, TURN_EVENT_CLOSED);
	assert_int_equal(r.io.events[1].reason, TURN_REASON_CLIENT);
	assert_string_equal(r.io.events[1].user, name);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS), 0);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS_CREATED), 1);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS_CLOSED), 1);
	assert_null(turn_invariant(r.turn, r.now));
}

/* Every part of the five-tuple counts, and nothing else. */
static void
five_tuple(void **state)
{
	struct flow other;
	struct alloc *a;

	(void)state;
	rig_start(&r);
	assert_int_equal(open_it(&c.flow, &a), 0);
	other = c.flow;
	other.socket = 99;
	assert_ptr_equal(alloc_find(r.turn, &other), a);
	addr_set_port(&other.client, (uint16_t)(addr_port(&other.client) + 1));
	assert_null(alloc_find(r.turn, &other));
	other = c.flow;
	addr_set_port(&other.local, 3479);
	assert_null(alloc_find(r.turn, &other));
	other = c.flow;
	other.local = rig_addr("192.0.2.3:3478");
	assert_null(alloc_find(r.turn, &other));
	other = c.flow;
	other.transport = FLOW_TCP;
	assert_null(alloc_find(r.turn, &other));
	other = c.flow;
	other.client = rig_addr("[2a00::1]:1025");
	assert_null(alloc_find(r.turn, &other));
}

/* Flows that share a memo's place, found in turns, closed and made anew. */
static void
memo(void **state)
{
	enum { FLOWS = 5 };
	struct alloc *a[FLOWS];
	struct rig_client cs[FLOWS];

	(void)state;
	rig_start(&r);
	for (unsigned i = 0; i < FLOWS; i++) {
		rig_client(&r, &cs[i], 7 + i * MACHINE_MEMO, NULL);
		assert_int_equal(alloc_memo_slot(&cs[i].flow), alloc_memo_slot(&cs[0].flow));
		assert_int_equal(open_it(&cs[i].flow, &a[i]), 0);
	}
	for (unsigned round = 0; round < 40; round++) {
		unsigned i = round * 3 % FLOWS;

		assert_ptr_equal(alloc_find(r.turn, &cs[i].flow), a[i]);
		assert_ptr_equal(alloc_find(r.turn, &cs[i].flow), a[i]);
		assert_null(turn_invariant(r.turn, r.now));
		if (round % 4 != 3)
			continue;
		alloc_close(a[i], TURN_REASON_CLIENT);
		assert_null(alloc_find(r.turn, &cs[i].flow));
		assert_int_equal(open_it(&cs[i].flow, &a[i]), 0);
	}
}

static void
refused_is(unsigned code, enum turn_reason reason)
{
	struct alloc *a;

	r.io.events_n = 0;
	assert_int_equal(open_it(&c.flow, &a), code);
	assert_null(a);
	assert_null(alloc_find(r.turn, &c.flow));
	assert_int_equal(r.io.total, 0);
	assert_int_equal(r.io.open, 0);
	assert_int_equal(r.io.events_n, reason == TURN_REASON_NONE ? 0 : 1);
	if (r.io.events_n > 0) {
		assert_int_equal(r.io.events[0].kind, TURN_EVENT_LIMIT_HIT);
		assert_int_equal(r.io.events[0].reason, reason);
		assert_string_equal(r.io.events[0].user, name);
	}
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS_CREATED), 0);
}

static unsigned
admit_not(void *ctx, struct bytes user)
{
	(void)user;
	return *(unsigned *)ctx;
}

static void
same_for_all(void *ctx, void *buf, size_t n)
{
	(void)ctx;
	memset(buf, 1, n);
}

static void
refused(void **state)
{
	struct turn_io io = r.io.io;
	unsigned code = 486;

	(void)state;
	rig_start(&r);
	r.io.ip[0].sa.sa_family = 0; /* nothing to relay IPv4 with */
	refused_is(440, TURN_REASON_NONE);
	r.io.ip[0].sa.sa_family = AF_INET;
	memset(r.io.port_used, true, sizeof r.io.port_used);
	refused_is(508, TURN_REASON_RELAY_PORTS);
	memset(r.io.port_used, false, sizeof r.io.port_used);

	/* the quota says no; nothing is released that was not taken */
	io.ctx = &code;
	io.admit = admit_not;
	io.random = same_for_all;
	io.event = NULL;
	io.release = NULL;
	io.relay_open = NULL;
	r.turn->io = &io;
	struct alloc *a;
	assert_int_equal(open_it(&c.flow, &a), 486);
	r.turn->io = &r.io.io;
	r.io.total_max = 1;
	r.io.total = 1;
	r.io.events_n = 0;
	assert_int_equal(open_it(&c.flow, &a), 508);
	assert_int_equal(r.io.events[0].reason, TURN_REASON_LIMIT_TOTAL);
	r.io.total = 0;
	assert_int_equal(open_it(&c.flow, &a), 0);
}

static void
user_quota(void **state)
{
	struct rig_client other;
	struct alloc *a;

	(void)state;
	rig_start(&r);
	rig_client(&r, &other, 2, NULL);
	r.io.user_max = 1;
	assert_int_equal(open_it(&c.flow, &a), 0);
	r.io.events_n = 0;
	assert_int_equal(open_it(&other.flow, &a), 486);
	assert_int_equal(r.io.events[0].kind, TURN_EVENT_LIMIT_HIT);
	assert_int_equal(r.io.events[0].reason, TURN_REASON_LIMIT_USER);
	alloc_close(alloc_find(r.turn, &c.flow), TURN_REASON_EXPIRED);
	assert_int_equal(open_it(&other.flow, &a), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(life, setup, teardown),
		cmocka_unit_test_setup_teardown(five_tuple, setup, teardown),
		cmocka_unit_test_setup_teardown(memo, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(user_quota, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
