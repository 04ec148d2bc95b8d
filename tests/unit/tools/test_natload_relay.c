/* tools/natload_relay against a server in a child process: every direction, whole and with losses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/natload_relay.h"

#include "load_fixture.h"

static void
relays(struct natload_options o)
{
	o.number = 4;
	o.window = 32;
	load_begin(o, 0, 0);
	assert_int_equal(natload_relay_run(&load_job, &load_report), 0);
	assert_null(load_report.missed);
	assert_true(load_value("packets") > 32);
	assert_true(load_value("loss_percent") == 0.0);
	assert_true(load_value("strange") == 0.0);
	assert_true(load_value("latency_p99_us") >= load_value("latency_p50_us"));
	assert_int_equal(load_report.good, 3 * 4);
	load_end();
}

static void
up(void **state)
{
	(void)state;
	relays((struct natload_options){.direction = NATLOAD_UP, .size = 160, .burst = 1});
}

static void
down_in_bursts(void **state)
{
	(void)state;
	relays((struct natload_options){.direction = NATLOAD_DOWN, .size = 1200, .burst = 8});
}

static void
both_by_indications(void **state)
{
	(void)state;
	relays((struct natload_options){
		.direction = NATLOAD_BOTH, .size = 161, .burst = 2, .indications = true});
}

static void
calls_without_gso(void **state)
{
	(void)state;
	relays((struct natload_options){
		.direction = NATLOAD_CALL, .size = 24, .burst = 4, .plain = true});
}

static void
open_loop_keeps_its_rate(void **state)
{
	(void)state;
	load_begin((struct natload_options){
		.number = 2, .rate = 2000, .seconds = 300, .size = 100, .burst = 4}, 0, 0);
	assert_int_equal(natload_relay_run(&load_job, &load_report), 0);
	assert_in_range((unsigned)load_value("packets"), 200, 640);
	load_end();
}

static void
losses_are_seen(void **state)
{
	(void)state;
	load_begin((struct natload_options){
		.number = 2, .rate = 2000, .seconds = 300, .size = 100, .burst = 1}, 4, 0);
	assert_int_equal(natload_relay_run(&load_job, &load_report), 0);
	assert_in_range((unsigned)load_value("loss_percent"), 23, 40);
	assert_non_null(load_report.missed);
	load_end();
}

static void
no_allocation_no_load(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = 2, .window = 8, .size = 100, .burst = 1}, 0, 2);
	assert_int_equal(natload_relay_run(&load_job, &load_report), 0);
	assert_string_equal(load_report.missed, "not all allocations could be made");
	load_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(up),
		cmocka_unit_test(down_in_bursts),
		cmocka_unit_test(both_by_indications),
		cmocka_unit_test(calls_without_gso),
		cmocka_unit_test(open_loop_keeps_its_rate),
		cmocka_unit_test(losses_are_seen),
		cmocka_unit_test(no_allocation_no_load),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
