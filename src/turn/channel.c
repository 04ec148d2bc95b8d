#include "turn/channel.h"

#include <assert.h>
#include <stdlib.h>

#include "turn/gate.h"
#include "turn/permission.h"

enum {
	CHANNEL_LIFETIME = 600 * 1000,
	CHANNEL_PERMISSION = 300 * 1000, /* what a binding gives its peer's permission */
	CHANNELS_FIRST = 2,
};

/* Index of the first channel that is not below `number`. */
static unsigned
lower_bound(const struct alloc *a, unsigned number)
{
	unsigned lo = 0, hi = a->channels_n;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (a->channels[mid].number < number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct channel *
channel_search(struct alloc *a, unsigned number)
{
	unsigned i = lower_bound(a, number);

	if (i == a->channels_n || a->channels[i].number != number)
		return NULL;
	return &a->channels[i];
}

unsigned
channel_count(const struct alloc *a, msec now)
{
	unsigned n = 0;

	for (unsigned i = 0; i < a->channels_n; i++)
		n += channel_holds(&a->channels[i], now);
	return n;
}

/* Takes a channel out of the chain that hangs on its peer's permission entry. */
static void
unchain(struct alloc *a, const struct channel *c)
{
	struct permission *p = permission_find(a, &c->peer);
	uint16_t *link;

	assert(p != NULL);
	for (link = &p->channel; *link != c->number; link = &channel_at(a, *link)->next)
		assert(*link != 0);
	*link = c->next;
}

/* Drops expired bindings: number and peer are free again at once (T-168). */
static void
sweep(struct alloc *a, msec now)
{
	unsigned kept = 0;

	if (channel_count(a, now) == a->channels_n)
		return;
	for (unsigned i = 0; i < a->channels_n; i++)
		if (!channel_holds(&a->channels[i], now))
			unchain(a, &a->channels[i]);
	for (unsigned i = 0; i < a->channels_n; i++)
		if (channel_holds(&a->channels[i], now))
			a->channels[kept++] = a->channels[i];
	a->channels_n = (uint16_t)kept;
}

static bool
make_room(struct alloc *a)
{
	unsigned max = a->turn->policy->channels_max;
	unsigned room = a->channels_room == 0 ? CHANNELS_FIRST : 2u * a->channels_room;
	struct channel *c;

	if (max != 0 && a->channels_n >= max) {
		machine_event(a->turn, &(struct turn_event){
		        .kind = TURN_EVENT_LIMIT_HIT, .reason = TURN_REASON_LIMIT_CHANNELS,
		        .flow = &a->flow, .alloc = a, .user = alloc_user(a)});
		return false;
	}
	if (a->channels_n < a->channels_room)
		return true;
	c = realloc(a->channels, room * sizeof *c);
	if (c == NULL) {
		machine_count(a->turn, TURN_MEMORY_SHORT, 1);
		return false;
	}
	a->channels = c;
	a->channels_room = (uint16_t)room;
	return true;
}

/* Puts a new binding into its place; there is room for it. */
static struct channel *
insert(struct alloc *a, struct permission *p, unsigned number, const union addr *peer)
{
	unsigned i = lower_bound(a, number);
	struct channel *c = &a->channels[i];

	assert(a->channels_n < a->channels_room);
	memmove(c + 1, c, (a->channels_n - i) * sizeof *c);
	a->channels_n++;
	*c = (struct channel){.peer = *peer, .number = (uint16_t)number, .next = p->channel};
	p->channel = c->number;
	return c;
}

static bool
number_ok(const struct turn_policy *policy, unsigned number)
{
	unsigned max = policy->rfc5766_channels ? FRAME_CHANNEL_OLD_MAX : FRAME_CHANNEL_MAX;

	return number >= FRAME_CHANNEL_MIN && number <= max;
}

/* Bind a channel to a peer, or refresh the binding (RFC 8656, 12.2). */
unsigned
channel_bind(struct request *r)
{
	struct alloc *a = r->alloc;
	const struct turn_policy *policy = r->t->policy;
	msec now = r->t->now.mono;
	enum peers_verdict verdict;
	uint16_t number;
	union addr peer;
	unsigned code;

	if (!parse_u16(&r->m, ATTR_CHANNEL_NUMBER, &number) ||
	    !parse_addr(&r->m, ATTR_XOR_PEER_ADDRESS, &peer))
		return 400;
	if (!number_ok(policy, number) || addr_port(&peer) == 0)
		return 400;

	sweep(a, now);
	permission_sweep(a, now);
	struct channel *at = channel_at(a, number);
	struct channel *to = channel_of(a, permission_find(a, &peer), &peer);
	if (at != to) /* the number or the peer belongs to another binding */
		return 400;
	if ((code = gate_judge(a, &peer, &verdict)) != 0)
		return code;

	if (to == NULL && !make_room(a))
		return 508;
	struct permission *p = permission_add(a, &peer);
	if (p == NULL)
		return 508;
	if (to == NULL)
		to = insert(a, p, number, &peer);
	to->until = now + CHANNEL_LIFETIME;
	p->until = now + (policy->permission_follows_channel ? CHANNEL_LIFETIME
	                                                     : CHANNEL_PERMISSION);
	return 0;
}
