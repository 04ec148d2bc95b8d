/*
 * While the table grows there are two arrays, and each hash has its place in exactly one of them:
 * in the old one when its chain there has not been moved yet, else in the new one. So a look-up
 * walks one chain, and nodes of one hash always stand in one chain.
 */
#include "common/htab.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

/* Growing at one node a slot, 2 would be enough to be done long before the next growth. */
enum { SLOTS_MIN = 8, MOVES_PER_INSERT = 4 };

int
htab_init(struct htab *t, size_t size)
{
	size_t slots = SLOTS_MIN;

	while (slots < size && slots <= SIZE_MAX / 2 / sizeof *t->slots)
		slots *= 2;
	*t = (struct htab){.slots = calloc(slots, sizeof *t->slots), .mask = slots - 1};
	return t->slots == NULL ? -ENOMEM : 0;
}

void
htab_fini(struct htab *t)
{
	free(t->slots);
	free(t->old);
	*t = (struct htab){0};
}

static struct hnode **
chain_of(const struct htab *t, uint64_t hash)
{
	if (t->old != NULL && (hash & t->old_mask) >= t->old_at)
		return &t->old[hash & t->old_mask];
	return &t->slots[hash & t->mask];
}

static void
push(struct hnode **chain, struct hnode *n)
{
	n->next = *chain;
	*chain = n;
}

static void
grow_begin(struct htab *t)
{
	size_t slots = (t->mask + 1) * 2;
	struct hnode **bigger = calloc(slots, sizeof *bigger);

	if (bigger == NULL)
		return;
	t->old = t->slots;
	t->old_mask = t->mask;
	t->old_at = 0;
	t->slots = bigger;
	t->mask = slots - 1;
}

static void
grow_step(struct htab *t)
{
	for (unsigned moves = 0; moves < MOVES_PER_INSERT && t->old_at <= t->old_mask; moves++) {
		struct hnode *next, *n = t->old[t->old_at++];
		for (; n != NULL; n = next) {
			next = n->next;
			push(&t->slots[n->hash & t->mask], n);
		}
	}
	if (t->old_at > t->old_mask) {
		free(t->old);
		t->old = NULL;
	}
}

void
htab_insert(struct htab *t, struct hnode *n, uint64_t hash)
{
	if (t->old != NULL)
		grow_step(t);
	else if (t->used > t->mask)
		grow_begin(t);
	n->hash = hash;
	push(chain_of(t, hash), n);
	t->used++;
}

void
htab_remove(struct htab *t, struct hnode *n)
{
	struct hnode **at = chain_of(t, n->hash);

	while (*at != n) {
		assert(*at != NULL);
		at = &(*at)->next;
	}
	*at = n->next;
	n->next = NULL;
	t->used--;
}

static struct hnode *
same_hash(struct hnode *n, uint64_t hash)
{
	while (n != NULL && n->hash != hash)
		n = n->next;
	return n;
}

struct hnode *
htab_first(const struct htab *t, uint64_t hash)
{
	return same_hash(*chain_of(t, hash), hash);
}

struct hnode *
htab_next(const struct hnode *n)
{
	return same_hash(n->next, n->hash);
}

static void
visit_chain(struct hnode *n, void (*visit)(struct hnode *, void *), void *ctx)
{
	while (n != NULL) {
		struct hnode *next = n->next; /* the visitor may take `n` out */
		visit(n, ctx);
		n = next;
	}
}

void
htab_each(struct htab *t, void (*visit)(struct hnode *, void *ctx), void *ctx)
{
	if (t->old != NULL)
		for (size_t i = t->old_at; i <= t->old_mask; i++)
			visit_chain(t->old[i], visit, ctx);
	for (size_t i = 0; i <= t->mask; i++)
		visit_chain(t->slots[i], visit, ctx);
}
