/* tools/natload_options: what a command line asks for, and what is refused before any packet leaves. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "tools/natload_options.h"

enum { WORDS = 32, USAGE = 64 };

static struct natload_options o;
static bool ended;

/* Reads a command line that is written with blanks. */
static int
read_line(const char *text)
{
	static char line[512];
	char *argv[WORDS] = {"natload"};
	char *rest = NULL;
	int argc = 1;

	snprintf(line, sizeof line, "%s", text);
	for (char *w = strtok_r(line, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest))
		argv[argc++] = w;
	optind = 0;
	return natload_options_read(argc, argv, &o, &ended);
}

static void
defaults(void **state)
{
	(void)state;
	assert_int_equal(read_line("binding 127.0.0.1"), 0);
	assert_false(ended);
	assert_int_equal(o.mode, NATLOAD_BINDING);
	assert_string_equal(o.target, "127.0.0.1");
	assert_int_equal(o.number, 16);
	assert_int_equal(o.window, 64);
	assert_int_equal(o.seconds, 5000);
	assert_int_equal(o.rate, 0);
}

static void
everything_of_a_relay(void **state)
{
	(void)state;
	assert_int_equal(read_line("relay --user u --password-file p -n 4 -d call -s 1200 -b 16 "
	                           "--rate 100000 --seconds 1500ms --json --pid 1 host:3478"), 0);
	assert_int_equal(o.mode, NATLOAD_RELAY);
	assert_int_equal(o.direction, NATLOAD_CALL);
	assert_int_equal(o.number, 4);
	assert_int_equal(o.size, 1200);
	assert_int_equal(o.burst, 16);
	assert_int_equal(o.rate, 100000);
	assert_int_equal(o.seconds, 1500);
	assert_int_equal(o.pid, 1);
	assert_true(o.json);
	assert_string_equal(o.target, "host:3478");
}

static void
refused(void **state)
{
	static const char *const lines[] = {
		"",
		"binding",
		"nonsense 127.0.0.1",
		"binding 127.0.0.1 more",
		"binding -4 -6 127.0.0.1",
		"allocate 127.0.0.1",
		"allocate --user u 127.0.0.1",
		"hold --secret-file a --password-file b --user u 127.0.0.1",
		"relay --secret-file s -d call -n 3 127.0.0.1",
		"relay --secret-file s -d sideways 127.0.0.1",
		"relay --secret-file s -b 65 127.0.0.1",
		"relay --secret-file s -b 64 -s 1200 127.0.0.1",
		"relay --secret-file s -s 10 127.0.0.1",
		"relay --secret-file s -n 0 127.0.0.1",
		"binding --rate x 127.0.0.1",
		"binding --seconds 0 127.0.0.1",
	};

	(void)state;
	for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++)
		assert_int_equal(read_line(lines[i]), USAGE);
}

static void
names(void **state)
{
	(void)state;
	assert_string_equal(natload_options_mode(NATLOAD_HOLD), "hold");
	assert_string_equal(natload_options_direction(NATLOAD_BOTH), "both");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(everything_of_a_relay),
		cmocka_unit_test(refused),
		cmocka_unit_test(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
