/*
 * server/lines.h -- main thread, start-up and reload: a file of which each line is an entry and
 * may be a secret. Complaints about it name file and line and never show it.
 */
#ifndef NATSRV_SERVER_LINES_H
#define NATSRV_SERVER_LINES_H

#include <stdbool.h>

#include "common/bytes.h"
#include "conf/complaints.h"
#include "conf/source.h"

struct lines {
	struct source *source; /* the text; wiped by lines_close() */
	struct source *veil;   /* the same name without the text, for complaints */
	size_t at;
	unsigned line; /* of the entry that was given last */
	bool public;   /* everybody on this host can read the file */
};

/* 0 or -errno; nothing to close then. */
int lines_open(struct lines *l, const char *path);
void lines_close(struct lines *l);

/* The next line that is not empty, without blanks at its ends; false at the end of the file. */
bool lines_next(struct lines *l, struct bytes *entry);

/* Where the last entry stands. */
struct origin lines_origin(const struct lines *l);

#endif
