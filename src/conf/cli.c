#include "conf/cli.h"

#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "common/text.h"

enum {
	ROWS_MAX = 96,
	HELP_VALUE =
		0x1000, /* getopt's value of --help, of --version, and of row i: ROW_VALUE + i */
	VERSION_VALUE = 0x1001,
	ROW_VALUE = 0x2000,
	HELP_COLUMN = 30,
	HELP_WIDTH = 96,
};

struct spelling { /* the table in getopt's words */
	struct option longs[ROWS_MAX + 3];
	char shorts[2 * ROWS_MAX + 8];
	size_t longs_n, shorts_n;
};

static bool
is_option(const struct cli_option *row)
{
	return row->type != CLI_TITLE;
}

static bool
takes_argument(const struct cli_option *row)
{
	return row->type != CLI_FLAG && row->type != CLI_COUNT && row->argument != NULL;
}

static void
spell(struct spelling *s, const char *name, char letter, int value, bool argument)
{
	if (name != NULL)
		s->longs[s->longs_n++] =
			(struct option){.name = name,
		                        .has_arg = argument ? required_argument : no_argument,
		                        .val = value};
	if (letter == 0)
		return;
	s->shorts[s->shorts_n++] = letter;
	if (argument)
		s->shorts[s->shorts_n++] = ':';
}

static const struct cli_option *
row_called(const struct cli *cli, const char *name, char letter)
{
	for (const struct cli_option *row = cli->rows; row->type != CLI_END; row++) {
		if (!is_option(row))
			continue;
		if (name != NULL && row->name != NULL && strcmp(row->name, name) == 0)
			return row;
		if (letter != 0 && row->letter == letter)
			return row;
	}
	return NULL;
}

static void
spell_all(struct spelling *s, const struct cli *cli)
{
	memset(s, 0, sizeof *s);
	s->shorts[s->shorts_n++] = ':'; /* tell a missing argument from an unknown option */
	for (int i = 0; cli->rows[i].type != CLI_END; i++) {
		const struct cli_option *row = &cli->rows[i];

		assert(i < ROWS_MAX);
		if (is_option(row))
			spell(s, row->name, row->letter, ROW_VALUE + i, takes_argument(row));
	}
	spell(s, "help", row_called(cli, NULL, 'h') == NULL ? 'h' : 0, HELP_VALUE, false);
	if (cli->version != NULL)
		spell(s, "version", 0, VERSION_VALUE, false);
}

/* getopt gives a short option back as its letter; rows are wanted. */
static const struct cli_option *
row_of(const struct cli *cli, int value)
{
	if (value >= ROW_VALUE)
		return &cli->rows[value - ROW_VALUE];
	return row_called(cli, NULL, (char)value);
}

static int
complain(const struct cli *cli, const struct cli_option *row, const char *argument, const char *why)
{
	if (row->name != NULL)
		return cli_usage(cli, "--%s %s: %s", row->name, argument, why);
	return cli_usage(cli, "-%c %s: %s", row->letter, argument, why);
}

static const char *
take_int(const struct cli_option *row, const char *argument, void *field)
{
	int64_t value;
	uint64_t max = row->max == 0 || row->max > UINT32_MAX ? UINT32_MAX : row->max;
	const char *why = text_int(argument, (int64_t)row->min, (int64_t)max, &value);

	if (why == NULL)
		*(unsigned *)field = (unsigned)value;
	return why;
}

static const char *
take_quantity(const struct cli_option *row, const char *argument, void *field)
{
	uint64_t value;
	const char *why = row->type == CLI_SIZE ? text_size(argument, &value)
	                                        : text_duration(argument, &value);

	if (why != NULL)
		return why;
	if (value < row->min)
		return "is too small";
	if (row->max != 0 && value > row->max)
		return "is too large";
	*(uint64_t *)field = value;
	return NULL;
}

static const char *
take_choice(const struct cli_option *row, const char *argument, void *field)
{
	for (int i = 0; row->choices[i] != NULL; i++) {
		if (strcmp(row->choices[i], argument) == 0) {
			*(int *)field = i;
			return NULL;
		}
	}
	return "is not one of the choices";
}

static const char *
take_list(const char *argument, void *field)
{
	struct cli_list *list = field;
	const char **more = realloc(list->v, (list->n + 1) * sizeof *more);

	if (more == NULL)
		return "out of memory";
	list->v = more;
	list->v[list->n++] = argument;
	return NULL;
}

/* One option with its argument goes into the program's struct. NULL or a static complaint. */
static const char *
take(const struct cli_option *row, const char *argument, void *into)
{
	void *field = (char *)into + row->offset;

	switch (row->type) {
	case CLI_FLAG:
		*(bool *)field = true;
		return NULL;
	case CLI_COUNT:
		++*(unsigned *)field;
		return NULL;
	case CLI_STRING:
		if (strlen(argument) < row->min)
			return "is too short";
		*(const char **)field = argument;
		return NULL;
	case CLI_INT:
		return take_int(row, argument, field);
	case CLI_DURATION:
	case CLI_SIZE:
		return take_quantity(row, argument, field);
	case CLI_LIST:
		return take_list(argument, field);
	case CLI_CHOICE:
		return take_choice(row, argument, field);
	case CLI_CALL:
		return row->call(argument, into);
	case CLI_TITLE:
	case CLI_END:
		break;
	}
	return "is not an option";
}

