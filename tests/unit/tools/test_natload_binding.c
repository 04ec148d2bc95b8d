/* tools/natload_binding against a server in a child process. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/natload_binding.h"

#include "load_fixture.h"

static void
closed_loop(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = 3, .window = 8}, 0, 0);
	assert_int_equal(natload_binding_run(&load_job, &load_report), 0);
	assert_null(load_report.missed);
	assert_true(load_value("answers") > 8);
	assert_true(load_value("loss_percent") == 0.0);
	assert_true(load_value("strange") == 0.0);
	assert_true(load_value("latency_p50_us") > 0.0);
	assert_true(load_value("latency_max_us") >= load_value("latency_p50_us"));
	assert_true(load_value("cpu_us") > 0.0);
	load_end();
}

static void
open_loop_keeps_its_rate(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = 2, .rate = 1000, .seconds = 300}, 0, 0);
	assert_int_equal(natload_binding_run(&load_job, &load_report), 0);
	assert_in_range((unsigned)load_value("answers"), 100, 310);
	load_end();
}

static void
nobody_answers(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = 2, .window = 4}, 0, 0);
	fake_stop(load_server);
	load_options.pid = 0;
	assert_int_equal(natload_binding_run(&load_job, &load_report), 0);
	assert_string_equal(load_report.missed, "no answers");
	natload_job_fini(&load_job);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closed_loop),
		cmocka_unit_test(open_loop_keeps_its_rate),
		cmocka_unit_test(nobody_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
