/* conf/source: lines, and what of them may be shown. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conf/source.h"

static void
lines_are_found(void **state)
{
	struct source *s = source_new("x", "one\ntwo\n\nfour");

	(void)state;
	assert_true(bytes_equal(source_line(s, 1), bytes_text("one")));
	assert_true(bytes_equal(source_line(s, 2), bytes_text("two")));
	assert_int_equal(source_line(s, 3).n, 0);
	assert_true(bytes_equal(source_line(s, 4), bytes_text("four")));
	assert_int_equal(source_line(s, 5).n, 0);
	assert_int_equal(source_line(s, 0).n, 0);
	source_free(s);
}

static void
shows(const char *text, unsigned line, const char *expected)
{
	struct source *s = source_new("x", text);
	char into[SOURCE_SHOWN];
	unsigned column = 0;

	assert_string_equal(source_show(s, line, &column, into), expected);
	source_free(s);
}

static void
harmless_lines_are_shown(void **state)
{
	(void)state;
	shows("a = \"x\";  \n", 1, "a = \"x\";");
	shows("\ta = 1;", 1, "\ta = 1;");
	shows("a\x1b[2Jb", 1, "a?[2Jb");
	shows("a = 1; # x", 1, "a = 1; # ...");
	shows("a = /* x */ 1; // y", 1, "a = /* ... 1; // ...");
	shows("/* x\ny */ a = 1;", 2, "... a = 1;");
	shows("server = { user = \"natsrv\"; };", 1, "server = { user = \"natsrv\"; };");
}

static void
secrets_are_hidden(void **state)
{
	(void)state;
	shows("a = { secrets = [ \"s3\", \"s4\" ]; b = \"x\"; };", 1,
	      "a = { secrets = [ ***, *** ]; b = ***; };");
	shows("secrets = [\n\"s3\",\n\"s4\" ];", 3, "*** ];");
	shows("{ name = \"ann\"; password = \"s3\" \"s4\"; }", 1,
	      "{ name = ***; password = *** ***; }");
	shows("static-auth-secret=north", 1, "static-auth-secret=***");
	shows("user = \"ann:s3\"", 1, "user = ***");
	shows("Password : 5s3", 1, "Password : ***");
	shows("key = \"s3\"\nb = \"x\"", 2, "b = \"x\"");
	shows("auth.users=s3 \"s4", 1, "auth.users=***");
}

static void
an_unclosed_quote_hides_the_rest(void **state)
{
	static const char text[] = "auth = {\n a = \"x; \n secrets = [ \"s3\" ];\n b = \"s4\"; };";

	(void)state;
	shows(text, 1, "auth = {");
	shows(text, 2, " a = ***");
	shows(text, 3, "***");
	shows(text, 4, "***");
	shows("name = \"x;\n b = \"y\";", 1, "name = \"x;"); /* no secret anywhere: shown */
}

static void
the_caret_follows(void **state)
{
	struct source *s = source_new("x", "key = \"0123456789\"; b = 5;");
	char into[SOURCE_SHOWN];
	unsigned column = 21; /* of b */

	(void)state;
	source_show(s, 1, &column, into);
	assert_string_equal(into, "key = ***; b = 5;");
	assert_int_equal(column, 12);
	column = 7;
	source_show(s, 1, &column, into);
	assert_int_equal(column, 7);
	source_free(s);
}

static void
long_lines_are_cut(void **state)
{
	char text[1001], into[SOURCE_SHOWN];
	unsigned column = 900;

	(void)state;
	memset(text, 'x', 1000);
	text[1000] = '\0';
	struct source *s = source_new("x", text);
	source_show(s, 1, &column, into);
	assert_true(strlen(into) < SOURCE_SHOWN);
	assert_non_null(strstr(into, "x..."));
	source_free(s);
}

static void
veiled_sources_show_nothing(void **state)
{
	struct source *s = source_veiled("/etc/natsrv/secret");
	char into[SOURCE_SHOWN];
	unsigned column = 1;

	(void)state;
	assert_string_equal(source_show(s, 1, &column, into), "");
	source_free(s);
	source_free(NULL);
}

static void
files_are_read_or_not(void **state)
{
	char path[] = "/tmp/natsrv-source-XXXXXX";
	struct source *s = NULL;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a = 1;\n", 7), 7);
	close(fd);
	assert_int_equal(source_open(path, &s), 0);
	assert_int_equal(s->n, 7);
	assert_true(s->is_file);
	source_free(s);
	unlink(path);
	assert_int_equal(source_open(path, &s), -ENOENT);
	assert_int_equal(source_open("/", &s), -EISDIR);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_found),
		cmocka_unit_test(harmless_lines_are_shown),
		cmocka_unit_test(secrets_are_hidden),
		cmocka_unit_test(an_unclosed_quote_hides_the_rest),
		cmocka_unit_test(the_caret_follows),
		cmocka_unit_test(long_lines_are_cut),
		cmocka_unit_test(veiled_sources_show_nothing),
		cmocka_unit_test(files_are_read_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
