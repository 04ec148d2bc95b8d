#include "conf/complaints.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf/source.h"

enum { HINTS_MAX = 4 };

struct complaint {   /* owns copies of all that it prints */
	char *place; /* "/etc/natsrv.conf", "command line" */
	char *shown; /* the source line, masked; NULL = none */
	char *text;
	char *hint[HINTS_MAX];
	unsigned hints, line, column;
	unsigned rank;   /* of the source; the last ones have none */
	unsigned source; /* in which order the places came up */
	unsigned order;
	bool is_error, is_file;
};

struct complaints {
	struct complaint *v;
	size_t n;
	size_t errors, warnings;
	bool last_lost; /* the last one could not be kept: its hints have no place */
};

struct complaints *
complaints_new(void)
{
	return calloc(1, sizeof(struct complaints));
}

static void
complaint_fini(struct complaint *one)
{
	for (unsigned i = 0; i < one->hints; i++)
		free(one->hint[i]);
	free(one->place);
	free(one->shown);
	free(one->text);
}

void
complaints_free(struct complaints *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n; i++)
		complaint_fini(&c->v[i]);
	free(c->v);
	free(c);
}

static struct complaint *
grow(struct complaints *c)
{
	struct complaint *more = realloc(c->v, (c->n + 1) * sizeof *more);

	if (more == NULL)
		return NULL;
	c->v = more;
	memset(&c->v[c->n], 0, sizeof *c->v);
	return &c->v[c->n];
}

/* Complaints about one place stand together, in the order in which the places came up. */
static unsigned
source_order(const struct complaints *c, const char *place)
{
	unsigned next = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (strcmp(c->v[i].place, place) == 0)
			return c->v[i].source;
		if (c->v[i].source >= next)
			next = c->v[i].source + 1;
	}
	return next;
}

/* The caret goes where the origin says, else below the first word. */
static unsigned
caret(const char *shown, unsigned column)
{
	size_t blanks = strspn(shown, " \t");

	if (column == 0 || column > strlen(shown))
		return (unsigned)blanks + 1;
	return column;
}

static bool
fill(struct complaints *c, struct complaint *one, struct origin at, char *text)
{
	char shown[SOURCE_SHOWN];

	one->text = text;
	one->place = strdup(at.source == NULL ? "configuration" : at.source->name);
	if (one->place == NULL)
		return false;
	one->rank = at.source == NULL || at.source->rank == 0 ? UINT_MAX : at.source->rank;
	one->is_file = at.source != NULL && at.source->is_file;
	one->line = at.line;
	one->order = (unsigned)c->n;
	one->source = source_order(c, one->place);
	if (at.source == NULL || at.line == 0)
		return true;
	one->column = at.column;
	if (source_show(at.source, at.line, &one->column, shown)[0] == '\0')
		return true;
	one->shown = strdup(shown);
	one->column = caret(shown, one->column);
	return one->shown != NULL;
}

static void
add(struct complaints *c, struct origin at, bool is_error, char *text)
{
	struct complaint *one = text == NULL ? NULL : grow(c);

	if (is_error)
		c->errors++;
	else
		c->warnings++;
	c->last_lost = true;
	if (one == NULL) {
		free(text);
		return;
	}
	one->is_error = is_error;
	if (!fill(c, one, at, text)) {
		complaint_fini(one);
		return;
	}
	c->n++;
	c->last_lost = false;
}

static char *format_text(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

static char *
format_text(const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		return NULL;
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?'; /* a stranger's bytes must not drive the terminal */
	return text;
}

void
complaints_error(struct complaints *c, struct origin at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(c, at, true, format_text(format, args));
	va_end(args);
}

void
complaints_warning(struct complaints *c, struct origin at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(c, at, false, format_text(format, args));
	va_end(args);
}

void
complaints_hint(struct complaints *c, const char *format, ...)
{
	va_list args;

	if (c->n == 0 || c->last_lost || c->v[c->n - 1].hints == HINTS_MAX)
		return;
	va_start(args, format);
	char *text = format_text(format, args);
	va_end(args);
	if (text != NULL)
		c->v[c->n - 1].hint[c->v[c->n - 1].hints++] = text;
}

size_t
complaints_errors(const struct complaints *c)
{
	return c->errors;
}

size_t
complaints_warnings(const struct complaints *c)
{
	return c->warnings;
}

static int
by_place(const void *a, const void *b)
{
	const struct complaint *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* "      |   ^ hint"; blanks before the caret repeat the tabs of the line above. */
static void
print_caret(const struct complaint *one, FILE *to)
{
	fputs("      | ", to);
	for (unsigned i = 0; i + 1 < one->column; i++) {
		unsigned char c = (unsigned char)one->shown[i];
		if ((c & 0xc0) != 0x80) /* one blank for one character, not for each of its bytes */
			fputc(c == '\t' ? '\t' : ' ', to);
	}
	fprintf(to, "^%s%s\n", one->hints > 0 ? " " : "", one->hints > 0 ? one->hint[0] : "");
}

static void
print_one(const struct complaint *one, FILE *to)
{
	unsigned hint = 0;

	fputs(one->place, to);
	if (one->is_file && one->line > 0)
		fprintf(to, ":%u", one->line);
	fprintf(to, ": %s: %s\n", one->is_error ? "error" : "warning", one->text);
	if (one->shown != NULL) {
		fprintf(to, "%5u | %s\n", one->line, one->shown);
		print_caret(one, to);
		hint = 1;
	}
	for (; hint < one->hints; hint++)
		fprintf(to, "      %s\n", one->hint[hint]);
}

void
complaints_print(struct complaints *c, FILE *to)
{
	if (c->n > 1)
		qsort(c->v, c->n, sizeof *c->v, by_place);
	c->last_lost = true; /* order is gone: a hint would go astray */
	for (size_t i = 0; i < c->n; i++)
		print_one(&c->v[i], to);
	if (c->errors + c->warnings > c->n)
		fputs("(some complaints are lost: out of memory)\n", to);
}

const char *
complaints_count(const struct complaints *c, char into[static 64])
{
	snprintf(into, 64, "%zu error%s, %zu warning%s", c->errors, c->errors == 1 ? "" : "s",
	         c->warnings, c->warnings == 1 ? "" : "s");
	return into;
}
