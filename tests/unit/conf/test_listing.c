/* conf/listing: lists of texts, choices and secrets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "conf/listing.h"
#include "conf/read.h"

static const struct choice colours[] = {{"red", 1, NULL}, {"green", 2, NULL}, {0}};
static const struct option texts = {.type = OPTION_STRINGS, .name = "v", .min = 1, .max = 3};
static const struct option shades = {
	.type = OPTION_CHOICES, .name = "v", .min = 1, .choices = colours};
static const struct option hidden = {.type = OPTION_SECRETS, .name = "v"};

static size_t
take(const struct option *row, const char *spelled, void *into, bool *filled)
{
	char line[200];
	struct complaints *c = complaints_new();

	snprintf(line, sizeof line, "v = %s;", spelled);
	struct source *s = source_new("x", line);
	struct tree *t = read_source(s, c);
	assert_non_null(t);
	struct value_job job = {.row = row, .node = t->child, .path = "v", .field = into, .c = c};
	*filled = listing_take(&job);
	size_t errors = complaints_errors(c);
	tree_free(t);
	source_free(s);
	complaints_free(c);
	return errors;
}

static void
texts_come_in_any_brackets(void **state)
{
	static const char *const good[] = {"[ \"a\" ]", "( \"a\" )", "\"a\""};
	struct words w;
	bool filled;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		memset(&w, 0, sizeof w);
		assert_int_equal(take(&texts, good[i], &w, &filled), 0);
		assert_true(filled);
		assert_int_equal(w.n, 1);
		assert_string_equal(w.v[0].text, "a");
		assert_int_equal(w.v[0].at.line, 1);
		listing_free(&texts, &w);
	}
}

static void
numbers_serve_as_texts(void **state)
{
	struct words w = {0};
	bool filled;

	(void)state;
	assert_int_equal(take(&texts, "( 53, \"1-2\" )", &w, &filled), 0);
	assert_string_equal(w.v[0].text, "53");
	assert_string_equal(w.v[1].text, "1-2");
	listing_free(&texts, &w);
}

static void
good_entries_stay_beside_bad_ones(void **state)
{
	struct words w = {0};
	bool filled;

	(void)state;
	assert_int_equal(take(&texts, "( \"\", \"b\", { } )", &w, &filled), 2);
	assert_true(filled);
	assert_int_equal(w.n, 1);
	assert_string_equal(w.v[0].text, "b");
	listing_free(&texts, &w);
}

static void
lengths_are_bounded(void **state)
{
	static const char *const bad[] = {"[ ]", "[ \"a\", \"b\", \"c\", \"d\" ]", "true", "{ }"};
	struct words w = {0};
	bool filled;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(take(&texts, bad[i], &w, &filled), 1);
		assert_false(filled);
		assert_null(w.v);
	}
}

static void
choices_keep_their_order(void **state)
{
	static const char *const bad[] = {"[ ]", "[ \"red\", \"red\" ]", "[ \"pink\" ]", "[ 1 ]"};
	struct choices_set set = {0};
	bool filled;

	(void)state;
	assert_int_equal(take(&shades, "[ \"green\", \"red\" ]", &set, &filled), 0);
	assert_int_equal(set.n, 2);
	assert_int_equal(set.v[0], 2);
	assert_int_equal(set.v[1], 1);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(take(&shades, bad[i], &set, &filled), 1);
		assert_false(filled);
	}
}

static void
secrets_are_copied_and_freed(void **state)
{
	struct secrets s = {0};
	bool filled;

	(void)state;
	assert_int_equal(take(&hidden, "[ \"a\", \"bc\" ]", &s, &filled), 0);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.v[1].n, 2);
	listing_free(&hidden, &s);
	assert_null(s.v);
	assert_int_equal(take(&hidden, "( \"a\", 5 )", &s, &filled), 1);
	assert_int_equal(s.n, 1);
	listing_free(&hidden, &s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_come_in_any_brackets),
		cmocka_unit_test(numbers_serve_as_texts),
		cmocka_unit_test(good_entries_stay_beside_bad_ones),
		cmocka_unit_test(lengths_are_bounded),
		cmocka_unit_test(choices_keep_their_order),
		cmocka_unit_test(secrets_are_copied_and_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
