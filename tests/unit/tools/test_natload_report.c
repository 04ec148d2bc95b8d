/* tools/natload_report: the same rows in both voices. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tools/natload_report.h"

static void
printed(const struct report *r, bool json, char *into, size_t room)
{
	FILE *f = fmemopen(into, room, "w");

	assert_non_null(f);
	natload_report_print(r, &(struct report_head){"relay", "127.0.0.1:3478"}, json, f);
	fclose(f);
}

static void
report_in_two_voices(void **state)
{
	struct report r = {0};
	char text[2048] = "";

	(void)state;
	natload_report_add(&r, (struct report_row){
		"packets_per_second", "packets", "/s", 1234.4, 0});
	natload_report_add(&r, (struct report_row){"packets", NULL, "/s", 99.0, 0});
	natload_report_outcome(&r, 0);
	natload_report_outcome(&r, 401);
	natload_report_outcome(&r, -1);
	natload_report_outcome(&r, 100000); /* no such code: not counted, no harm */
	natload_report_outcome(&r, -100);
	printed(&r, true, text, sizeof text);
	assert_non_null(strstr(text, "{\"schema\": \"natload/1\", \"mode\": \"relay\""));
	assert_non_null(strstr(text, "\"packets_per_second\": 1234"));
	assert_non_null(strstr(text, "\"good\": 1"));
	assert_non_null(strstr(text, "\"401\": 1"));
	assert_non_null(strstr(text, "\"achieved\": true"));
	r.missed = "no packet arrived";
	printed(&r, false, text, sizeof text);
	assert_non_null(strstr(text, "1234 /s"));
	assert_null(strstr(text, "99"));
	assert_non_null(strstr(text, "NOT ACHIEVED: no packet arrived"));
	assert_true(natload_report_value(&r, "packets") == 99.0);
	assert_true(natload_report_value(&r, "nothing") == 0.0);
}

static void
times_are_microseconds(void **state)
{
	static struct hist h;
	struct report r = {0};

	(void)state;
	natload_hist_add(&h, 2000, 99);
	natload_hist_add(&h, 50000, 1);
	natload_report_times(&r, &h, &(struct report_times){"a", "b", "c", "d", "e"});
	assert_true(natload_report_value(&r, "a") >= 2.0 && natload_report_value(&r, "a") < 2.1);
	assert_true(natload_report_value(&r, "c") >= 2.0 && natload_report_value(&r, "c") < 2.1);
	assert_true(natload_report_value(&r, "e") == 50.0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(report_in_two_voices),
		cmocka_unit_test(times_are_microseconds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
