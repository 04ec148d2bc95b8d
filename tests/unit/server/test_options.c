/* server/options: every row is whole, and every default is within its own bounds. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "conf/table.h"
#include "server/options.h"
#include "server/settings.h"

static void
look_at(const struct option *rows, unsigned *n)
{
	for (const struct option *row = rows; row->type != OPTION_END; row++) {
		++*n;
		assert_non_null(row->name);
		assert_int_equal(strspn(row->name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
		                 strlen(row->name));
		assert_non_null(row->words);
		assert_int_equal(row->words[strlen(row->words) - 1], '.');
		if (row->type == OPTION_CHOICE || row->type == OPTION_CHOICES)
			assert_non_null(row->choices);
		if (row->type == OPTION_PARSED)
			assert_non_null(row->parse);
		if (row->type == OPTION_GROUP || row->type == OPTION_GROUPS)
			look_at(row->rows, n);
		for (const struct option *other = rows; other != row; other++)
			assert_string_not_equal(other->name, row->name);
	}
}

static void
rows_are_whole(void **state)
{
	unsigned n = 0;

	(void)state;
	look_at(options_rows, &n);
	assert_true(n > 50);
}

static void
defaults_are_legal(void **state)
{
	struct settings s = {0};
	struct complaints *c = complaints_new();
	struct tree *root = tree_new(TREE_GROUP, NULL, (struct origin){0});
	struct table_job job = {
		.vocabulary = &options_vocabulary, .root = root, .into = &s, .c = c};

	(void)state;
	assert_int_equal(table_fill(&job), 0);
	assert_int_equal(complaints_errors(c), 0);
	table_free(options_rows, &s);
	tree_free(root);
	complaints_free(c);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(defaults_are_legal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
