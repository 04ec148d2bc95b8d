#include "conf/grammar.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "conf/veil.h"

/*
 *	settings = { name ("=" | ":") value [";" | ","] }
 *	value    = scalar | "[" scalars "]" | "(" values ")" | "{" settings "}"
 *
 * A walk by hand, one function per rule; each returns false after the first offence.
 */
struct walk {
	struct scan scan;
	struct token t;    /* the next one, not yet used */
	struct token name; /* of the setting around it */
	unsigned depth;
	struct offence *offence;
};

static bool value(struct walk *w);

static void
advance(struct walk *w)
{
	w->t = scan_next(&w->scan);
}

static bool offend(struct walk *w, const struct token *at, const char *what)
	__attribute__((nonnull));
static void hint(struct walk *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool
offend(struct walk *w, const struct token *at, const char *what)
{
	w->offence->line = at->line;
	w->offence->column = at->column;
	w->offence->hint[0] = '\0';
	snprintf(w->offence->what, GRAMMAR_TEXT, "syntax error: %s", what);
	return false;
}

static void
hint(struct walk *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(w->offence->hint, GRAMMAR_TEXT, format, args);
	va_end(args);
}

static bool
one_of(const struct token *t, const char *const *words)
{
	for (; *words != NULL; words++)
		if (scan_is_word(t, *words))
			return true;
	return false;
}

static bool
is_boolean(const struct token *t)
{
	static const char word[2][6] = {"true", "false"};

	for (int i = 0; i < 2; i++) {
		size_t n = strlen(word[i]), same = 0;
		while (same < n && same < t->text.n && tolower(t->text.p[same]) == word[i][same])
			same++;
		if (same == n && t->text.n == n)
			return true;
	}
	return false;
}

/* A bare word or something that only begins like a number: say what it should have been. */
static bool
offend_word(struct walk *w)
{
	static const char *const yes[] = {"yes", "on", "Yes", "On", "YES", "ON", "enabled", NULL};
	static const char *const no[] = {"no", "off", "No", "Off", "NO", "OFF", "disabled", NULL};
	const struct token *t = &w->t;
	const char *text = (const char *)t->text.p;

	if (one_of(t, yes) || one_of(t, no)) {
		offend(w, t, "a word without quotes");
		hint(w, "booleans are true or false: write %s", one_of(t, yes) ? "true" : "false");
		return false;
	}
	if (t->kind == SCAN_NAME) {
		offend(w, t, "a word without quotes");
		hint(w, "text needs quotes: \"...\"");
		return false;
	}
	size_t digits = 0;
	while (digits < t->text.n && isdigit(t->text.p[digits]))
		digits++;
	const char *unit = text + digits;
	size_t unit_n = t->text.n - digits;
	offend(w, t, "this begins like a number but is none");
	/* examples, never the word itself: it may be a secret */
	if (veil_sounds_secret(w->name.text))
		hint(w, "text needs quotes: \"...\"");
	else if (unit_n > 0 && strchr("smhdw", unit[0]) != NULL && (unit_n < 3 || isdigit(unit[1])))
		hint(w, "durations are quoted: \"10m\", \"1h30m\"");
	else if (unit_n > 0 && strchr("kKMG", unit[0]) != NULL)
		hint(w, "sizes and rates are quoted: \"256KiB\", \"10/s\"");
	else if (memchr(text, '.', t->text.n) != NULL || memchr(text, '/', t->text.n) != NULL)
		hint(w, "addresses are quoted: \"192.0.2.1\"");
	else if (memchr(text, '-', t->text.n) != NULL)
		hint(w, "ranges are quoted: \"50000-50999\"");
	else
		hint(w, "a number has digits only; text is quoted: \"...\"");
	return false;
}

static bool
string(struct walk *w)
{
	if (w->t.unclosed || w->t.lines > 0) {
		offend(w, &w->t, "a text that is not closed on its line");
		hint(w, "the quote that is opened here has no partner on line %u", w->t.line);
		return false;
	}
	advance(w);
	return true;
}

static bool
scalar(struct walk *w)
{
	switch (w->t.kind) {
	case SCAN_STRING: /* neighbours are joined, as in C */
		while (w->t.kind == SCAN_STRING)
			if (!string(w))
				return false;
		return true;
	case SCAN_NUMBER:
		if (scan_number(&w->t) == SCAN_NO_NUMBER)
			return offend_word(w);
		advance(w);
		return true;
	case SCAN_NAME:
		if (!is_boolean(&w->t))
			return offend_word(w);
		advance(w);
		return true;
	default:
		return offend(w, &w->t, "a value is missing");
	}
}

static bool
offend_unclosed(struct walk *w, const struct token *open)
{
	char what[] = "the end of the file, but '?' is still open";

	what[strlen("the end of the file, but '")] = (char)open->text.p[0];
	offend(w, open, what);
	hint(w, "opened here; it has no partner");
	return false;
}

/* A second value in a list without a comma, or a bracket of the wrong kind. */
static bool
offend_in_list(struct walk *w, const struct token *open, char close)
{
	const struct token *t = &w->t;

	if (t->kind == SCAN_END)
		return offend_unclosed(w, open);
	if (scan_is_mark(t, ';') || scan_is_mark(t, '}') || scan_is_mark(t, ')') ||
	    scan_is_mark(t, ']')) {
		offend(w, t, "the list is not closed");
		hint(w, "'%c' of line %u needs its '%c' before this", open->text.p[0], open->line,
		     close);
		return false;
	}
	if (scan_is_mark(t, '=') || scan_is_mark(t, ':')) {
		offend(w, t, "a setting inside a list");
		hint(w, "settings inside a list stand in braces: ( { name = value; } )");
		return false;
	}
	offend(w, t, "a comma is missing");
	hint(w, "values of a list are separated by commas");
	return false;
}

/* [ scalars ] or ( values ); the opening bracket is the current token. */
static bool
list(struct walk *w, char close)
{
	struct token open = w->t;

	advance(w);
	while (!scan_is_mark(&w->t, close)) {
		if (w->t.kind == SCAN_END)
			return offend_unclosed(w, &open);
		if (close == ']' && (scan_is_mark(&w->t, '{') || scan_is_mark(&w->t, '(') ||
		                     scan_is_mark(&w->t, '['))) {
			offend(w, &w->t, "groups and lists cannot stand in [ ]");
			hint(w, "lists of groups are written ( { ... }, { ... } )");
			return false;
		}
		if (!(close == ']' ? scalar(w) : value(w)))
			return false;
		if (scan_is_mark(&w->t, close))
			break;
		if (!scan_is_mark(&w->t, ','))
			return offend_in_list(w, &open, close);
		struct token comma = w->t;
		advance(w);
		if (scan_is_mark(&w->t, close)) {
			offend(w, &comma, "a comma before the closing bracket");
			hint(w, "remove the comma before '%c'", close);
			return false;
		}
	}
	advance(w);
	return true;
}

struct names { /* of one group, to find the first of two */
	struct token *v;
	size_t n;
};

static bool
remember(struct walk *w, struct names *names, const struct token *name)
{
	for (size_t i = 0; i < names->n; i++) {
		if (!bytes_equal(names->v[i].text, name->text))
			continue;
		offend(w, name, "this setting is there twice");
		hint(w, "the first one is on line %u", names->v[i].line);
		return false;
	}
	struct token *more = realloc(names->v, (names->n + 1) * sizeof *more);
	if (more == NULL)
		return true; /* libconfig will find the duplicate */
	names->v = more;
	names->v[names->n++] = *name;
	return true;
}

/* What stands where the name of a setting should. */
static bool
offend_no_name(struct walk *w)
{
	const struct token *t = &w->t;

	if (t->kind == SCAN_STRING && (t->unclosed || t->lines > 0))
		return string(w);
	offend(w, t, "the name of a setting is missing");
	if (scan_is_mark(t, '['))
		hint(w, "there are no [sections]: write name = { ... };");
	else if (scan_is_mark(t, ','))
		hint(w, "several values need brackets: [ ..., ... ]");
	else if (scan_is_mark(t, '}') || scan_is_mark(t, ']') || scan_is_mark(t, ')'))
		hint(w, "nothing is open that this could close");
	else if (t->kind == SCAN_STRING || t->kind == SCAN_NUMBER)
		hint(w, "several values need brackets and commas; a setting is name = value;");
	else if (t->kind == SCAN_JUNK)
		hint(w, "comments begin with '#'; a setting is name = value;");
	return false;
}

static bool
setting(struct walk *w, struct names *names)
{
	struct token name = w->t;

	if (name.kind == SCAN_INCLUDE) {
		offend(w, &name, "@include is not used here");
		hint(w, "put the file into the directory FILE.d; what ends in .conf there is read "
		        "as well");
		return false;
	}
	if (name.kind != SCAN_NAME)
		return offend_no_name(w);
	if (!remember(w, names, &name))
		return false;
	w->name = name;
	advance(w);
	if (scan_is_mark(&w->t, '{')) {
		offend(w, &w->t, "'=' is missing");
		hint(w, "groups are written name = { ... };");
		return false;
	}
	if (!scan_is_mark(&w->t, '=') && !scan_is_mark(&w->t, ':')) {
		offend(w, &name, "'=' is missing behind this name");
		hint(w, "a setting is written name = value;");
		return false;
	}
	advance(w);
	if (!value(w))
		return false;
	if (scan_is_mark(&w->t, ';') || scan_is_mark(&w->t, ','))
		advance(w);
	return true;
}

static bool
settings(struct walk *w, const struct token *open)
{
	struct names names = {0};
	bool good = true;

	while (good) {
		if (open == NULL ? w->t.kind == SCAN_END : scan_is_mark(&w->t, '}'))
			break;
		if (w->t.kind == SCAN_END)
			good = offend_unclosed(w, open);
		else
			good = setting(w, &names);
	}
	free(names.v);
	return good;
}

static bool
group(struct walk *w)
{
	struct token open = w->t;

	advance(w);
	if (!settings(w, &open))
		return false;
	advance(w);
	return true;
}

static bool
value(struct walk *w)
{
	bool good;

	if (++w->depth > GRAMMAR_DEPTH)
		return offend(w, &w->t, "too many brackets inside brackets");
	if (scan_is_mark(&w->t, '['))
		good = list(w, ']');
	else if (scan_is_mark(&w->t, '('))
		good = list(w, ')');
	else if (scan_is_mark(&w->t, '{'))
		good = group(w);
	else
		good = scalar(w);
	w->depth--;
	return good;
}

bool
grammar_check(struct bytes text, struct offence *first)
{
	struct walk w = {.scan = scan_over(text), .offence = first};

	memset(first, 0, sizeof *first);
	if (memchr(text.p, 0, text.n) != NULL) {
		*first = (struct offence){.line = 1, .column = 1};
		snprintf(first->what, GRAMMAR_TEXT, "this is not a text: it holds NUL bytes");
		return false;
	}
	advance(&w);
	if (!settings(&w, NULL))
		return false;
	if (!w.t.unclosed)
		return true;
	offend(&w, &w.t, "the end of the file, but a comment is still open");
	hint(&w, "a comment that begins with /* ends with */");
	return false;
}
