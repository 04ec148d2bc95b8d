/* turn/turn.c: the outside of the machine. */
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
names(void **state)
{
	(void)state;
	assert_string_equal(turn_event_name(TURN_EVENT_CREATED), "allocation.created");
	assert_string_equal(turn_event_name(TURN_EVENT_PEER_DENIED), "peer.denied");
	assert_string_equal(turn_reason_name(TURN_REASON_EXPIRED), "expired");
	assert_string_equal(turn_reason_name(TURN_REASON_STALE_NONCE), "stale_nonce");
	assert_string_equal(turn_counter_name(TURN_ALLOCATIONS_CREATED), "allocations_created");
	for (int i = 0; i < TURN_EVENTS; i++)
		assert_non_null(turn_event_name((enum turn_event_kind)i));
	for (int i = 0; i < TURN_REASONS; i++)
		assert_non_null(turn_reason_name((enum turn_reason)i));
	for (int i = 0; i < TURN_COUNTERS; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(turn_counter_name((enum turn_counter)i),
			                        turn_counter_name((enum turn_counter)k));
}

static void
count_it(const struct alloc *a, void *ctx)
{
	struct turn_alloc_view v;
	unsigned *seen = ctx;

	turn_view(a, &v);
	seen[addr_port(&v.flow.client) - 1024]++;
}

/* turn_tick() ends what is over and nothing else, and says when to come again. */
static void
ticking(void **state)
{
	enum { CLIENTS = 40 };
	struct rig_client cs[CLIENTS];
	unsigned seen[CLIENTS] = {0};
	msec began;

	(void)state;
	rig_start(&r);
	began = r.now.mono;
	assert_int_equal(turn_tick(r.turn, r.now), MSEC_NEVER);
	for (unsigned i = 0; i < CLIENTS; i++) {
		rig_client(&r, &cs[i], i, i % 2 == 0 ? "alice" : "bob");
		assert_int_equal(rig_allocate(&r, &cs[i], i % 3 == 0 ? AF_INET6 : AF_INET), 0);
		r.now.mono += 1000;
	}
	turn_each(r.turn, count_it, seen);
	for (unsigned i = 0; i < CLIENTS; i++)
		assert_int_equal(seen[i], 1);
	assert_int_equal(fake_io_used(&r.io, "alice"), CLIENTS / 2);
	r.now.mono = began + 600000 - 1;
	assert_true(turn_tick(r.turn, r.now) <= began + 600000);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS), CLIENTS);
	for (unsigned i = 0; i < CLIENTS; i++) {
		r.now.mono = began + 600000 + i * 1000;
		msec next = turn_tick(r.turn, r.now);

		assert_int_equal(rig_count(&r, TURN_ALLOCATIONS), CLIENTS - 1 - i);
		assert_null(turn_invariant(r.turn, r.now));
		if (i == CLIENTS - 1)
			assert_int_equal(next, MSEC_NEVER);
		else
			assert_true(next > r.now.mono && next <= r.now.mono + 1000);
	}
	assert_int_equal(r.io.counted[TURN_EVENT_CLOSED], CLIENTS);
	assert_int_equal(r.io.events[r.io.events_n - 1].kind, TURN_EVENT_CLOSED);
	assert_int_equal(r.io.events[r.io.events_n - 1].reason, TURN_REASON_EXPIRED);
	assert_int_equal(r.io.total, 0);
	assert_int_equal(r.io.open, 0);
}

static void
view(void **state)
{
	union addr p = rig_addr("8.8.8.8:5"), q = rig_addr("8.8.8.9:5");
	struct turn_alloc_view v;
	const struct alloc *a;

	(void)state;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_int_equal(rig_permit(&r, &c, &p, 1), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &q), 0);
	rig_channel_data(&r, &c, 0x4000, bytes_text("12345"));
	rig_peer_data(&r, &c.relayed, &p, bytes_text("123"));
	a = fake_io_relay(&r.io, &c.relayed)->relay.alloc;
	turn_view(a, &v);
	assert_true(flow_equal(&v.flow, &c.flow));
	assert_true(bytes_equal(v.user, bytes_text("alice")));
	assert_true(addr_equal(&v.relayed, &c.relayed));
	assert_int_equal(v.created, r.now.mono);
	assert_int_equal(v.expires, r.now.mono + 600000);
	assert_int_equal(v.permissions, 2);
	assert_int_equal(v.channels, 1);
	assert_int_equal(v.client_packets, 1);
	assert_int_equal(v.client_bytes, 5);
	assert_int_equal(v.peer_packets, 1);
	assert_int_equal(v.peer_bytes, 3);
	rig_wait(&r, 400);
	turn_view(a, &v);
	assert_int_equal(v.permissions, 0);
	assert_int_equal(v.channels, 1);
}

/* Shutdown gives everything back and says so. */
static void
the_end(void **state)
{
	(void)state;
	rig_start(&r);
	for (unsigned i = 0; i < 30; i++) {
		rig_client(&r, &c, i, "alice");
		assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	}
	r.io.events_n = 0;
	turn_free(r.turn);
	r.turn = NULL;
	turn_free(NULL);
	assert_int_equal(r.io.total, 0);
	assert_int_equal(r.io.open, 0);
	assert_int_equal(r.io.events_n, 30);
	for (unsigned i = 0; i < 30; i++) {
		assert_int_equal(r.io.events[i].kind, TURN_EVENT_CLOSED);
		assert_int_equal(r.io.events[i].reason, TURN_REASON_SHUTDOWN);
	}
}

/* First bytes: which of the kinds of RFC 7983 go where. */
static void
first_byte(void **state)
{
	uint8_t packet[64] = {0};

	(void)state;
	rig_start(&r);
	for (unsigned b = 0; b < 256; b++) {
		uint64_t malformed = rig_count(&r, TURN_DROPPED_MALFORMED);
		uint64_t data = rig_count(&r, TURN_DROPPED_NO_ALLOCATION);
		bool channel = b >= 0x40 && b <= 0x4f;

		packet[0] = (uint8_t)b;
		assert_int_equal(rig_packet(&r, &c.flow, bytes_view(packet, sizeof packet)), TURN_DROP);
		assert_int_equal(rig_count(&r, TURN_DROPPED_NO_ALLOCATION) - data, channel);
		assert_int_equal(rig_count(&r, TURN_DROPPED_MALFORMED) - malformed, !channel);
	}
	r.policy.rfc5766_channels = true;
	packet[0] = 0x7f;
	rig_packet(&r, &c.flow, bytes_view(packet, sizeof packet));
	assert_int_equal(rig_count(&r, TURN_DROPPED_NO_ALLOCATION), 17);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test_setup_teardown(ticking, setup, teardown),
		cmocka_unit_test_setup_teardown(view, setup, teardown),
		cmocka_unit_test_setup_teardown(the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(first_byte, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
