/* common/wheel.h: never early, in order, cheap whatever the number of deadlines (security D8). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "common/wheel.h"

static uint64_t
next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005 + 1442695040888963407;
	return *seed >> 11 ^ *seed << 40;
}

/* The oracle: all timers in an array; the next one is found by looking at each. */
struct model_timer {
	struct timer timer;
	msec at;        /* MSEC_NEVER when not set */
	uint64_t order; /* of insertion */
};

enum { TIMERS = 200 };

struct model {
	struct wheel wheel;
	struct model_timer timers[TIMERS];
	msec now;
	uint64_t order, seed;
};

static struct model_timer *
earliest(struct model *m)
{
	struct model_timer *best = NULL;

	for (unsigned i = 0; i < TIMERS; i++) {
		struct model_timer *t = &m->timers[i];
		if (t->at == MSEC_NEVER)
			continue;
		if (best == NULL || t->at < best->at ||
		    (t->at == best->at && t->order < best->order))
			best = t;
	}
	return best;
}

static void
model_init(struct model *m, msec now, uint64_t seed)
{
	m->now = now;
	m->seed = seed;
	m->order = 0;
	wheel_init(&m->wheel, now);
	for (unsigned i = 0; i < TIMERS; i++) {
		timer_init(&m->timers[i].timer);
		m->timers[i].at = MSEC_NEVER;
	}
}

/* Sets or cancels a random timer; spans from "now" to years, some in the past, many ties. */
static void
model_change(struct model *m)
{
	struct model_timer *t = &m->timers[next_random(&m->seed) % TIMERS];
	unsigned bits = (unsigned)(next_random(&m->seed) % 44);
	msec span = next_random(&m->seed) & (((msec)1 << bits) - 1);
	msec at = m->now + span;

	switch (next_random(&m->seed) % 8) {
	case 0:
		wheel_cancel(&m->wheel, &t->timer);
		t->at = MSEC_NEVER;
		return;
	case 1:
		at = m->now < span ? 0 : m->now - span;
		break;
	case 2:
		at |= 0xfff; /* ties */
		break;
	default:
		break;
	}
	wheel_set(&m->wheel, &t->timer, at);
	assert_true(t->timer.at == at);
	t->at = at < m->now ? m->now : at; /* the past is due now */
	t->order = m->order++;
}

/* Moves time and compares everything that falls due. */
static void
model_advance(struct model *m, msec now)
{
	struct timer *t;

	m->now = now;
	while ((t = wheel_pop(&m->wheel, now)) != NULL) {
		struct model_timer *due = earliest(m);
		assert_non_null(due);
		assert_ptr_equal(t, &due->timer);
		assert_true(due->at <= now);
		assert_true(t->at == MSEC_NEVER);
		assert_true(list_empty(&t->link));
		due->at = MSEC_NEVER;
	}
	struct model_timer *next = earliest(m);
	assert_true(next == NULL || next->at > now);
}

static void
check_next(struct model *m)
{
	struct model_timer *next = earliest(m);
	msec told = wheel_next(&m->wheel);

	if (next == NULL)
		assert_true(told == MSEC_NEVER);
	else
		assert_true(told <= next->at);
}

static void
run_model(msec start, uint64_t seed)
{
	static struct model m;

	model_init(&m, start, seed);
	for (unsigned step = 0; step < 3000; step++) {
		for (uint64_t n = next_random(&m.seed) % 8; n > 0; n--)
			model_change(&m);
		check_next(&m);
		msec to = m.now + (next_random(&m.seed) &
		                   (((msec)1 << (next_random(&m.seed) % 42)) - 1));
		if (next_random(&m.seed) % 4 == 0 && wheel_next(&m.wheel) != MSEC_NEVER)
			to = wheel_next(&m.wheel); /* as a loop does that sleeps until then */
		model_advance(&m, to < m.now ? m.now : to);
		check_next(&m);
	}
}

static void
agrees_with_a_sorted_list(void **state)
{
	(void)state;
	static const msec starts[] = {0, 1, 63, 64, 4095, 1785000000000, ((msec)1 << 36) - 5};

	for (unsigned i = 0; i < sizeof starts / sizeof *starts; i++)
		run_model(starts[i], 1000 + i);
}

