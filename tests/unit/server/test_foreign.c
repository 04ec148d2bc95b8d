/* server/foreign: names that are not ours, and none that is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "server/foreign.h"
#include "server/options.h"

/* Is this path ("relay.ports", "tls") served? */
static bool
served(const char *path)
{
	const struct option *rows = options_rows;
	char text[100], *rest = text, *name;

	snprintf(text, sizeof text, "%s", path);
	while ((name = strtok_r(rest, ".", &rest)) != NULL) {
		const struct option *row = rows;
		while (row != NULL && row->type != OPTION_END && strcmp(row->name, name) != 0)
			row++;
		if (row == NULL || row->type == OPTION_END)
			return false;
		rows = row->rows;
	}
	return true;
}

static void
what_comes_later_is_not_here(void **state)
{
	(void)state;
	assert_true(served("relay.ports")); /* the test can fail */
	for (const struct foreign *f = foreign_later; f->name != NULL; f++)
		if (served(f->name))
			fail_msg("%s is served", f->name);
}

static void
names_are_spelled_our_way(void **state)
{
	(void)state;
	for (const struct foreign *f = foreign_coturn; f->name != NULL; f++) {
		assert_int_equal(strspn(f->name, "abcdefghijklmnopqrstuvwxyz0123456789_"),
		                 strlen(f->name));
		assert_non_null(f->words);
		for (const struct foreign *other = foreign_coturn; other != f; other++)
			assert_string_not_equal(other->name, f->name);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_later_is_not_here),
		cmocka_unit_test(names_are_spelled_our_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
