/*
 * conf/tree.h -- start-up and reload, one owner: settings as a tree of named nodes, each of which
 * remembers where it was written. Trees from several texts are laid over each other by path.
 */
#ifndef NATSRV_CONF_TREE_H
#define NATSRV_CONF_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/complaints.h"

enum tree_kind { TREE_GROUP, TREE_LIST, TREE_ARRAY, TREE_BOOL, TREE_INT, TREE_FLOAT, TREE_TEXT };

struct tree {
	enum tree_kind kind;
	char *name;       /* NULL in lists and at the root */
	char *text;       /* TREE_TEXT; TREE_INT: the literal if it does not fit, else NULL */
	int64_t number;   /* TREE_INT, TREE_BOOL */
	struct origin at; /* source NULL: a default */
	struct tree *child, *last, *next;
};

/* NULL when memory is short; `name` may be NULL and is copied. */
struct tree *tree_new(enum tree_kind kind, const char *name, struct origin at);

/* Wipes all texts. */
void tree_free(struct tree *t);

/* `child` becomes the last one of `t`, which owns it now. */
void tree_append(struct tree *t, struct tree *child);

/* The child of a group; NULL when there is none or `group` is NULL or no group. */
struct tree *tree_get(const struct tree *group, const char *name);

/* By path, "relay.ports"; NULL when there is none. */
struct tree *tree_find(const struct tree *root, const char *path);

/*
 * Lays `over` over `base`, path by path: groups are joined, everything else is replaced. Takes
 * `over`. A group keeps the origin that it had first.
 */
void tree_overlay(struct tree *base, struct tree *over);

/* Takes the child out of `t` and hands it over. */
struct tree *tree_take(struct tree *t, struct tree *child);

/* What a node is, in words: "a text", "a list". */
const char *tree_kind_words(const struct tree *t);

#endif
