/* conf/grammar: the first offence, its place and its hint (surface 4.1). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "conf/grammar.h"

static void
good_texts_pass(void **state)
{
	static const char *const text[] = {
		"",
		"a = 1",
		"a : 1;",
		"a = 1,",
		"a = { b = TRUE; c = [ ]; };",
		"a = ( 1, \"x\", ( ), { } );",
		"a = \"one\" \"two\";",
		"a = [ 1, 2 ]\nb = 0x10",
		"# only a comment",
	};
	struct offence o;

	(void)state;
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
		if (!grammar_check(bytes_text(text[i]), &o))
			fail_msg("%s: %u:%u %s", text[i], o.line, o.column, o.what);
}

static void
offences_have_places_and_hints(void **state)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *hint; /* part of it */
	} row[] = {
		{"a = yes;", 1, 5, "write true"},
		{"a = OFF;", 1, 5, "write false"},
		{"a = 10s;", 1, 5, "durations"},
		{"secrets = [ 10s ]", 1, 13, "text needs quotes"},
		{"a = 1h30m;", 1, 5, "durations"},
		{"a = 64KiB;", 1, 5, "sizes"},
		{"a = 192.0.2.1;", 1, 5, "addresses"},
		{"a = 1-2;", 1, 5, "ranges"},
		{"a = 3478x;", 1, 5, "digits only"},
		{"a = word;", 1, 5, "quotes"},
		{"a = (\n{ },\n);", 2, 4, "remove the comma"},
		{"a = [ 1, ];", 1, 8, "remove the comma"},
		{"a = \"x;\nb = \"y\";", 1, 5, "line 1"},
		{"a = 1;\n a = 2;", 2, 2, "line 1"},
		{"@include \"x\"", 1, 1, "FILE.d"},
		{"[a]", 1, 1, "no [sections]"},
		{"a { }", 1, 3, "name = {"},
		{"a = { b = 1;", 1, 5, "no partner"},
		{"a = 1; }", 1, 8, "nothing is open"},
		{"a = [ 1 2 ];", 1, 9, "commas"},
		{"a = [ 1 );", 1, 9, "needs its ']'"},
		{"a = [ { } ];", 1, 7, "( { ... }"},
		{"a = ( b = 1 );", 1, 7, "quotes"},
		{"a = \"x\", \"y\";", 1, 10, "brackets"},
		{"/* a", 1, 1, "*/"},
		{"a = ;", 1, 5, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		struct offence o;
		bool good = grammar_check(bytes_text(row[i].text), &o);
		if (good || o.line != row[i].line || o.column != row[i].column ||
		    strstr(o.hint, row[i].hint) == NULL)
			fail_msg("%s: %u:%u %s (%s)", row[i].text, o.line, o.column, o.what,
			         o.hint);
	}
}

static void
secrets_are_in_no_hint(void **state)
{
	struct offence o;

	(void)state;
	assert_false(grammar_check(bytes_text("secrets = [ 10shunter2 ];"), &o));
	assert_null(strstr(o.hint, "hunter2"));
	assert_null(strstr(o.what, "hunter2"));
}

static void
depth_is_bounded(void **state)
{
	char text[4096] = "a = ";
	struct offence o;

	(void)state;
	memset(text + 4, '(', 2000);
	assert_false(grammar_check(bytes_text(text), &o));
	assert_non_null(strstr(o.what, "too many brackets"));
}

static void
nul_is_no_text(void **state)
{
	struct offence o;

	(void)state;
	assert_false(grammar_check(bytes_view("a\0b", 3), &o));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_texts_pass),
		cmocka_unit_test(offences_have_places_and_hints),
		cmocka_unit_test(secrets_are_in_no_hint),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(nul_is_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
