/* conf/cli: a command line from its table. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/cli.h"

struct wish {
	bool json;
	unsigned loud, count;
	const char *file;
	uint64_t wait, size;
	struct cli_list set;
	int colour;
	bool called;
};

static const char *
call(const char *argument, void *into)
{
	((struct wish *)into)->called = true;
	return strcmp(argument, "bad") == 0 ? "is bad" : NULL;
}

static const char *const colours[] = {"red", "green", NULL};

#define AT(field) .offset = offsetof(struct wish, field)

static const struct cli_option rows[] = {
	{.type = CLI_TITLE, .help = "Output"},
	{.type = CLI_FLAG, .name = "json", .letter = 'j', AT(json), .help = "print JSON"},
	{.type = CLI_COUNT, .name = "verbose", .letter = 'v', AT(loud), .help = "say more"},
	{.type = CLI_INT,
         .name = "count",
         .letter = 'n',
         .argument = "N",
         .max = 100,
         AT(count),
         .help = "how many"},
	{.type = CLI_STRING,
         .name = "file",
         .letter = 'f',
         .argument = "FILE",
         AT(file),
         .help = "a file"},
	{.type = CLI_DURATION,
         .name = "wait",
         .argument = "TIME",
         .max = 60000,
         AT(wait),
         .help = "wait"},
	{.type = CLI_SIZE,
         .name = "size",
         .argument = "BYTES",
         .min = 10,
         AT(size),
         .help = "size"},
	{.type = CLI_LIST, .name = "set", .argument = "PATH=VALUE", AT(set), .help = "set"},
	{.type = CLI_CHOICE,
         .name = "colour",
         .argument = "WHICH",
         .choices = colours,
         AT(colour),
         .help = "colour"},
	{.type = CLI_CALL, .name = "call", .argument = "X", .call = call, .help = "call"},
	{.type = CLI_END},
};

static const struct cli cli = {.program = "prog",
                               .usage = "[options] URL",
                               .about = "Does it.",
                               .rows = rows,
                               .version = "prog 1"};

enum { ARGS_MAX = 32 };

/* Splits at blanks; stdout and stderr go nowhere meanwhile. */
static int
parse(const char *line, struct wish *w, char **argv)
{
	static char text[400];
	int argc = 0, out, err, result;

	snprintf(text, sizeof text, "prog %s", line);
	for (char *rest = text, *word;
	     (word = strtok_r(rest, " ", &rest)) != NULL && argc < ARGS_MAX;)
		argv[argc++] = word;
	argv[argc] = NULL;
	memset(w, 0, sizeof *w);
	fflush(NULL);
	out = dup(1);
	err = dup(2);
	assert_non_null(freopen("/dev/null", "w", stderr));
	assert_non_null(freopen("/dev/null", "w", stdout));
	result = cli_parse(&cli, argc, argv, w);
	fflush(NULL);
	dup2(out, 1);
	dup2(err, 2);
	close(out);
	close(err);
	return result;
}

static void
every_type_is_taken(void **state)
{
	char *argv[ARGS_MAX + 1];
	struct wish w;
	int at = parse("one -jvv -n5 --file=x --wait 250ms --size=1KiB --set a=1 two --set b=2 "
	               "--colour green --call y",
	               &w, argv);

	(void)state;
	assert_string_equal(argv[at], "one");
	assert_string_equal(argv[at + 1], "two");
	assert_true(w.json);
	assert_int_equal(w.loud, 2);
	assert_int_equal(w.count, 5);
	assert_string_equal(w.file, "x");
	assert_int_equal(w.wait, 250);
	assert_int_equal(w.size, 1024);
	assert_int_equal(w.set.n, 2);
	assert_string_equal(w.set.v[1], "b=2");
	assert_int_equal(w.colour, 1);
	assert_true(w.called);
	cli_fini(&cli, &w);
	assert_null(w.set.v);
}

static void
mistakes_are_refused(void **state)
{
	static const char *const bad[] = {"--nope",        "-x",         "--jsn",     "--json=1",
	                                  "--count",       "-n",         "-n x",      "-n 101",
	                                  "-n -1",         "--wait 2h",  "--wait 5x", "--size 9",
	                                  "--colour pink", "--call bad", "--co 5"};
	char *argv[ARGS_MAX + 1];
	struct wish w;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (parse(bad[i], &w, argv) != CLI_WRONG)
			fail_msg("%s passes", bad[i]);
	assert_int_equal(cli_status(CLI_WRONG), 64);
}

static void
help_and_version_end_it(void **state)
{
	char *argv[ARGS_MAX + 1];
	struct wish w;

	(void)state;
	assert_int_equal(parse("--help", &w, argv), CLI_DONE);
	assert_int_equal(parse("-h", &w, argv), CLI_DONE);
	assert_int_equal(parse("--version --nope", &w, argv), CLI_DONE);
	assert_int_equal(cli_status(CLI_DONE), 0);
}

static void
help_comes_from_the_table(void **state)
{
	char *text;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	(void)state;
	cli_help(&cli, to);
	fclose(to);
	assert_non_null(strstr(text, "Usage: prog [options] URL\nDoes it.\n\nOutput:\n"));
	assert_non_null(strstr(text, "\n  -n, --count=N               how many\n"));
	assert_non_null(strstr(text, "\n      --wait=TIME             wait\n"));
	assert_non_null(strstr(text, "\n  -h, --help"));
	free(text);
}

static void
two_dashes_end_options(void **state)
{
	char *argv[ARGS_MAX + 1];
	struct wish w;
	int at = parse("-- --json", &w, argv);

	(void)state;
	assert_string_equal(argv[at], "--json");
	assert_false(w.json);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_is_taken),
		cmocka_unit_test(mistakes_are_refused),
		cmocka_unit_test(help_and_version_end_it),
		cmocka_unit_test(help_comes_from_the_table),
		cmocka_unit_test(two_dashes_end_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
