/*
 * conf/option.h -- pure, any thread: the row of an option table, and the types that rows fill.
 *
 * A program describes its settings once, as rows; from them come the parser with its bounds and
 * complaints, the defaults, the effective configuration, the sample file and the section of the
 * manual page. A row says where its value goes by an offset into the program's own struct.
 *
 * The field that a row of each type fills:
 *	OPTION_BOOL      bool
 *	OPTION_INT       unsigned, min..max
 *	OPTION_DURATION  uint64_t milliseconds, min..max
 *	OPTION_SIZE      uint64_t bytes, min..max
 *	OPTION_RATE      unsigned, per second, min..max
 *	OPTION_CHOICE    int, one of choices[].value
 *	OPTION_STRING    char *, never NULL
 *	OPTION_PARSED    whatever parse() fills
 *	OPTION_STRINGS   struct words
 *	OPTION_CHOICES   struct choices_set
 *	OPTION_SECRET    struct secret
 *	OPTION_SECRETS   struct secrets
 *	OPTION_GROUPS    struct groups, of items that `rows` describes
 *	OPTION_GROUP     a struct that `rows` describes, whose offsets are relative to it
 */
#ifndef NATSRV_CONF_OPTION_H
#define NATSRV_CONF_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/complaints.h"

enum option_type {
	OPTION_END, /* the last row of a table */
	OPTION_BOOL,
	OPTION_INT,
	OPTION_DURATION,
	OPTION_SIZE,
	OPTION_RATE,
	OPTION_CHOICE,
	OPTION_STRING,
	OPTION_PARSED,
	OPTION_STRINGS,
	OPTION_CHOICES,
	OPTION_SECRET,
	OPTION_SECRETS,
	OPTION_GROUPS,
	OPTION_GROUP,
};

/* What a changed value touches: all at once; new allocations; nothing before a restart. */
enum option_reload { OPTION_LIVE, OPTION_NEW, OPTION_RESTART };

struct word { /* a text and where it was written */
	char *text;
	struct origin at;
};

struct words {
	struct word *v;
	size_t n;
};

/* Something that must not be seen: no part of it can be handed to %s. Wiped when freed. */
struct secret {
	uint8_t *p;
	size_t n;
	struct origin at;
};

struct secrets {
	struct secret *v;
	size_t n;
};

enum { OPTION_CHOICES_MAX = 4 };

struct choices_set { /* in the order in which they were written, none twice */
	int v[OPTION_CHOICES_MAX];
	size_t n;
};

struct groups {
	void *v; /* n items of the size that the row says */
	size_t n;
};

struct choice {
	const char *name; /* NULL ends the list */
	int value;
	const char *refusal; /* not NULL: known, but refused with these words */
};

struct option {
	enum option_type type;
	const char *name;
	size_t offset;
	const char *preset;       /* default, as it is written in a file; NULL = must be given */
	const char *preset_words; /* how the manual words a default that is found out at start */
	uint64_t min, max;        /* max 0 = no bound but the type's */
	const char *special;      /* a word that stands for the value 0, such as "auto" */
	const struct choice *choices;
	const char *(*parse)(const char *text, void *into); /* NULL or a static complaint */
	const struct option *rows;
	size_t size;    /* of one item of OPTION_GROUPS */
	bool tentative; /* as a default it may fail to work, once written it must work */
	bool veiled;    /* no complaint repeats its value, or a value below it (a group) */
	enum option_reload reload;
	const char *words; /* what it means; mdoc-free plain text */
};

#endif
