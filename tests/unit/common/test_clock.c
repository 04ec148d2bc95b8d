/* common/clock.h */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include "common/clock.h"

static void
time_goes_forward_in_the_right_unit(void **state)
{
	(void)state;
	const struct timespec nap = {.tv_nsec = 20000000};
	struct instant before = clock_now();
	uint64_t nsec = clock_nsec();

	assert_int_equal(nanosleep(&nap, NULL), 0);
	nsec = clock_nsec() - nsec;
	struct instant after = clock_now();
	assert_in_range(after.mono - before.mono, 19, 10000);
	assert_in_range(nsec, 20000000, 10000000000);
	assert_in_range(after.unix_s - before.unix_s, 0, 10);
}

/* It goes on during suspend, as allocations do for their peers. */
static void
deadlines_are_milliseconds_since_boot(void **state)
{
	(void)state;
	struct timespec boot;

	assert_int_equal(clock_gettime(CLOCK_BOOTTIME, &boot), 0);
	msec ms = (msec)boot.tv_sec * 1000 + (msec)boot.tv_nsec / 1000000;
	assert_in_range(clock_now().mono, ms, ms + 5000);
}

static void
wall_time_is_unix_time(void **state)
{
	(void)state;
	int64_t now = time(NULL), usec = clock_wall_usec();

	assert_in_range(usec / 1000000, now, now + 5);
	assert_in_range(clock_now().unix_s, now, now + 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_goes_forward_in_the_right_unit),
		cmocka_unit_test(deadlines_are_milliseconds_since_boot),
		cmocka_unit_test(wall_time_is_unix_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
