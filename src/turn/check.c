#include "turn/check.h"

#include "turn/channel.h"
#include "turn/permission.h"

struct check {
	struct turn *t;
	size_t allocations;
	const char *wrong;
};

/* Sorted, inside the array, and every chain leads to channels of the same IP. */
static const char *
check_permissions(struct alloc *a)
{
	unsigned chained = 0;

	if (a->permissions_n > a->permissions_room)
		return "more permissions than room";
	for (unsigned i = 0; i < a->permissions_n; i++) {
		const struct permission *p = &a->permissions[i];

		if (i > 0 && memcmp(p[-1].ip, p->ip, sizeof p->ip) >= 0)
			return "permissions out of order";
		for (unsigned n = p->channel; n != 0; chained++) {
			const struct channel *c = channel_at(a, n);
			uint8_t ip[16];

			if (c == NULL)
				return "chain leads to no channel";
			permission_ip(&c->peer, ip);
			if (memcmp(ip, p->ip, sizeof ip) != 0)
				return "channel in a foreign chain";
			if (chained >= a->channels_n)
				return "chain runs in a circle";
			n = c->next;
		}
	}
	return chained == a->channels_n ? NULL : "channel in no chain";
}

static const char *
check_channels(const struct alloc *a)
{
	const struct turn_policy *policy = a->turn->policy;

	if (a->channels_n > a->channels_room)
		return "more channels than room";
	if (policy->channels_max != 0 && a->channels_n > policy->channels_max)
		return "more channels than allowed";
	for (unsigned i = 0; i < a->channels_n; i++) {
		if (i > 0 && a->channels[i - 1].number >= a->channels[i].number)
			return "channels out of order";
		if (addr_family(&a->channels[i].peer) != addr_family(&a->relay->relayed))
			return "channel to a foreign family";
	}
	return NULL;
}

static const char *
check_allocation(struct turn *t, struct alloc *a)
{
	const struct turn_policy *policy = t->policy;
	const char *wrong = check_channels(a);

	if (wrong == NULL)
		wrong = check_permissions(a);
	if (wrong != NULL)
		return wrong;
	if (a->turn != t || alloc_search(t, &a->flow) != a)
		return "allocation is not found by its five-tuple";
	if (a->relay == NULL || a->relay->alloc != a)
		return "relay does not lead back to its allocation";
	if (a->timer.at != a->expires)
		return "timer differs from the deadline";
	if (a->expires < a->created)
		return "allocation expires before its creation";
	if (policy->permissions_max != 0 &&
	    permission_count(a, t->now.mono) > policy->permissions_max)
		return "more permissions than allowed";
	if (policy->anonymous != (a->key.n == 0))
		return "allocation without a key";
	return NULL;
}

static void
check_it(struct hnode *n, void *ctx)
{
	struct check *c = ctx;

	c->allocations++;
	if (c->wrong == NULL)
		c->wrong = check_allocation(c->t, HTAB_ITEM(n, struct alloc, node));
}

const char *
check_machine(struct turn *t)
{
	struct check c = {.t = t};

	htab_each(&t->flows, check_it, &c);
	if (c.wrong != NULL)
		return c.wrong;
	if (c.allocations != t->count[TURN_ALLOCATIONS])
		return "counter of allocations is wrong";
	if (t->count[TURN_ALLOCATIONS_CREATED] - t->count[TURN_ALLOCATIONS_CLOSED] != c.allocations)
		return "allocations created and closed do not add up";
	for (unsigned i = 0; i < MACHINE_MEMO; i++)
		if (t->memo[i] != NULL && alloc_memo_slot(&t->memo[i]->flow) != i)
			return "memo leads astray";
	return NULL;
}
