/*
 * server/book.h -- main thread, start-up and reload: what stands behind a struct settings, for the
 * files that make and check it. Nobody else includes this.
 */
#ifndef NATSRV_SERVER_BOOK_H
#define NATSRV_SERVER_BOOK_H

#include <stdbool.h>

#include "conf/complaints.h"
#include "conf/source.h"
#include "conf/tree.h"

struct settings_book {
	struct source *sources; /* all texts, linked by next */
	struct tree *tree;      /* every setting, defaults included */
	bool open_relay;        /* --i-know-this-is-an-open-relay */
};

/* Was the node at this path written by somebody (and not a default)? */
static inline bool
book_written(const struct settings_book *b, const char *path)
{
	const struct tree *t = tree_find(b->tree, path);

	return t != NULL && t->at.source != NULL;
}

/* Where to point for a setting: where it stands, or its group, or nowhere. */
static inline struct origin
book_origin(const struct settings_book *b, const char *path)
{
	const struct tree *t = tree_find(b->tree, path);

	return t == NULL ? (struct origin){0} : t->at;
}

#endif
