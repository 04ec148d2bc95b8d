/* tools/natload_meter and natload_pace: spans and schedules. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/natload_meter.h"
#include "tools/natload_pace.h"

#define MS UINT64_C(1000000)

static void
phases_follow_each_other(void **state)
{
	struct meter m;

	(void)state;
	natload_meter_init(&m, 0, 1000 * MS, 100, 500);
	assert_int_equal(natload_meter_turn(&m, 1050 * MS, true), METER_WARM);
	assert_int_equal(natload_meter_turn(&m, 1101 * MS, true), METER_RUN);
	assert_int_equal(natload_meter_turn(&m, 1201 * MS, true), METER_RUN);
	assert_int_equal(natload_meter_turn(&m, 1401 * MS, false), METER_RUN);
	assert_int_equal(natload_meter_turn(&m, 1601 * MS, true), METER_DRAIN);
	assert_int_equal(natload_meter_turn(&m, 1905 * MS, false), METER_OVER);
	assert_true(natload_meter_seconds(&m) == 0.5);
	assert_int_equal(m.busy_ns, 300 * MS); /* the idle 200 ms do not count */
}

/* An open loop owes what was due while it was held up, and when it was due. */
static void
pace_forgets_nothing(void **state)
{
	struct pace p = natload_pace_from(5 * MS, 1000.0);

	(void)state;
	assert_int_equal(natload_pace_due(&p, 4 * MS), 0);
	assert_int_equal(natload_pace_due(&p, 5 * MS), 1);
	assert_int_equal(natload_pace_next(&p), 5 * MS);
	assert_int_equal(natload_pace_due(&p, 5 * MS), 0);
	assert_int_equal(natload_pace_due(&p, 15 * MS), 10);
	assert_int_equal(natload_pace_next(&p), 6 * MS);
	assert_int_equal(natload_pace_next(&p), 7 * MS);
	assert_int_equal(natload_pace_due(&p, 15 * MS), 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phases_follow_each_other),
		cmocka_unit_test(pace_forgets_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
