/* server/lines: files of secrets, line by line. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "lab.h"
#include "server/lines.h"

static void
lines_are_trimmed_and_counted(void **state)
{
	struct lab lab;
	struct lines l;
	struct bytes b;
	char path[128];

	(void)state;
	lab_open(&lab);
	lab_write(&lab, "keys", "\n  one \r\n\t\ntwo words");
	assert_int_equal(lines_open(&l, lab_path(&lab, "keys", path)), 0);
	assert_false(l.public);
	assert_true(lines_next(&l, &b));
	assert_true(bytes_equal(b, bytes_text("one")));
	assert_int_equal(lines_origin(&l).line, 2);
	assert_true(lines_next(&l, &b));
	assert_true(bytes_equal(b, bytes_text("two words")));
	assert_int_equal(lines_origin(&l).line, 4);
	assert_false(lines_next(&l, &b));
	lines_close(&l);
	assert_int_equal(chmod(path, 0604), 0);
	assert_int_equal(lines_open(&l, path), 0);
	assert_true(l.public);
	lines_close(&l);
	assert_int_equal(lines_open(&l, "/nonexistent"), -ENOENT);
	lab_close(&lab);
}

static void
complaints_do_not_show_them(void **state)
{
	struct lab lab;
	struct lines l;
	struct bytes b;
	char path[128];

	(void)state;
	lab_open(&lab);
	assert_int_equal(lines_open(&l, lab_path(&lab, "secret", path)), 0);
	assert_true(lines_next(&l, &b));
	lab.c = complaints_new();
	complaints_error(lab.c, lines_origin(&l), "it is wrong");
	assert_true(lab_says(&lab, "/secret:1: error: it is wrong"));
	assert_false(lab_says(&lab, "long-enough"));
	lines_close(&l);
	lab_close(&lab);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_trimmed_and_counted),
		cmocka_unit_test(complaints_do_not_show_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