static const char *
nearest_name(const struct cli *cli, const char *name)
{
	const char *best = NULL;
	unsigned distance = 3;

	if (strlen(name) > 63)
		return NULL;
	for (const struct cli_option *row = cli->rows; row->type != CLI_END; row++) {
		if (!is_option(row) || row->name == NULL)
			continue;
		unsigned d = text_distance(name, row->name, 2);
		if (d < distance) {
			distance = d;
			best = row->name;
		}
	}
	return best;
}

/* getopt said '?': an unknown or ambiguous name, or an argument where none belongs. */
static int
unknown(const struct cli *cli, const char *word)
{
	char name[64];
	const char *near;

	if (optopt != 0 && optopt < HELP_VALUE && row_called(cli, NULL, (char)optopt) == NULL)
		return cli_usage(cli, "unknown option '-%c'", optopt);
	if (optopt != 0)
		return cli_usage(cli, "option '%s' takes no argument", word);
	snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
	near = strncmp(name, "--", 2) == 0 ? nearest_name(cli, name + 2) : NULL;
	if (near != NULL)
		return cli_usage(cli, "unknown option '%s'; did you mean '--%s'?", name, near);
	return cli_usage(cli, "unknown option '%s'", name);
}

int
cli_parse(const struct cli *cli, int argc, char **argv, void *into)
{
	struct spelling s;
	int value;

	spell_all(&s, cli);
	opterr = 0;
	optind = 0; /* glibc: forget an earlier parse, and permute operands to the end */
	while ((value = getopt_long(argc, argv, s.shorts, s.longs, NULL)) != -1) {
		if (value == HELP_VALUE || (value == 'h' && row_called(cli, NULL, 'h') == NULL)) {
			cli_help(cli, stdout);
			return CLI_DONE;
		}
		if (value == VERSION_VALUE) {
			printf("%s\n", cli->version);
			return CLI_DONE;
		}
		if (value == ':') {
			cli_usage(cli, "option '%s' needs an argument", argv[optind - 1]);
			return CLI_WRONG;
		}
		if (value == '?') {
			unknown(cli, argv[optind - 1]);
			return CLI_WRONG;
		}
		const struct cli_option *row = row_of(cli, value);
		const char *why = take(row, optarg, into);
		if (why != NULL) {
			complain(cli, row, optarg == NULL ? "" : optarg, why);
			return CLI_WRONG;
		}
	}
	return optind;
}

int
cli_status(int result)
{
	return result == CLI_DONE ? EX_OK : EX_USAGE;
}

int
cli_usage(const struct cli *cli, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", cli->program);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\nTry '%s --help'.\n", cli->program);
	return EX_USAGE;
}

/* Words, folded at HELP_WIDTH, in a column; the cursor stands at column `at`. */
static void
fold(FILE *to, const char *words, int at)
{
	while (at < HELP_COLUMN) {
		fputc(' ', to);
		at++;
	}
	while (*words != '\0') {
		int n = (int)strcspn(words, " ");

		if (at > HELP_COLUMN && at + n > HELP_WIDTH) {
			fprintf(to, "\n%*s", HELP_COLUMN, "");
			at = HELP_COLUMN;
		}
		fprintf(to, "%.*s", n, words);
		at += n;
		words += n;
		if (*words == ' ') {
			words++;
			fputc(' ', to);
			at++;
		}
	}
	fputc('\n', to);
}

static void
help_row(FILE *to, const struct cli_option *row)
{
	char left[96];
	const char *argument = row->argument == NULL ? "" : row->argument;
	bool takes = takes_argument(row);
	int n;

	if (row->name == NULL)
		n = snprintf(left, sizeof left, "  -%c%s%s", row->letter, takes ? " " : "",
		             argument);
	else if (row->letter != 0)
		n = snprintf(left, sizeof left, "  -%c, --%s%s%s", row->letter, row->name,
		             takes ? "=" : "", takes ? argument : "");
	else
		n = snprintf(left, sizeof left, "      --%s%s%s", row->name, takes ? "=" : "",
		             takes ? argument : "");
	fputs(left, to);
	if (n >= HELP_COLUMN - 1) { /* no room for two blanks */
		fputc('\n', to);
		n = 0;
	}
	fold(to, row->help == NULL ? "" : row->help, n);
}

void
cli_help(const struct cli *cli, FILE *to)
{
	fprintf(to, "Usage: %s %s\n", cli->program, cli->usage);
	if (cli->about != NULL)
		fprintf(to, "%s\n", cli->about);
	fputc('\n', to);
	for (const struct cli_option *row = cli->rows; row->type != CLI_END; row++) {
		if (row->type == CLI_TITLE)
			fprintf(to, "%s%s:\n", row == cli->rows ? "" : "\n", row->help);
		else
			help_row(to, row);
	}
	struct cli_option help = {.type = CLI_FLAG, .name = "help", .help = "print this and exit"};
	struct cli_option version = {
		.type = CLI_FLAG, .name = "version", .help = "print the version and exit"};
	help.letter = row_called(cli, NULL, 'h') == NULL ? 'h' : 0;
	help_row(to, &help);
	if (cli->version != NULL)
		help_row(to, &version);
	if (cli->epilog != NULL)
		fprintf(to, "\n%s\n", cli->epilog);
}

void
cli_fini(const struct cli *cli, void *into)
{
	for (const struct cli_option *row = cli->rows; row->type != CLI_END; row++) {
		if (row->type != CLI_LIST)
			continue;
		struct cli_list *list = (struct cli_list *)(void *)((char *)into + row->offset);
		free(list->v);
		*list = (struct cli_list){0};
	}
}
