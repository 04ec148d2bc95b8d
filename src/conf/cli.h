/*
 * conf/cli.h -- start-up: a program's command line as a table of rows; parsing and --help come
 * from it. getopt_long underneath, so "--name=value", "--name value", "-n value" and bundles of
 * flags work.
 *
 *	struct wish { bool json; unsigned count; const char *secret_file; };
 *	static const struct cli_option rows[] = {
 *		{.name = "json", .type = CLI_FLAG, .offset = offsetof(struct wish, json),
 *		 .help = "print JSON"},
 *		{.name = "count", .letter = 'n', .argument = "N", .type = CLI_INT, .max = 1000000,
 *		 .offset = offsetof(struct wish, count), .help = "how many (default 5)"},
 *		{.type = CLI_END},
 *	};
 *	static const struct cli cli = {
 *		.program = "natping", .usage = "[options] URL", .about = "...", .rows = rows};
 *	int at = cli_parse(&cli, argc, argv, &wish);   // argv[at] is the first operand
 *	if (at < 0)
 *		return cli_status(at);
 */
#ifndef NATSRV_CONF_CLI_H
#define NATSRV_CONF_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum cli_type {
	CLI_END,      /* the last row */
	CLI_FLAG,     /* bool: becomes true */
	CLI_COUNT,    /* unsigned: one more each time */
	CLI_STRING,   /* const char *: points into argv, not empty unless min is 0 and text is "" */
	CLI_INT,      /* unsigned, min..max */
	CLI_DURATION, /* uint64_t milliseconds, min..max; "250ms", "10s", a bare 10 is seconds */
	CLI_SIZE,     /* uint64_t bytes, min..max; "64KiB" */
	CLI_LIST,     /* struct cli_list: one more text each time */
	CLI_CALL,     /* call() with the argument and `into` */
	CLI_CHOICE,   /* int: index into `choices` */
	CLI_TITLE,    /* no option: a heading in --help */
};

struct cli_list {
	const char **v; /* pointers into argv */
	size_t n;
};

struct cli_option {
	enum cli_type type;
	const char *name;           /* long, without dashes */
	char letter;                /* short, 0 = none */
	const char *argument;       /* its name in --help; NULL: takes none */
	size_t offset;              /* of the field in the struct that cli_parse() fills */
	uint64_t min, max;          /* max 0 = no bound but the field's */
	const char *const *choices; /* NULL-terminated */
	const char *(*call)(const char *argument, void *into); /* NULL or a static complaint */
	const char *help;                                      /* one sentence; lines are folded */
};

struct cli {
	const char *program;
	const char *usage; /* what follows the program's name: "[options] URL" */
	const char *about; /* one or two sentences below the usage */
	const struct cli_option *rows;
	const char *version; /* what --version prints, without line end; NULL: no --version */
	const char *epilog;  /* printed after the options; may be NULL */
};

enum { CLI_DONE = -1, CLI_WRONG = -2 };

/*
 * Fills `into` (the caller has put the defaults there). Returns the index of the first operand;
 * CLI_DONE after --help or --version were printed on stdout; CLI_WRONG after a complaint on stderr.
 * --help and -h are added unless a row takes them. Options and operands may be mixed.
 */
int cli_parse(const struct cli *cli, int argc, char **argv, void *into);

/* Exit status for a negative result: 0 for CLI_DONE, 64 (EX_USAGE) for CLI_WRONG. */
int cli_status(int result);

/* "natping: why" and the way to --help on stderr; returns 64. For complaints about operands. */
int cli_usage(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

void cli_help(const struct cli *cli, FILE *to);

/* Frees what CLI_LIST rows collected. */
void cli_fini(const struct cli *cli, void *into);

#endif
