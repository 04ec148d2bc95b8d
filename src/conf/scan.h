/*
 * conf/scan.h -- pure, any thread: the words of a configuration text, with line and column.
 *
 * libconfig decides what a text means, but it knows no columns, wraps integers that do not fit and
 * reports an unclosed string lines later. This scanner sees the same words beside it, for
 * complaints that point at the right place and for masking secrets.
 */
#ifndef NATSRV_CONF_SCAN_H
#define NATSRV_CONF_SCAN_H

#include <stdbool.h>

#include "common/bytes.h"

enum scan_kind {
	SCAN_END,
	SCAN_NAME,    /* relay, true, static-auth-secret */
	SCAN_NUMBER,  /* begins like one: 5, 0x1F, 5L, 1e3, but also 10s and 192.0.2.1 */
	SCAN_STRING,  /* quotes included */
	SCAN_MARK,    /* one of = : ; , { } [ ] ( ) */
	SCAN_INCLUDE, /* @include */
	SCAN_JUNK,    /* a byte that belongs nowhere */
};

struct token {
	enum scan_kind kind;
	struct bytes text;
	unsigned line, column;
	unsigned lines; /* line ends inside: strings only */
	bool unclosed;  /* a string or a comment that the text's end cuts off */
};

struct scan {
	struct bytes text;
	size_t at;
	unsigned line;
	size_t line_start;
	struct token comment; /* unclosed: the text ends inside it */
};

/* The end of a text that ends inside a comment stands where that begins, and is `unclosed`. */
struct scan scan_over(struct bytes text);
struct token scan_next(struct scan *s);

bool scan_is_mark(const struct token *t, char mark);

/* Is the token exactly this word? Letters are compared as they are. */
bool scan_is_word(const struct token *t, const char *word);

enum scan_number {
	SCAN_NO_NUMBER, /* "10s", "192.0.2.1" */
	SCAN_INTEGER,
	SCAN_TOO_BIG, /* an integer that libconfig would silently change, or "-0" */
	SCAN_FLOAT,
};

enum scan_number scan_number(const struct token *t);

#endif
