/*
 * conf/source.h -- start-up and reload, one owner: a text that settings come from, its lines, and
 * which of them hold secrets.
 */
#ifndef NATSRV_CONF_SOURCE_H
#define NATSRV_CONF_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bytes.h"
#include "conf/complaints.h"

struct source {
	char *name; /* a path, or "command line" */
	char *text; /* NUL-terminated; "" for a source that is never shown */
	size_t n;
	bool is_file;
	unsigned
		veiled_from; /* from this line on secrets cannot be told apart any more; 0 = none */
	unsigned rank;       /* complaints about sources with a low rank come first; 0 = last */
	struct source *next; /* for the owner's list */
};

enum { SOURCE_MAX = 8 * 1024 * 1024 };

/* Reads a file, at most SOURCE_MAX bytes. 0 or -errno (-EFBIG, -EISDIR, ...). */
int source_open(const char *path, struct source **into);

/* A text that is already here (copied). NULL when memory is short. */
struct source *source_new(const char *name, const char *text);

/* A file whose lines have numbers but must never be shown (it holds keys). */
struct source *source_veiled(const char *path);

/* Wipes the text: it may hold secrets. */
void source_free(struct source *s);

/* One line without its end, from 1; empty when there is none. */
struct bytes source_line(const struct source *s, unsigned line);

/*
 * The line as it may be shown: printable, shortened, what veil.h hides replaced by ***, comments by
 * "# ...". `*column` follows the text to its new place. Returns `into`; "" for a veiled source.
 */
enum { SOURCE_SHOWN = 160 };
const char *source_show(const struct source *s, unsigned line, unsigned *column,
                        char into[static SOURCE_SHOWN]);

#endif
