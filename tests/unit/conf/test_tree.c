/* conf/tree: finding and overlaying by path. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "conf/read.h"
#include "conf/tree.h"

static struct tree *
read_text(struct source *s, struct complaints *c)
{
	struct tree *t = read_source(s, c);

	assert_non_null(t);
	return t;
}

static void
paths_are_found(void **state)
{
	struct complaints *c = complaints_new();
	struct source *s = source_new("x", "a = { b = { c = 5; }; }; d = 1;");
	struct tree *t = read_text(s, c);
	char path[100];

	(void)state;
	assert_int_equal(tree_find(t, "a.b.c")->number, 5);
	assert_int_equal(tree_find(t, "d")->number, 1);
	assert_null(tree_find(t, "a.x"));
	assert_null(tree_find(t, "d.x"));
	assert_null(tree_find(t, "a.b.c.d"));
	memset(path, 'x', sizeof path - 1);
	path[99] = '\0';
	assert_null(tree_find(t, path));
	assert_null(tree_get(NULL, "a"));
	tree_free(t);
	source_free(s);
	complaints_free(c);
}

static void
overlays_go_by_path(void **state)
{
	struct complaints *c = complaints_new();
	struct source *a = source_new("a", "g = { one = 1; two = 2; }; l = ( 1, 2 ); s = 1;");
	struct source *b = source_new("b", "\ng = { two = 22; three = 33; }; l = ( 3 ); s = { };");
	struct tree *t = read_text(a, c);

	(void)state;
	tree_overlay(t, read_text(b, c));
	assert_int_equal(tree_find(t, "g.one")->number, 1);
	assert_ptr_equal(tree_find(t, "g.one")->at.source, a);
	assert_int_equal(tree_find(t, "g.two")->number, 22);
	assert_ptr_equal(tree_find(t, "g.two")->at.source, b);
	assert_int_equal(tree_find(t, "g.two")->at.line, 2);
	assert_int_equal(tree_find(t, "g.three")->number, 33);
	assert_int_equal(tree_find(t, "l")->child->number, 3);
	assert_null(tree_find(t, "l")->child->next);
	assert_int_equal(tree_find(t, "s")->kind, TREE_GROUP);
	tree_free(t);
	source_free(a);
	source_free(b);
	complaints_free(c);
}

static void
children_are_taken_out(void **state)
{
	struct tree *t = tree_new(TREE_GROUP, NULL, (struct origin){0});
	struct tree *a = tree_new(TREE_INT, "a", (struct origin){0});
	struct tree *b = tree_new(TREE_INT, "b", (struct origin){0});

	(void)state;
	tree_append(t, a);
	tree_append(t, b);
	assert_ptr_equal(tree_take(t, b), b);
	assert_ptr_equal(t->last, a);
	assert_ptr_equal(tree_take(t, a), a);
	assert_null(t->child);
	assert_null(t->last);
	tree_free(a);
	tree_free(b);
	tree_free(t);
	tree_free(NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_are_found),
		cmocka_unit_test(overlays_go_by_path),
		cmocka_unit_test(children_are_taken_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
