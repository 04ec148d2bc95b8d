/* tools/natload_wire: bursts leave and arrive whole, with and without super-packets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "tools/natload_wire.h"

enum { SIZE = 100, COUNT = 35, BURST = 16 };

struct pair {
	int from, to;
	struct wire_in *in;
};

static int
pair_open(void **state)
{
	static struct pair p;
	uint8_t ip[4] = {127, 0, 0, 1};
	union addr local = addr_make(bytes_view(ip, 4), 0), at;

	p.to = natload_wire_open(&local, NULL);
	assert_true(p.to >= 0);
	assert_int_equal(natload_wire_local(p.to, &at), 0);
	p.from = natload_wire_open(&local, &at);
	assert_true(p.from >= 0);
	p.in = natload_wire_new();
	assert_non_null(p.in);
	*state = &p;
	return 0;
}

static int
pair_close(void **state)
{
	struct pair *p = *state;

	close(p->from);
	close(p->to);
	natload_wire_free(p->in);
	return 0;
}

/* Sends COUNT numbered packets and expects each of them once, in order, whole. */
static void
exchange(struct pair *p, unsigned burst, bool gso)
{
	static uint8_t packets[COUNT * SIZE];
	unsigned next = 0;

	for (unsigned i = 0; i < COUNT; i++)
		memset(packets + i * SIZE, (int)i, SIZE);
	struct wire_run run = {packets, SIZE, COUNT, burst};
	assert_int_equal(natload_wire_send(p->from, &run, &gso), COUNT);
	while (next < COUNT) {
		struct pollfd wait = {.fd = p->to, .events = POLLIN};
		const struct wire_got *got;
		assert_int_equal(poll(&wait, 1, 2000), 1);
		int n = natload_wire_receive(p->in, p->to, &got);
		assert_true(n > 0);
		for (int i = 0; i < n; i++) {
			assert_int_equal(got[i].size, SIZE);
			assert_int_equal(got[i].n % SIZE, 0);
			for (size_t k = 0; k < got[i].n; k += SIZE)
				assert_int_equal(got[i].p[k + SIZE - 1], next++);
		}
	}
	assert_int_equal(next, COUNT);
}

static void
single_packets(void **state)
{
	exchange(*state, 1, true);
}

static void
bursts_with_an_odd_end(void **state)
{
	exchange(*state, BURST, true);
}

static void
bursts_without_gso(void **state)
{
	exchange(*state, BURST, false);
}

/* What the kernel refuses to cut (64 KiB and more in one piece) leaves one by one, for good. */
static void
refused_bursts_fall_back(void **state)
{
	static uint8_t packets[60 * 1200];
	struct pair *p = *state;
	struct wire_run run = {packets, 1200, 60, 60};
	bool gso = true;

	assert_int_equal(natload_wire_send(p->from, &run, &gso), 60);
	assert_false(gso);
}

static void
nothing_there(void **state)
{
	struct pair *p = *state;
	const struct wire_got *got;

	assert_int_equal(natload_wire_receive(p->in, p->to, &got), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(single_packets, pair_open, pair_close),
		cmocka_unit_test_setup_teardown(bursts_with_an_odd_end, pair_open, pair_close),
		cmocka_unit_test_setup_teardown(bursts_without_gso, pair_open, pair_close),
		cmocka_unit_test_setup_teardown(refused_bursts_fall_back, pair_open, pair_close),
		cmocka_unit_test_setup_teardown(nothing_there, pair_open, pair_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
