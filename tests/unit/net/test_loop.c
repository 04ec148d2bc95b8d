#include "net/loop.h"

#include "socks.h"

#include "common/clock.h"

struct seen {
	struct loop *loop;
	int fd[2];
	unsigned ready, after, wakes;
	msec woke;
};

static void
on_ready(void *ctx)
{
	struct seen *s = ctx;
	char c;

	assert_int_equal(read(s->fd[0], &c, 1), 1);
	if (++s->ready == 3)
		loop_stop(s->loop);
}

static void
on_after(void *ctx)
{
	struct seen *s = ctx;

	s->after++;
}

/* Level-triggered: what one call leaves unread comes again; `after` follows every round. */
static void
test_watch(void **state)
{
	struct seen s = {0};
	struct loop_watch w = {0};

	(void)state;
	assert_int_equal(pipe(s.fd), 0);
	s.loop = loop_new(on_after, &s);
	assert_int_equal(loop_watch(s.loop, &w, s.fd[0], on_ready, &s), 0);
	assert_int_equal(write(s.fd[1], "abc", 3), 3);
	loop_run(s.loop);
	assert_int_equal(s.ready, 3);
	assert_int_equal(s.after, 3);
	loop_unwatch(&w);
	loop_unwatch(&w); /* harmless */
	loop_free(s.loop);
	loop_free(NULL);
	close(s.fd[0]);
	close(s.fd[1]);
}

static void
on_wake(void *ctx)
{
	struct seen *s = ctx;

	s->wakes++;
	s->woke = clock_now().mono;
	loop_stop(s->loop);
}

static void
test_timer(void **state)
{
	struct seen s = {0};
	msec start = clock_now().mono;

	(void)state;
	s.loop = loop_new(NULL, NULL);
	assert_int_equal(loop_timer_init(s.loop, on_wake, &s), 0);
	loop_timer_set(s.loop, 60000);
	loop_timer_set(s.loop, 20); /* replaces */
	loop_run(s.loop);
	assert_int_equal(s.wakes, 1);
	assert_in_range(s.woke - start, 19, 5000);
	loop_free(s.loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_watch), cmocka_unit_test(test_timer)};

	return cmocka_run_group_tests_name("net/loop", tests, NULL, NULL);
}
