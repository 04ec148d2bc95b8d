/* tools/natload_lane: what is counted as sent, received, lost; windows and strangers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "tools/natload_lane.h"
#include "tools/natload_stamp.h"
#include "tools/natload_wire.h"

enum { SIZE = 64, BURST = 4, RUN = 7 };

static struct lanes l;
static struct meter meter;
static int sink;

/* Two lanes to a socket that keeps what comes. */
static int
lanes_open(void **state)
{
	uint8_t ip[4] = {127, 0, 0, 1};
	union addr local = addr_make(bytes_view(ip, 4), 0), at;

	(void)state;
	sink = natload_wire_open(&local, NULL);
	assert_true(sink >= 0);
	assert_int_equal(natload_wire_local(sink, &at), 0);
	assert_int_equal(natload_lane_init(&l, 2, SIZE, BURST), 0);
	for (unsigned i = 0; i < 2; i++) {
		l.v[i].fd = natload_wire_open(&local, &at);
		assert_true(l.v[i].fd >= 0);
		l.v[i].window = 8;
		l.v[i].to = 10 + i;
	}
	meter = (struct meter){.phase = METER_RUN, .begun_ns = 1};
	l.meter = &meter;
	l.run = RUN;
	return 0;
}

static int
lanes_close(void **state)
{
	(void)state;
	close(l.v[0].fd);
	close(l.v[1].fd);
	close(sink);
	natload_lane_fini(&l);
	return 0;
}

static void
arrive(uint32_t run, uint32_t lane, uint32_t seq)
{
	uint8_t payload[SIZE] = {0};
	struct stamp s = {.run = run, .lane = lane, .seq = seq, .size = SIZE, .at_ns = 100};

	natload_stamp_put(payload, &s);
	natload_lane_take(&l, 10 + lane, bytes_view(payload, sizeof payload), 5100);
}

static void
windows_limit_what_is_under_way(void **state)
{
	(void)state;
	assert_int_equal(natload_lane_send(&l, 100), 16);
	assert_int_equal(natload_lane_send(&l, 200), 0);
	for (uint32_t seq = 0; seq < 4; seq++)
		arrive(RUN, 1, seq);
	assert_int_equal(natload_lane_send(&l, 300), 4);
	assert_int_equal(l.sent, 20);
	assert_int_equal(l.received, 4);
	assert_int_equal(l.delivered, 4);
	assert_in_range(natload_hist_at(&l.hist, 0.5), 5000, 5080);
}

static void
gap_is_a_loss_and_frees_the_window(void **state)
{
	(void)state;
	natload_lane_send(&l, 100);
	arrive(RUN, 0, 7); /* 0..6 were lost */
	assert_int_equal(l.received, 1);
	assert_true(l.v[0].window < 8);
	assert_true(l.v[0].window >= BURST);
	assert_true(natload_lane_send(&l, 200) >= BURST);
	arrive(RUN, 0, 3); /* late after all */
	assert_int_equal(l.received, 2);
	assert_int_equal(l.v[0].seen, 8);
}

static void
stall_is_given_up(void **state)
{
	(void)state;
	assert_int_equal(natload_lane_send(&l, 100), 16);
	assert_int_equal(natload_lane_send(&l, 1000), 0);
	assert_int_equal(natload_lane_send(&l, 30 * 1000000), 16);
}

static void
strangers_are_not_counted(void **state)
{
	uint8_t junk[8] = {0};

	(void)state;
	arrive(RUN + 1, 0, 0);
	arrive(RUN, 2, 0);
	natload_lane_take(&l, 10, bytes_view(junk, sizeof junk), 1);
	natload_lane_take(&l, 10, BYTES_NONE, 1);
	assert_int_equal(l.strange, 4);
	assert_int_equal(l.received, 0);
}

static void
packets_that_went_astray_are_strange(void **state)
{
	uint8_t payload[SIZE] = {0};
	struct stamp s = {.run = RUN, .lane = 0, .size = SIZE};

	(void)state;
	natload_stamp_put(payload, &s);
	natload_lane_take(&l, 11, bytes_view(payload, SIZE), 1);
	assert_int_equal(l.strange, 1);
	assert_int_equal(l.received, 0);
}

static void
truncated_payload_is_strange(void **state)
{
	uint8_t payload[SIZE] = {0};
	struct stamp s = {.run = RUN, .lane = 0, .size = SIZE};

	(void)state;
	natload_stamp_put(payload, &s);
	natload_lane_take(&l, 10, bytes_view(payload, SIZE - 1), 1);
	assert_int_equal(l.strange, 1);
}

/* Prefix and padding surround each payload on the wire. */
static void
prefix_payload_padding(void **state)
{
	struct wire_in *in = natload_wire_new();
	const struct wire_got *got;
	struct stamp s;

	(void)state;
	assert_non_null(in);
	memcpy(l.v[0].prefix, "\x40\x00\x00\x40", 4);
	l.v[0].prefix_n = 4;
	l.v[0].pad = 3;
	l.v[1].window = 0;
	assert_int_equal(natload_lane_send(&l, 100), 8);
	assert_true(natload_wire_receive(in, sink, &got) > 0);
	assert_int_equal(got[0].size, 4 + SIZE + 3);
	assert_memory_equal(got[0].p, "\x40\x00\x00\x40", 4);
	assert_true(natload_stamp_get(bytes_view(got[0].p + 4, SIZE), &s));
	assert_int_equal(s.run, RUN);
	assert_memory_equal(got[0].p + 4 + SIZE, "\0\0\0", 3);
	natload_wire_free(in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(windows_limit_what_is_under_way, lanes_open, lanes_close),
		cmocka_unit_test_setup_teardown(gap_is_a_loss_and_frees_the_window, lanes_open, lanes_close),
		cmocka_unit_test_setup_teardown(stall_is_given_up, lanes_open, lanes_close),
		cmocka_unit_test_setup_teardown(strangers_are_not_counted, lanes_open, lanes_close),
		cmocka_unit_test_setup_teardown(packets_that_went_astray_are_strange, lanes_open,
		                                lanes_close),
		cmocka_unit_test_setup_teardown(truncated_payload_is_strange, lanes_open, lanes_close),
		cmocka_unit_test_setup_teardown(prefix_payload_padding, lanes_open, lanes_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
