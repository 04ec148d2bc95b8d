#include "stats/line.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stats/cell.h"

static const struct line_value some[] = {{"one", 1}, {"big", UINT64_MAX}, {"zero", 0}};

static void
test_all_fit(void **state)
{
	char text[100];

	(void)state;
	assert_int_equal(line_print(some, 3, text, sizeof text), 3);
	assert_string_equal(text, "one=1 big=18446744073709551615 zero=0");
}

static void
test_the_rest_goes_on_the_next_line(void **state)
{
	char text[12];

	(void)state;
	assert_int_equal(line_print(some, 3, text, sizeof text), 1);
	assert_string_equal(text, "one=1");
	assert_int_equal(line_print(some + 2, 1, text, sizeof text), 1);
	assert_string_equal(text, "zero=0");
	assert_int_equal(line_print(some, 3, text, 1), 0);
	assert_string_equal(text, "");
}

static void
test_cell(void **state)
{
	uint64_t cell = 5;

	(void)state;
	cell_add(&cell, 2);
	assert_int_equal(cell_read(&cell), 7);
	cell_add(&cell, UINT64_MAX); /* how a gauge goes down */
	assert_int_equal(cell_read(&cell), 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_fit),
		cmocka_unit_test(test_the_rest_goes_on_the_next_line),
		cmocka_unit_test(test_cell),
	};
	return cmocka_run_group_tests_name("stats/line", tests, NULL, NULL);
}
