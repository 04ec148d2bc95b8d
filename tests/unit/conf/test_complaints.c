/* conf/complaints: the shape of surface 4.4. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "conf/complaints.h"
#include "conf/source.h"

static void
prints(struct complaints *c, const char *expected)
{
	char *text;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	complaints_print(c, to);
	fclose(to);
	assert_string_equal(text, expected);
	free(text);
}

static void
they_have_a_shape(void **state)
{
	struct complaints *c = complaints_new();
	struct source *s = source_new("x.conf", "a = 1;\n\tb = 2;\n");

	(void)state;
	s->is_file = true;
	complaints_error(c, (struct origin){s, 2, 6}, "unknown setting '%s'", "b");
	complaints_hint(c, "did you mean '%s'?", "c");
	complaints_hint(c, "or not");
	complaints_warning(c, (struct origin){s, 1, 0}, "one");
	prints(c, "x.conf:1: warning: one\n"
	          "    1 | a = 1;\n"
	          "      | ^\n"
	          "x.conf:2: error: unknown setting 'b'\n"
	          "    2 | \tb = 2;\n"
	          "      | \t    ^ did you mean 'c'?\n"
	          "      or not\n");
	complaints_free(c);
	source_free(s);
}

static void
places_come_by_rank(void **state)
{
	struct complaints *c = complaints_new();
	struct source *first = source_new("first", ""), *second = source_new("second", "");

	(void)state;
	first->rank = 1;
	second->rank = 2;
	complaints_error(c, (struct origin){0}, "nowhere");
	complaints_error(c, (struct origin){.source = second}, "b");
	complaints_error(c, (struct origin){.source = first}, "a");
	prints(c, "first: error: a\nsecond: error: b\nconfiguration: error: nowhere\n");
	complaints_free(c);
	source_free(first);
	source_free(second);
}

static void
they_are_counted(void **state)
{
	struct complaints *c = complaints_new();
	char into[64];

	(void)state;
	assert_string_equal(complaints_count(c, into), "0 errors, 0 warnings");
	complaints_error(c, (struct origin){0}, "a");
	complaints_warning(c, (struct origin){0}, "b");
	assert_string_equal(complaints_count(c, into), "1 error, 1 warning");
	assert_int_equal(complaints_errors(c), 1);
	assert_int_equal(complaints_warnings(c), 1);
	complaints_free(c);
	complaints_free(NULL);
}

static void
strangers_do_not_drive_the_terminal(void **state)
{
	struct complaints *c = complaints_new();

	(void)state;
	complaints_hint(c, "without a complaint");
	complaints_error(c, (struct origin){0}, "a\x1b[2J\nb");
	prints(c, "configuration: error: a?[2J?b\n");
	complaints_free(c);
}

static void
they_outlive_their_source(void **state)
{
	struct complaints *c = complaints_new();
	struct source *s = source_new("x", "a = 1;");

	(void)state;
	complaints_error(c, (struct origin){s, 1, 1}, "a");
	source_free(s);
	prints(c, "x: error: a\n    1 | a = 1;\n      | ^\n");
	complaints_free(c);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_have_a_shape),
		cmocka_unit_test(places_come_by_rank),
		cmocka_unit_test(they_are_counted),
		cmocka_unit_test(strangers_do_not_drive_the_terminal),
		cmocka_unit_test(they_outlive_their_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
