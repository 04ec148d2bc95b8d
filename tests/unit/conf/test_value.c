/* conf/value: single values, their bounds and units (F14). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "conf/read.h"
#include "conf/value.h"

union field {
	bool yes;
	unsigned n;
	uint64_t wide;
	int choice;
	char *text;
	struct secret secret;
	uint16_t port;
};

static const char *
parse_port(const char *text, void *into)
{
	if (strcmp(text, "http") != 0)
		return "is no service";
	*(uint16_t *)into = 80;
	return NULL;
}

static const struct choice colours[] = {
	{"red", 1, NULL}, {"green", 2, NULL}, {"blue", 3, "is sold out"}, {0}};

static const struct option yes = {.type = OPTION_BOOL, .name = "v"};
static const struct option port = {.type = OPTION_INT, .name = "v", .min = 1, .max = 65535};
static const struct option plain = {.type = OPTION_INT, .name = "v", .max = 100};
static const struct option duration = {
	.type = OPTION_DURATION, .name = "v", .min = 1000, .max = 60000};
static const struct option size = {
	.type = OPTION_SIZE, .name = "v", .min = 4096, .max = 1048576, .special = "auto"};
static const struct option rate = {.type = OPTION_RATE, .name = "v", .max = 1000};
static const struct option colour = {.type = OPTION_CHOICE, .name = "v", .choices = colours};
static const struct option text = {.type = OPTION_STRING, .name = "v", .min = 1, .max = 8};
static const struct option parsed = {.type = OPTION_PARSED, .name = "v", .parse = parse_port};
static const struct option secret = {.type = OPTION_SECRET, .name = "v"};

/* Takes "v = spelled"; says whether that went well, and without a complaint exactly then. */
static bool
takes(const struct option *row, const char *spelled, union field *into)
{
	char line[200];
	struct complaints *c = complaints_new();

	snprintf(line, sizeof line, "v = %s;", spelled);
	struct source *s = source_new("x", line);
	struct tree *t = read_source(s, c);
	assert_non_null(t);
	memset(into, 0, sizeof *into);
	struct value_job job = {.row = row, .node = t->child, .path = "v", .field = into, .c = c};
	bool good = value_take(&job);
	assert_int_equal(complaints_errors(c), !good);
	tree_free(t);
	source_free(s);
	complaints_free(c);
	return good;
}

static void
refuses(const struct option *row, const char *const *spelled)
{
	union field f;

	for (; *spelled != NULL; spelled++)
		if (takes(row, *spelled, &f))
			fail_msg("%s passes", *spelled);
}

static void
booleans(void **state)
{
	static const char *const bad[] = {"1", "\"true\"", "\"\"", "[ true ]", "{ }", NULL};
	union field f;

	(void)state;
	assert_true(takes(&yes, "true", &f) && f.yes);
	assert_true(takes(&yes, "False", &f) && !f.yes);
	refuses(&yes, bad);
}

static void
integers(void **state)
{
	static const char *const bad[] = {"0",
	                                  "65536",
	                                  "-1",
	                                  "\"80\"",
	                                  "\"\"",
	                                  "2147483648",
	                                  "4294967296",
	                                  "4294967297",
	                                  "18446744073709551616",
	                                  "18446744073709551617",
	                                  "99999999999L",
	                                  "-0",
	                                  "80.0",
	                                  "true",
	                                  "[ 80 ]",
	                                  NULL};
	static const char *const bad_plain[] = {"-1", "101", "-0", "4294967296", NULL};
	union field f;

	(void)state;
	assert_true(takes(&port, "1", &f) && f.n == 1);
	assert_true(takes(&port, "65535", &f) && f.n == 65535);
	assert_true(takes(&port, "80L", &f) && f.n == 80);
	assert_true(takes(&port, "0x50", &f) && f.n == 80);
	refuses(&port, bad);
	assert_true(takes(&plain, "0", &f) && f.n == 0);
	refuses(&plain, bad_plain);
}

