/* conf/scan: words of a configuration text, their places, and numbers that do not fit (F14). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "conf/scan.h"

static struct scan
over(const char *text)
{
	return scan_over(bytes_text(text));
}

static void
words_have_kinds(void **state)
{
	static const enum scan_kind kinds[] = {SCAN_NAME,    SCAN_MARK, SCAN_STRING, SCAN_MARK,
	                                       SCAN_NAME,    SCAN_MARK, SCAN_NUMBER, SCAN_JUNK,
	                                       SCAN_INCLUDE, SCAN_END,  SCAN_END};
	struct scan s = over("a-b = \"x\"; c : 5 $ @include");

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		assert_int_equal(scan_next(&s).kind, kinds[i]);
}

static void
places_are_counted_from_one(void **state)
{
	struct scan s = over("a = 1;\n\tbee = 2;");
	struct token t;

	(void)state;
	for (int i = 0; i < 5; i++)
		t = scan_next(&s);
	assert_true(scan_is_word(&t, "bee"));
	assert_int_equal(t.line, 2);
	assert_int_equal(t.column, 2);
}

static void
comments_are_blank(void **state)
{
	struct scan s = over("# one\n// two\n/* three\n */ a # \"b\"");
	struct token t = scan_next(&s);

	(void)state;
	assert_true(scan_is_word(&t, "a"));
	assert_int_equal(t.line, 4);
	assert_int_equal(scan_next(&s).kind, SCAN_END);
}

static void
an_open_comment_ends_where_it_begins(void **state)
{
	struct scan s = over("a\n  /* never\nclosed");
	struct token t = scan_next(&s);

	(void)state;
	t = scan_next(&s);
	assert_int_equal(t.kind, SCAN_END);
	assert_true(t.unclosed);
	assert_int_equal(t.line, 2);
	assert_int_equal(t.column, 3);
}

static void
strings_know_their_lines(void **state)
{
	struct scan s = over("\"a \\\" b\" \"c\nd\" \"e");
	struct token t = scan_next(&s);

	(void)state;
	assert_int_equal(t.text.n, 8);
	assert_int_equal(t.lines, 0);
	t = scan_next(&s);
	assert_int_equal(t.lines, 1);
	assert_false(t.unclosed);
	t = scan_next(&s);
	assert_true(t.unclosed);
}

static enum scan_number
number(const char *text)
{
	struct scan s = over(text);
	struct token t = scan_next(&s);

	assert_int_equal(t.kind, SCAN_NUMBER);
	assert_int_equal(t.text.n, strlen(text));
	return scan_number(&t);
}

static void
numbers_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		enum scan_number kind;
	} row[] = {
		{"0", SCAN_INTEGER},
		{"010", SCAN_INTEGER},
		{"-5", SCAN_INTEGER},
		{"+5", SCAN_INTEGER},
		{"2147483647", SCAN_INTEGER},
		{"2147483648", SCAN_TOO_BIG},
		{"-2147483648", SCAN_INTEGER},
		{"-2147483649", SCAN_TOO_BIG},
		{"4294967296", SCAN_TOO_BIG},
		{"99999999999L", SCAN_INTEGER},
		{"99999999999LL", SCAN_INTEGER},
		{"9223372036854775808L", SCAN_TOO_BIG},
		{"18446744073709551616", SCAN_TOO_BIG},
		{"1111111111111111111111111111111111111111", SCAN_TOO_BIG},
		{"0x7fffffff", SCAN_INTEGER},
		{"0x80000000", SCAN_TOO_BIG},
		{"0xg", SCAN_NO_NUMBER},
		{"-0", SCAN_TOO_BIG},
		{"1.5", SCAN_FLOAT},
		{"-.5", SCAN_FLOAT},
		{"1e3", SCAN_FLOAT},
		{"1e", SCAN_NO_NUMBER},
		{"10s", SCAN_NO_NUMBER},
		{"3478x", SCAN_NO_NUMBER},
		{"192.0.2.1", SCAN_NO_NUMBER},
		{"10.0.0.0/8", SCAN_NO_NUMBER},
		{"1-2", SCAN_NO_NUMBER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (number(row[i].text) != row[i].kind)
			fail_msg("%s is taken for kind %d", row[i].text, number(row[i].text));
}

static void
a_comment_ends_a_number(void **state)
{
	struct scan s = over("5//x");
	struct token t = scan_next(&s);

	(void)state;
	assert_int_equal(t.text.n, 1);
	assert_int_equal(scan_next(&s).kind, SCAN_END);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_have_kinds),
		cmocka_unit_test(places_are_counted_from_one),
		cmocka_unit_test(comments_are_blank),
		cmocka_unit_test(an_open_comment_ends_where_it_begins),
		cmocka_unit_test(strings_know_their_lines),
		cmocka_unit_test(numbers_are_told_apart),
		cmocka_unit_test(a_comment_ends_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
