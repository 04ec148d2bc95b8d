/* tools/natload_allocate against a server in a child process. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/natload_allocate.h"

#include "load_fixture.h"

static void
whole_cycles(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = 4}, 0, 0);
	assert_int_equal(natload_allocate_run(&load_job, &load_report), 0);
	assert_null(load_report.missed);
	assert_true(load_value("cycles") > 4);
	assert_true(load_value("failed") == 0.0);
	assert_true(load_report.good >= 3 * (uint64_t)load_value("cycles"));
	load_end();
}

static void
open_loop_keeps_its_rate(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = 4, .rate = 200, .seconds = 300}, 0, 0);
	assert_int_equal(natload_allocate_run(&load_job, &load_report), 0);
	assert_in_range((unsigned)load_value("cycles"), 20, 65);
	load_end();
}

static void
refused_allocations_are_counted(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = 4}, 0, 1);
	assert_int_equal(natload_allocate_run(&load_job, &load_report), 0);
	assert_string_equal(load_report.missed, "no whole cycle");
	assert_true(load_report.code[486] > 0);
	load_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_cycles),
		cmocka_unit_test(open_loop_keeps_its_rate),
		cmocka_unit_test(refused_allocations_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
