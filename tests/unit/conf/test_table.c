/* conf/table: a whole tree into a struct; all mistakes at once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "table.h"

static struct table_item *
items(const struct table_world *w)
{
	return w->all.items.v;
}

static void
defaults_fill_an_empty_file(void **state)
{
	struct table_world w = table_world_of("");

	(void)state;
	assert_int_equal(complaints_errors(w.c), 0);
	assert_int_equal(w.all.version, 1);
	assert_true(w.all.inner.on);
	assert_int_equal(w.all.inner.wait, 5000);
	assert_int_equal(w.all.inner.names.n, 1);
	assert_int_equal(w.all.items.n, 0);
	assert_null(tree_find(w.t, "inner.wait")->at.source);
	table_world_end(&w);
}

static void
what_is_written_wins(void **state)
{
	struct table_world w = table_world_of(
		"inner = { on = false; wait = 7; names = [ ]; secrets = [ \"s\" ]; };\n"
		"items = ( { name = \"x\"; }, { name = \"y\"; port = 9; } );");

	(void)state;
	assert_int_equal(complaints_errors(w.c), 0);
	assert_false(w.all.inner.on);
	assert_int_equal(w.all.inner.wait, 7000);
	assert_int_equal(w.all.inner.names.n, 0);
	assert_int_equal(w.all.items.n, 2);
	assert_string_equal(items(&w)[0].name, "x");
	assert_int_equal(items(&w)[0].port, 7);
	assert_int_equal(items(&w)[1].port, 9);
	table_world_end(&w);
}

static void
all_mistakes_are_found_and_defaults_stand_in(void **state)
{
	struct table_world w =
		table_world_of("version = 2; nonsense = 1;\n"
	                       "inner = { on = 1; wait = \"9h\"; names = 5.5; more = 1; };\n"
	                       "items = ( { port = 99; colour = 1; }, 5 );");

	(void)state;
	/* version, nonsense, on, wait, names, more, items[0]: name, port, colour; items[1] */
	assert_int_equal(complaints_errors(w.c), 10);
	assert_int_equal(w.all.version, 1);
	assert_true(w.all.inner.on);
	assert_int_equal(w.all.inner.wait, 5000);
	assert_int_equal(w.all.inner.names.n, 1);
	assert_int_equal(w.all.items.n, 1);
	assert_string_equal(items(&w)[0].name, "");
	assert_int_equal(items(&w)[0].port, 7);
	table_world_end(&w);
}

static void
groups_must_be_groups(void **state)
{
	static const char *const bad[] = {
		"inner = 5;", "inner = ( );", "items = { };", "items = 5;",
		"items = ( { name = \"a\"; }, { name = \"b\"; }, { name = \"c\"; } );"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct table_world w = table_world_of(bad[i]);
		assert_int_equal(complaints_errors(w.c), 1);
		assert_int_equal(w.all.items.n, 0);
		assert_int_equal(w.all.inner.wait, 5000);
		table_world_end(&w);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_fill_an_empty_file),
		cmocka_unit_test(what_is_written_wins),
		cmocka_unit_test(all_mistakes_are_found_and_defaults_stand_in),
		cmocka_unit_test(groups_must_be_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