static void
durations(void **state)
{
	static const char *const bad[] = {"\"999ms\"", "\"61s\"",  "\"\"",       "\"10 s\"",
	                                  "\"s\"",     "0",        "61",         "-1",
	                                  "1.5",       "\"auto\"", "4294967297", NULL};
	union field f;

	(void)state;
	assert_true(takes(&duration, "\"10s\"", &f) && f.wide == 10000);
	assert_true(takes(&duration, "\"1m\"", &f) && f.wide == 60000);
	assert_true(takes(&duration, "30", &f) && f.wide == 30000);
	refuses(&duration, bad);
}

static void
sizes(void **state)
{
	static const char *const bad[] = {"65536", "\"1\"", "\"2MiB\"", "\"64 KiB\"",
	                                  "\"\"",  "0",     "\"big\"",  NULL};
	union field f;

	(void)state;
	assert_true(takes(&size, "\"64KiB\"", &f) && f.wide == 65536);
	assert_true(takes(&size, "\"auto\"", &f) && f.wide == 0);
	refuses(&size, bad);
}

static void
rates(void **state)
{
	static const char *const bad[] = {
		"10",   "\"10\"",   "\"10/m\"",   "\"/s\"",
		"\"\"", "\"-1/s\"", "\"1001/s\"", "\"99999999999999999999999/s\"",
		NULL};
	union field f;
	uint64_t n;

	(void)state;
	assert_true(takes(&rate, "\"10/s\"", &f) && f.n == 10);
	assert_true(takes(&rate, "\"0\"", &f) && f.n == 0);
	assert_true(takes(&rate, "0", &f) && f.n == 0);
	refuses(&rate, bad);
	assert_null(value_rate("5/s", &n));
	assert_int_equal(n, 5);
}

static void
choices(void **state)
{
	static const char *const bad[] = {"\"pink\"", "\"blue\"", "\"\"", "\"Red\"", "1", NULL};
	union field f;

	(void)state;
	assert_true(takes(&colour, "\"green\"", &f) && f.choice == 2);
	refuses(&colour, bad);
}

static void
strings(void **state)
{
	static const char *const bad[] = {"\"\"", "\"123456789\"", "\"a\\x01\"", "\"\\xff\"", "5",
	                                  NULL};
	union field f;

	(void)state;
	assert_true(takes(&text, "\"12345678\"", &f));
	assert_string_equal(f.text, "12345678");
	value_free(&text, &f);
	assert_null(f.text);
	refuses(&text, bad);
}

static void
parsers(void **state)
{
	static const char *const bad[] = {"\"https\"", "80", NULL};
	union field f;

	(void)state;
	assert_true(takes(&parsed, "\"http\"", &f) && f.port == 80);
	refuses(&parsed, bad);
}

static void
secrets(void **state)
{
	static const char *const bad[] = {"5", "[ \"x\" ]", NULL};
	union field f;

	(void)state;
	assert_true(takes(&secret, "\"s3\"", &f));
	assert_int_equal(f.secret.n, 2);
	assert_memory_equal(f.secret.p, "s3", 2);
	value_free(&secret, &f);
	assert_null(f.secret.p);
	refuses(&secret, bad);
}

static void
bounds_have_words(void **state)
{
	static const struct option one = {.type = OPTION_INT, .min = 1, .max = 1};
	static const struct option low = {.type = OPTION_INT, .min = 5};
	char into[VALUE_WORDS];

	(void)state;
	assert_string_equal(value_bounds(&port, into), "1 to 65535");
	assert_string_equal(value_bounds(&duration, into), "1s to 1m");
	assert_string_equal(value_bounds(&size, into), "4KiB to 1MiB, or \"auto\"");
	assert_string_equal(value_bounds(&rate, into), "0/s to 1000/s");
	assert_string_equal(value_bounds(&colour, into), "\"red\", \"green\"");
	assert_string_equal(value_bounds(&one, into), "only 1");
	assert_string_equal(value_bounds(&low, into), "at least 5");
	assert_string_equal(value_bounds(&text, into), "");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(booleans),  cmocka_unit_test(integers),
		cmocka_unit_test(durations), cmocka_unit_test(sizes),
		cmocka_unit_test(rates),     cmocka_unit_test(choices),
		cmocka_unit_test(strings),   cmocka_unit_test(parsers),
		cmocka_unit_test(secrets),   cmocka_unit_test(bounds_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