/* Sleeping until wheel_next() and popping must come to an end, in few steps. */
static void
next_leads_to_the_deadline_in_few_steps(void **state)
{
	(void)state;
	static const msec deadlines[] = {1, 63, 64, 65, 600000, 3600000, 86400000, 99999999999,
	                                 (msec)1 << 62, MSEC_NEVER - 1};

	for (unsigned i = 0; i < sizeof deadlines / sizeof *deadlines; i++) {
		struct wheel w;
		struct timer t;
		unsigned steps = 0;

		wheel_init(&w, 0);
		timer_init(&t);
		wheel_set(&w, &t, deadlines[i]);
		for (;;) {
			msec at = wheel_next(&w);
			assert_true(at <= deadlines[i]);
			steps++;
			if (wheel_pop(&w, at) != NULL) {
				assert_true(at == deadlines[i]);
				break;
			}
		}
		assert_true(steps <= WHEEL_LEVELS);
		assert_true(wheel_next(&w) == MSEC_NEVER);
	}
}

static void
setting_again_replaces_and_cancelling_is_harmless(void **state)
{
	(void)state;
	struct wheel w;
	struct timer t;

	wheel_init(&w, 1000);
	timer_init(&t);
	wheel_cancel(&w, &t);
	wheel_set(&w, &t, 5000);
	wheel_set(&w, &t, 2000);
	wheel_set(&w, &t, 9000);
	assert_null(wheel_pop(&w, 8999));
	assert_ptr_equal(wheel_pop(&w, 9000), &t);
	assert_null(wheel_pop(&w, 100000));
	wheel_set(&w, &t, 200000);
	wheel_cancel(&w, &t);
	wheel_cancel(&w, &t);
	assert_true(wheel_next(&w) == MSEC_NEVER);
	wheel_set(&w, &t, MSEC_NEVER);
	assert_true(wheel_next(&w) == MSEC_NEVER);
	assert_null(wheel_pop(&w, MSEC_NEVER - 1));
}

static void
a_clock_that_stands_or_goes_back_is_no_harm(void **state)
{
	(void)state;
	struct wheel w;
	struct timer a, b;

	wheel_init(&w, 1000);
	timer_init(&a);
	timer_init(&b);
	assert_null(wheel_pop(&w, 2000));
	wheel_set(&w, &a, 1500);
	wheel_set(&w, &b, 2001);
	assert_ptr_equal(wheel_pop(&w, 500), &a);
	assert_null(wheel_pop(&w, 500));
	assert_null(wheel_pop(&w, 2000));
	assert_ptr_equal(wheel_pop(&w, 2001), &b);
}

/* A visitor may set and cancel others while it is handed a due timer. */
static void
timers_may_change_between_pops(void **state)
{
	(void)state;
	struct wheel w;
	struct timer t[3];

	wheel_init(&w, 0);
	for (unsigned i = 0; i < 3; i++) {
		timer_init(&t[i]);
		wheel_set(&w, &t[i], 100);
	}
	assert_ptr_equal(wheel_pop(&w, 200), &t[0]);
	wheel_cancel(&w, &t[1]);
	wheel_set(&w, &t[0], 50); /* due at once, behind what is due already */
	assert_ptr_equal(wheel_pop(&w, 200), &t[2]);
	assert_ptr_equal(wheel_pop(&w, 200), &t[0]);
	assert_null(wheel_pop(&w, 200));
}

/*
 * A hundred thousand deadlines an hour ahead, set anew again and again as refreshes do, then
 * jumps of a year. Were any of this linear in the timers or the milliseconds, it would take hours.
 */
static void
many_timers_and_long_jumps_are_cheap(void **state)
{
	(void)state;
	enum { N = 100000 };
	struct timer *timers = calloc(N, sizeof *timers);
	uint64_t seed = 5;
	struct wheel w;
	msec now = 77, last = 0;

	assert_non_null(timers);
	wheel_init(&w, now);
	for (unsigned i = 0; i < N; i++)
		timer_init(&timers[i]);
	for (unsigned round = 0; round < 5; round++, now += 60000) {
		assert_null(wheel_pop(&w, now));
		for (unsigned i = 0; i < N; i++)
			wheel_set(&w, &timers[i], now + 3600000 + next_random(&seed) % 10000);
	}
	for (unsigned i = 0; i < N; i++) {
		struct timer *t;
		msec at = wheel_next(&w);
		while ((t = wheel_pop(&w, at)) == NULL)
			at = wheel_next(&w);
		assert_true(at >= last && at >= now - 60000 + 3600000);
		last = at;
	}
	assert_true(wheel_next(&w) == MSEC_NEVER);
	for (unsigned i = 0; i < N; i++) /* empty years */
		assert_null(wheel_pop(&w, last += 31536000000));
	free(timers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_sorted_list),
		cmocka_unit_test(next_leads_to_the_deadline_in_few_steps),
		cmocka_unit_test(setting_again_replaces_and_cancelling_is_harmless),
		cmocka_unit_test(a_clock_that_stands_or_goes_back_is_no_harm),
		cmocka_unit_test(timers_may_change_between_pops),
		cmocka_unit_test(many_timers_and_long_jumps_are_cheap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
