/* tools/natload_hist: every value is found again within 1.6 %, wherever it lies. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/natload_hist.h"

static struct hist h;

static void
empty_has_no_percentile(void **state)
{
	(void)state;
	natload_hist_clear(&h);
	assert_int_equal(natload_hist_at(&h, 0.5), 0);
	assert_true(natload_hist_mean(&h) == 0.0);
}

static void
one_value_is_all_percentiles(void **state)
{
	(void)state;
	natload_hist_clear(&h);
	natload_hist_add(&h, 123456, 3);
	assert_int_equal(natload_hist_at(&h, 0.0), 123456);
	assert_int_equal(natload_hist_at(&h, 0.5), 123456);
	assert_int_equal(natload_hist_at(&h, 1.0), 123456);
	assert_int_equal(h.n, 3);
	assert_int_equal(h.min, 123456);
}

static void
small_values_are_exact(void **state)
{
	(void)state;
	natload_hist_clear(&h);
	for (uint64_t v = 0; v < 128; v++)
		natload_hist_add(&h, v, 1);
	for (unsigned v = 0; v < 128; v++)
		assert_int_equal(natload_hist_at(&h, (v + 1) / 128.0), v);
}

static void
every_magnitude_within_its_bucket(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 64; bits++) {
		for (uint64_t part = 0; part < 8; part++) {
			uint64_t one = (uint64_t)1 << bits;
			uint64_t v = one + (bits > 3 ? part * (one / 8) : 0);
			natload_hist_clear(&h);
			natload_hist_add(&h, v, 1);
			natload_hist_add(&h, UINT64_MAX, 1);
			uint64_t found = natload_hist_at(&h, 0.5);
			assert_true(found >= v);
			assert_true(found - v <= v / 64);
		}
	}
}

static void
percentiles_of_a_ramp(void **state)
{
	(void)state;
	natload_hist_clear(&h);
	for (uint64_t v = 1; v <= 100000; v++)
		natload_hist_add(&h, v * 10, 1);
	uint64_t p50 = natload_hist_at(&h, 0.5), p99 = natload_hist_at(&h, 0.99);
	assert_in_range(p50, 500000, 508000);
	assert_in_range(p99, 990000, 1000000);
	assert_int_equal(natload_hist_at(&h, 1.0), 1000000);
	assert_true(natload_hist_mean(&h) > 500004.0 && natload_hist_mean(&h) < 500006.0);
}

static void
nothing_added_nothing_counted(void **state)
{
	(void)state;
	natload_hist_clear(&h);
	natload_hist_add(&h, 77, 0);
	assert_int_equal(h.n, 0);
	assert_int_equal(h.max, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_has_no_percentile),
		cmocka_unit_test(one_value_is_all_percentiles),
		cmocka_unit_test(small_values_are_exact),
		cmocka_unit_test(every_magnitude_within_its_bucket),
		cmocka_unit_test(percentiles_of_a_ramp),
		cmocka_unit_test(nothing_added_nothing_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
