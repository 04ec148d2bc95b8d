/* common/list.h: an intrusive ring. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/list.h"

struct thing {
	int number;
	struct list link;
};

static void
what_comes_first_leaves_first(void **state)
{
	(void)state;
	struct thing things[5];
	struct list head;

	list_init(&head);
	assert_true(list_empty(&head));
	assert_null(list_shift(&head));
	for (int i = 0; i < 5; i++) {
		things[i].number = i;
		list_push(&head, &things[i].link);
	}
	for (int i = 0; i < 5; i++) {
		struct list *link = list_shift(&head);
		assert_non_null(link);
		assert_int_equal(LIST_ITEM(link, struct thing, link)->number, i);
		assert_true(list_empty(link));
	}
	assert_true(list_empty(&head));
}

static void
removing_is_harmless_anywhere(void **state)
{
	(void)state;
	struct thing a, b, c;
	struct list head;

	list_init(&head);
	list_push(&head, &a.link);
	list_push(&head, &b.link);
	list_push(&head, &c.link);
	list_remove(&b.link);
	list_remove(&b.link); /* in no list any more */
	assert_ptr_equal(head.next, &a.link);
	assert_ptr_equal(a.link.next, &c.link);
	assert_ptr_equal(c.link.prev, &a.link);
	list_remove(&a.link);
	list_remove(&c.link);
	assert_true(list_empty(&head));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_first_leaves_first),
		cmocka_unit_test(removing_is_harmless_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
