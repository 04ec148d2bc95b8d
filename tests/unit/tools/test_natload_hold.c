/* tools/natload_hold and natload_crowd against a server in a child process. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/natload_hold.h"

#include "load_fixture.h"

static void
holds_and_releases(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = 40}, 0, 0);
	assert_int_equal(natload_hold_run(&load_job, &load_report), 0);
	assert_null(load_report.missed);
	assert_true(load_value("held") == 40.0);
	assert_true(load_value("rss_before") > 0.0);
	assert_true(load_value("rss_released") > 0.0);
	assert_int_equal(load_report.good, 3 * 40); /* Allocate, ChannelBind, Refresh */
	load_end();
}

static void
leaves_them_when_told(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = 10, .leave = true}, 0, 0);
	assert_int_equal(natload_hold_run(&load_job, &load_report), 0);
	assert_int_equal(load_report.good, 2 * 10);
	load_end();
}

static void
says_when_the_server_is_full(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = 10}, 0, 8);
	assert_int_equal(natload_hold_run(&load_job, &load_report), 0);
	assert_string_equal(load_report.missed, "not all allocations could be made");
	assert_true(load_value("held") == 7.0);
	assert_int_equal(load_report.code[486], 3);
	load_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_and_releases),
		cmocka_unit_test(leaves_them_when_told),
		cmocka_unit_test(says_when_the_server_is_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
