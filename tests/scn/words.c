#include "scn.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "common/text.h"

enum { REPEATED_MAX = 66000 };

/* "\(300)a" stands for 300 times the character a. Returns its end or NULL. */
static const char *
repeated(const char *from, char **to)
{
	char *end;
	unsigned long n = strtoul(from + 2, &end, 10);

	if (*end != ')' || end[1] == '\0' || n > REPEATED_MAX)
		return NULL;
	memset(*to, end[1], n);
	*to += n;
	return end + 2;
}

/* Copies a "quoted text" without its quotes; \xNN stands for a byte. Returns its end or NULL. */
static const char *
quoted(const char *from, char **to)
{
	uint8_t byte;

	for (from++; *from != '"';) {
		if (*from == '\0')
			return NULL;
		if (from[0] == '\\' && from[1] == '(') {
			if ((from = repeated(from, to)) == NULL)
				return NULL;
		} else if (from[0] == '\\' && from[1] == 'x') {
			char hex[3] = {from[2], from[2] == '\0' ? '\0' : from[3], '\0'};

			if (!text_unhex(hex, &byte, 1))
				return NULL;
			*(*to)++ = (char)byte;
			from += 4;
		} else {
			*(*to)++ = *from++;
		}
	}
	return from + 1;
}

const char *
words_split(struct words *into, const char *line)
{
	char *to = into->text;

	into->n = 0;
	for (const char *p = line;;) {
		while (*p == ' ' || *p == '\t' || *p == '\n')
			p++;
		if (*p == '\0' || *p == '#')
			return NULL;
		if (into->n == WORDS_MAX)
			return "too many words";

		struct word *w = &into->w[into->n++];
		*w = (struct word){.name = to};
		if (*p == '"')
			w->name = NULL;
		while (*p != '\0' && strchr(" \t\n=\"", *p) == NULL)
			*to++ = *p++;
		*to++ = '\0';
		if (*p == '=')
			p++;
		else if (*p != '"')
			continue;
		w->value = to;
		while (*p != '\0' && strchr(" \t\n", *p) == NULL) {
			if (*p != '"')
				*to++ = *p++;
			else if ((p = quoted(p, &to)) == NULL)
				return "a quote is not closed";
		}
		w->value_n = (size_t)(to - w->value);
		*to++ = '\0';
	}
}

bool
words_is(const struct word *w, const char *name)
{
	return w->name != NULL && strcasecmp(w->name, name) == 0;
}

const struct word *
words_find(const struct words *ws, const char *name)
{
	for (unsigned i = 0; i < ws->n; i++)
		if (words_is(&ws->w[i], name))
			return &ws->w[i];
	return NULL;
}

const char *
words_value(const struct words *ws, const char *name, const char *otherwise)
{
	const struct word *w = words_find(ws, name);

	return w == NULL || w->value == NULL ? otherwise : w->value;
}

bool
words_bytes(const struct word *w, struct buffer *into)
{
	const char *v = w->value;

	into->n = 0;
	if (v == NULL)
		return true;
	if (w->value_n < 2 || v[0] != '0' || v[1] != 'x') {
		memcpy(into->p, v, w->value_n);
		into->n = w->value_n;
		return true;
	}
	into->n = (w->value_n - 2) / 2;
	return w->value_n % 2 == 0 && text_unhex(v + 2, into->p, into->n);
}
