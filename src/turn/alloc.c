#include "turn/alloc.h"

#include <assert.h>
#include <stdlib.h>

enum { MSEC_PER_S = 1000 };

struct alloc *
alloc_search(struct turn *t, const struct flow *f)
{
	uint64_t hash = flow_hash(&t->hash, f);

	for (struct hnode *n = htab_first(&t->flows, hash); n != NULL; n = htab_next(n)) {
		struct alloc *a = HTAB_ITEM(n, struct alloc, node);

		if (flow_equal(&a->flow, f)) {
			t->memo[alloc_memo_slot(f)] = a;
			return a;
		}
	}
	return NULL;
}

static struct alloc *
alloc_make(struct turn *t, const struct alloc_want *want)
{
	struct alloc *a = calloc(1, sizeof *a + want->user.n);

	if (a == NULL)
		return NULL;
	a->turn = t;
	a->flow = *want->relay.flow;
	a->created = t->now.mono;
	a->credential_expiry = want->credential_expiry;
	a->algorithm = want->algorithm;
	a->key = *want->key;
	memcpy(a->tid, want->tid, sizeof a->tid);
	a->user_n = (uint16_t)want->user.n;
	if (want->user.n > 0)
		memcpy(a->user, want->user.p, want->user.n);
	if (want->quota.n > 0) {
		a->quota_at = (uint16_t)(want->quota.p - want->user.p);
		a->quota_n = (uint16_t)want->quota.n;
	}
	assert((size_t)a->quota_at + a->quota_n <= a->user_n);
	timer_init(&a->timer);
	t->io->random(t->io->ctx, &a->id, sizeof a->id);
	return a;
}

unsigned
alloc_open(struct turn *t, const struct alloc_want *want, struct alloc **into)
{
	unsigned code = 508;
	struct alloc *a = alloc_make(t, want);

	if (a == NULL) {
		machine_count(t, TURN_MEMORY_SHORT, 1);
		return 508;
	}
	code = t->io->admit(t->io->ctx, alloc_quota(a));
	if (code != 0) {
		machine_event(t, &(struct turn_event){
		        .kind = TURN_EVENT_LIMIT_HIT,
		        .reason = code == 486 ? TURN_REASON_LIMIT_USER : TURN_REASON_LIMIT_TOTAL,
		        .flow = want->relay.flow, .user = want->user});
		goto free_it;
	}
	code = t->io->relay_open(t->io->ctx, &want->relay, &a->relay);
	if (code != 0)
		goto release;

	a->relay->alloc = a;
	htab_insert(&t->flows, &a->node, flow_hash(&t->hash, &a->flow));
	alloc_extend(a, want->lifetime);
	machine_count(t, TURN_ALLOCATIONS, 1);
	machine_count(t, TURN_ALLOCATIONS_CREATED, 1);
	*into = a;
	machine_event(t, &(struct turn_event){.kind = TURN_EVENT_CREATED, .flow = &a->flow,
	                                      .alloc = a, .user = alloc_user(a)});
	return 0;

release:
	if (code == 508)
		machine_event(t, &(struct turn_event){
		        .kind = TURN_EVENT_LIMIT_HIT, .reason = TURN_REASON_RELAY_PORTS,
		        .flow = want->relay.flow, .user = want->user});
	t->io->release(t->io->ctx, alloc_quota(a));
free_it:
	digest_wipe(&a->key, sizeof a->key);
	free(a);
	return code;
}

void
alloc_close(struct alloc *a, enum turn_reason reason)
{
	struct turn *t = a->turn;
	struct alloc **memo = &t->memo[alloc_memo_slot(&a->flow)];

	machine_event(t, &(struct turn_event){.kind = TURN_EVENT_CLOSED, .reason = reason,
	                                      .flow = &a->flow, .alloc = a, .user = alloc_user(a)});
	if (*memo == a)
		*memo = NULL;
	htab_remove(&t->flows, &a->node);
	wheel_cancel(&t->wheel, &a->timer);
	a->relay->alloc = NULL;
	t->io->relay_close(t->io->ctx, a->relay);
	t->io->release(t->io->ctx, alloc_quota(a));
	machine_count(t, TURN_ALLOCATIONS, UINT64_MAX); /* one fewer */
	machine_count(t, TURN_ALLOCATIONS_CLOSED, 1);
	digest_wipe(&a->key, sizeof a->key);
	free(a->permissions);
	free(a->channels);
	free(a);
}

void
alloc_extend(struct alloc *a, uint32_t lifetime)
{
	struct turn *t = a->turn;

	a->lifetime = lifetime;
	a->expires = t->now.mono + (msec)lifetime * MSEC_PER_S;
	wheel_set(&t->wheel, &a->timer, a->expires);
}
