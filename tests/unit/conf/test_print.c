/* conf/print: three voices of one table. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "conf/print.h"
#include "table.h"

static char *
text_of(void (*print)(const struct option *, FILE *))
{
	char *text;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	print(table_rows, to);
	fclose(to);
	return text;
}

static char *
effective_of(struct table_world *w)
{
	char *text;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	assert_int_equal(complaints_errors(w->c), 0);
	print_effective(table_rows, w->t, to);
	fclose(to);
	return text;
}

static void
effective_values_have_origins(void **state)
{
	struct table_world w =
		table_world_of("inner = { on = false;\n secrets = [ \"hunter2\" ]; };\n"
	                       "items = ( { name = \"a\\\"b\"; } );");
	char *text = effective_of(&w);

	(void)state;
	assert_string_equal(text, "version = 1;  # default\n"
	                          "inner = {\n"
	                          "\ton = false;  # x.conf:1\n"
	                          "\twait = \"5s\";  # default\n"
	                          "\t#names = [ \"a\" ];  # default\n"
	                          "\tsecrets = [ \"***\" ];  # x.conf:2\n"
	                          "};\n"
	                          "items = (\n"
	                          "\t{\n"
	                          "\t\tname = \"a\\\"b\";  # x.conf:3\n"
	                          "\t\tport = 7;  # default\n"
	                          "\t}\n"
	                          ");\n");
	free(text);
	table_world_end(&w);
}

static void
effective_values_can_be_read_back(void **state)
{
	struct table_world w = table_world_of("inner = { wait = 9; }; items = ( );");
	char *text = effective_of(&w);
	struct table_world again = table_world_of(text);

	(void)state;
	assert_int_equal(complaints_errors(again.c), 0);
	assert_int_equal(again.all.inner.wait, 9000);
	free(text);
	table_world_end(&again);
	table_world_end(&w);
}

static void
the_sample_sets_nothing(void **state)
{
	char *text = text_of(print_sample);
	struct table_world w = table_world_of(text);

	(void)state;
	assert_int_equal(complaints_errors(w.c), 0);
	assert_null(tree_find(w.t, "inner.on")->at.source);
	assert_non_null(strstr(text, "# The inside.\ninner = {\n"));
	assert_non_null(
		strstr(text, "\t# (duration, 0 to 1m; default \"5s\")\n\t#wait = \"5s\";\n"));
	assert_non_null(strstr(text, "#\tname = \"...\";\t# text; required\n"));
	free(text);
	table_world_end(&w);
}

static void
the_manual_is_safe_mdoc(void **state)
{
	char *text = text_of(print_man);

	(void)state;
	assert_non_null(strstr(text, ".Ss inner\nThe inside.\n.Bl -tag -width Ds\n"));
	assert_non_null(strstr(text, ".It Va wait\nHow \\e long.\n.Po\nduration, 0 to 1m; default "
	                             "\\(dq5s\\(dq\n.Pc\n"));
	assert_non_null(strstr(text, "\n\\&.names or so.\n"));      /* not a request */
	assert_non_null(strstr(text, "Its port.\nA small one.\n")); /* a sentence, a line */
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(effective_values_have_origins),
		cmocka_unit_test(effective_values_can_be_read_back),
		cmocka_unit_test(the_sample_sets_nothing),
		cmocka_unit_test(the_manual_is_safe_mdoc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
