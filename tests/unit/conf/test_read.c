/* conf/read: what libconfig makes of a text, put right (surface 4.1; F14), and --set. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "conf/read.h"

struct world {
	struct complaints *c;
	struct source *s;
	struct tree *t;
};

static struct world
world_of(const char *text, struct tree *(*read)(const struct source *, struct complaints *))
{
	struct world w = {.c = complaints_new(), .s = source_new("x", text)};

	w.t = read(w.s, w.c);
	return w;
}

static void
world_end(struct world *w)
{
	tree_free(w->t);
	source_free(w->s);
	complaints_free(w->c);
}

static void
every_kind_arrives(void **state)
{
	struct world w = world_of("i = 010; l = 5L; b = TRUE; f = 1.5; s = \"a\" \"b\"; e = \"\";\n"
	                          "a = [ 1 ]; k = ( ); g = { };",
	                          read_source);

	(void)state;
	assert_int_equal(tree_find(w.t, "i")->number, 10);
	assert_int_equal(tree_find(w.t, "l")->kind, TREE_INT);
	assert_int_equal(tree_find(w.t, "b")->kind, TREE_BOOL);
	assert_int_equal(tree_find(w.t, "f")->kind, TREE_FLOAT);
	assert_string_equal(tree_find(w.t, "s")->text, "ab");
	assert_string_equal(tree_find(w.t, "e")->text, "");
	assert_int_equal(tree_find(w.t, "a")->kind, TREE_ARRAY);
	assert_int_equal(tree_find(w.t, "k")->kind, TREE_LIST);
	assert_int_equal(tree_find(w.t, "g")->kind, TREE_GROUP);
	world_end(&w);
}

static void
places_are_exact(void **state)
{
	struct world w = world_of("l = ( { name = \"port\"; port = 1; },\n"
	                          "      \"x\" \"y\",\n"
	                          "      [ 5,\n"
	                          "        6\n"
	                          "      ]\n"
	                          ");\n"
	                          "z = 1;\n",
	                          read_source);
	struct tree *item = tree_find(w.t, "l")->child;

	(void)state;
	assert_int_equal(item->at.column, 7);
	assert_int_equal(tree_get(item, "port")->at.column, 24);
	item = item->next;
	assert_int_equal(item->at.line, 2);
	assert_int_equal(item->at.column, 7);
	item = item->next;
	assert_int_equal(item->at.line, 3);
	assert_int_equal(item->child->at.column, 9);
	assert_int_equal(item->child->next->at.line, 4);
	assert_int_equal(tree_find(w.t, "z")->at.line, 7);
	world_end(&w);
}

static void
integers_do_not_wrap(void **state)
{
	struct world w =
		world_of("a = 99999999999; b = 2147483648; c = 5; d = 0xffffffff; e = -0;\n"
	                 "f = 99999999999L;",
	                 read_source);

	(void)state;
	assert_string_equal(tree_find(w.t, "a")->text, "99999999999");
	assert_string_equal(tree_find(w.t, "b")->text, "2147483648");
	assert_null(tree_find(w.t, "c")->text);
	assert_string_equal(tree_find(w.t, "d")->text, "0xffffffff");
	assert_string_equal(tree_find(w.t, "e")->text, "-0");
	assert_int_equal(tree_find(w.t, "f")->number, 99999999999);
	world_end(&w);
}

static void
bad_texts_are_refused(void **state)
{
	static const char *const text[] = {"a = yes;", "a = [ 1, \"x\" ];", "a = 1; a = 2;", "a"};

	(void)state;
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
		struct world w = world_of(text[i], read_source);
		assert_null(w.t);
		assert_int_equal(complaints_errors(w.c), 1);
		world_end(&w);
	}
}

static void
assignments_need_no_quotes(void **state)
{
	static const struct {
		const char *set, *path, *text;
	} row[] = {
		{"a.b=word", "a.b", "word"},
		{"a = \"quoted\"", "a", "quoted"},
		{"a=192.0.2.1", "a", "192.0.2.1"},
		{"a=50000-50999", "a", "50000-50999"},
		{"a=10m", "a", "10m"},
		{"a=two words", "a", "two words"},
		{"a=", "a", ""},
		{"a=C:\\dir \"x\"", "a", "C:\\dir \"x\""},
		{"a=x=y", "a", "x=y"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct world w = world_of(row[i].set, read_assignment);
		struct tree *t = tree_find(w.t, row[i].path);
		assert_non_null(t);
		assert_int_equal(t->kind, TREE_TEXT);
		assert_string_equal(t->text, row[i].text);
		assert_ptr_equal(t->at.source, w.s);
		world_end(&w);
	}
}

static void
assignments_have_kinds(void **state)
{
	struct world w = world_of("a.b.c=5", read_assignment);

	(void)state;
	assert_int_equal(tree_find(w.t, "a.b.c")->number, 5);
	world_end(&w);
	w = world_of("a=true;", read_assignment);
	assert_int_equal(tree_find(w.t, "a")->kind, TREE_BOOL);
	world_end(&w);
	w = world_of("a=99999999999", read_assignment);
	assert_string_equal(tree_find(w.t, "a")->text, "99999999999");
	world_end(&w);
}

static void
assignments_take_lists(void **state)
{
	struct world w = world_of("a=[10.0.0.0/8, \"x,y\", recommended]", read_assignment);
	struct tree *item = tree_find(w.t, "a")->child;

	(void)state;
	assert_string_equal(item->text, "10.0.0.0/8");
	assert_string_equal(item->next->text, "x,y");
	assert_string_equal(item->next->next->text, "recommended");
	world_end(&w);
	w = world_of("l=({name=\"x\";port=5;})", read_assignment);
	assert_int_equal(tree_get(tree_find(w.t, "l")->child, "port")->number, 5);
	world_end(&w);
	w = world_of("a=[]", read_assignment);
	assert_null(tree_find(w.t, "a")->child);
	world_end(&w);
}

static void
bad_assignments_are_refused(void **state)
{
	static const char *const set[] = {"",     "a",      "=1",          ".a=1",
	                                  "a.=1", "a..b=1", "a.0=1",       "a b=1",
	                                  "a=(1", "a={x}",  "a=[1,\"x\"]", "a=(1); b = 2"};

	(void)state;
	for (size_t i = 0; i < sizeof set / sizeof set[0]; i++) {
		struct world w = world_of(set[i], read_assignment);
		if (w.t != NULL || complaints_errors(w.c) != 1)
			fail_msg("--set '%s' passes", set[i]);
		world_end(&w);
	}
}

static void
presets_come_from_nowhere(void **state)
{
	struct tree *t = read_preset("deny", "[ \"recommended\" ]");

	(void)state;
	assert_string_equal(t->name, "deny");
	assert_null(t->at.source);
	assert_string_equal(t->child->text, "recommended");
	tree_free(t);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_arrives),
		cmocka_unit_test(places_are_exact),
		cmocka_unit_test(integers_do_not_wrap),
		cmocka_unit_test(bad_texts_are_refused),
		cmocka_unit_test(assignments_need_no_quotes),
		cmocka_unit_test(assignments_have_kinds),
		cmocka_unit_test(assignments_take_lists),
		cmocka_unit_test(bad_assignments_are_refused),
		cmocka_unit_test(presets_come_from_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
