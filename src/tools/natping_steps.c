#include "tools/natping_steps.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { NAME = 13, LEVEL = 10, INDENT = 2 + NAME + LEVEL, WIDTH = 96 };

const char *
natping_steps_level(enum natping_level level)
{
	static const char *const names[NATPING_LEVELS] = {
		[NATPING_OK] = "ok", [NATPING_INFO] = "info", [NATPING_WARNING] = "warning",
		[NATPING_UNTESTED] = "untested", [NATPING_FAILED] = "failed",
		[NATPING_CRITICAL] = "CRITICAL",
	};

	return names[level];
}

/* Words are folded at blanks, under their own column. */
static void
print_folded(const char *words)
{
	size_t column = INDENT;

	while (*words != '\0') {
		size_t n = strcspn(words, " ");

		if (column > INDENT && column + 1 + n > WIDTH) {
			printf("\n%*s", INDENT, "");
			column = INDENT;
		} else if (column > INDENT) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)n, words);
		column += n;
		words += n;
		words += strspn(words, " ");
	}
	putchar('\n');
}

static void
print_row(const struct natping *p, const struct natping_step *s)
{
	static const char *const colours[NATPING_LEVELS] = {
		[NATPING_OK] = "\033[32m", [NATPING_INFO] = "", [NATPING_WARNING] = "\033[33m",
		[NATPING_UNTESTED] = "\033[33m", [NATPING_FAILED] = "\033[31m",
		[NATPING_CRITICAL] = "\033[1;31m",
	};

	printf("  %-*s%s%-*s%s", NAME, s->name, p->colour ? colours[s->level] : "", LEVEL,
	       natping_steps_level(s->level), p->colour ? "\033[0m" : "");
	print_folded(s->words);
	fflush(stdout);
}

bool
natping_steps_add(struct natping *p, const char *name, enum natping_level level,
                  const char *format, ...)
{
	struct natping_step *s = &p->step[p->steps];
	va_list ap;

	if (p->steps < NATPING_STEPS - 1)
		p->steps++;
	s->name = name;
	s->level = level;
	va_start(ap, format);
	vsnprintf(s->words, sizeof s->words, format, ap);
	va_end(ap);
	if (!p->quiet)
		print_row(p, s);
	return level < NATPING_UNTESTED;
}

const struct natping_step *
natping_steps_worst(const struct natping *p)
{
	const struct natping_step *worst = NULL;

	for (unsigned i = 0; i < p->steps; i++)
		if (worst == NULL || p->step[i].level > worst->level)
			worst = &p->step[i];
	return worst;
}

int
natping_steps_exit(const struct natping *p)
{
	const struct natping_step *worst = natping_steps_worst(p);

	switch (worst == NULL ? NATPING_UNTESTED : worst->level) {
	case NATPING_OK:
	case NATPING_INFO:
		return 0;
	case NATPING_WARNING:
		return 1;
	case NATPING_UNTESTED:
		return 3;
	default:
		return 2;
	}
}
