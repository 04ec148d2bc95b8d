/*
 * common/htab.h -- pure, one owner: an intrusive hash table with chains. The caller computes the
 * (keyed) hash and compares keys; growing is incremental, a few chains per insertion, so that no
 * insertion ever takes long (security C8).
 *
 *	for (struct hnode *n = htab_first(t, hash); n != NULL; n = htab_next(n))
 *		if (same(HTAB_ITEM(n, struct thing, node), key)) ...
 */
#ifndef NATSRV_COMMON_HTAB_H
#define NATSRV_COMMON_HTAB_H

#include <stddef.h>
#include <stdint.h>

struct hnode {
	struct hnode *next;
	uint64_t hash;
};

struct htab {
	struct hnode **slots, **old;  /* old: still to be moved, from old_at on; NULL when none */
	size_t mask, old_mask, old_at;
	size_t used;
};

#define HTAB_ITEM(node, type, member) ((type *)(void *)((char *)(node) - offsetof(type, member)))

/* 0 or -ENOMEM. `size` is rounded up to a power of two, at least 8. */
int htab_init(struct htab *t, size_t size);

/* Frees the table, not the nodes. */
void htab_fini(struct htab *t);

/* Never fails: when growing is impossible for want of memory the chains get longer. */
void htab_insert(struct htab *t, struct hnode *n, uint64_t hash);

/* `n` must be in the table. */
void htab_remove(struct htab *t, struct hnode *n);

/* The first node with this hash / the next one with the same hash; NULL at the end. */
struct hnode *htab_first(const struct htab *t, uint64_t hash);
struct hnode *htab_next(const struct hnode *n);

/* Every node once, in no order; `visit` may remove the node it is given and no other. */
void htab_each(struct htab *t, void (*visit)(struct hnode *, void *ctx), void *ctx);

#endif
