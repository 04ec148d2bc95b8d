/*
 * conf/value.h -- start-up and reload: one value of a tree into the field of a row, with all that
 * can be wrong about it.
 */
#ifndef NATSRV_CONF_VALUE_H
#define NATSRV_CONF_VALUE_H

#include "conf/option.h"
#include "conf/tree.h"

struct value_job {
	const struct option *row;
	const struct tree *node;
	const char *path; /* "relay.ports", for complaints */
	void *field;
	struct complaints *c; /* NULL: a built-in default, where a mistake is a bug */
	bool veiled;          /* complaints say *** for the value */
};

/* Single values. False, with an error in `c`, when the field was not filled. */
bool value_take(const struct value_job *job);

/* Gives back what value_take() put there; harmless on a zeroed field. Wipes secrets. */
void value_free(const struct option *row, void *field);

/* Bounds and choices of a row in words: 1 to 65535; "a", "b". Empty for none. Returns `into`. */
enum { VALUE_WORDS = 160 };
const char *value_bounds(const struct option *row, char into[static VALUE_WORDS]);

/* For the other types: an error at the node, "path: ..."; they return false. */
bool value_wrong(const struct value_job *job, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool value_wrong_kind(const struct value_job *job, const char *wanted, const char *hint);
bool value_starved(const struct value_job *job);

/* What complaints may say for a piece of the value: the piece, or *** of a veiled one. */
const char *value_said(const struct value_job *job, const char *piece);

/* The text of the job's node is fit for logs and system calls and within the row's bounds. */
bool value_good_text(const struct value_job *job);

/* One of the row's choices, from a text node. */
bool value_choice(const struct value_job *job, const struct tree *node, int *into);

/* "10/s" or "0"; NULL or a static complaint. */
const char *value_rate(const char *text, uint64_t *into);

#endif
