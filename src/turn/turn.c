#include "turn/turn.h"

#include <assert.h>
#include <stdlib.h>

#include "turn/channel.h"
#include "turn/check.h"
#include "turn/door.h"
#include "turn/keyring.h"
#include "turn/permission.h"
#include "turn/relay.h"

enum { TURN_TABLE = 64 };

static unsigned
features(const struct turn_policy *p)
{
	unsigned f = 0;

	if (p->algorithms_n > 0)
		f |= NONCE_PASSWORD_ALGORITHMS;
	if (p->keys != NULL && keyring_enumerable(p->keys))
		f |= NONCE_USERNAME_ANONYMITY;
	return f;
}

struct turn *
turn_new(const struct turn_policy *policy, const struct turn_io *io, struct instant now)
{
	struct turn *t = calloc(1, sizeof *t);

	assert(policy->peers != NULL || !policy->relay);
	assert(policy->keys != NULL || policy->anonymous || !(policy->relay || policy->stun_auth));
	assert(policy->algorithms_n <= POLICY_ALGORITHMS);
	if (t == NULL)
		return NULL;
	if ((t->digest = digest_new()) == NULL)
		goto free_it;
	if (htab_init(&t->flows, TURN_TABLE) != 0)
		goto free_digest;
	t->policy = policy;
	t->io = io;
	t->now = now;
	t->features = features(policy);
	io->random(io->ctx, &t->hash, sizeof t->hash);
	wheel_init(&t->wheel, now.mono);
	return t;

free_digest:
	digest_free(t->digest);
free_it:
	free(t);
	return NULL;
}

static void
close_it(struct hnode *n, void *ctx)
{
	(void)ctx;
	alloc_close(HTAB_ITEM(n, struct alloc, node), TURN_REASON_SHUTDOWN);
}

void
turn_free(struct turn *t)
{
	if (t == NULL)
		return;
	htab_each(&t->flows, close_it, NULL);
	htab_fini(&t->flows);
	digest_free(t->digest);
	digest_wipe(t, sizeof *t);
	free(t);
}

/* Is it ChannelData, with RFC 5766 numbers where they are wanted? */
static bool
is_channel(const struct turn *t, struct bytes data, enum frame_kind kind)
{
	return kind == FRAME_CHANNEL ||
	       (t->policy->rfc5766_channels && data.n > 0 && (data.p[0] & 0xc0) == 0x40);
}

void
turn_packet(struct turn *t, struct instant now, const struct turn_in *in, struct turn_out *out)
{
	enum frame_kind kind;

	t->now = now;
	out->verdict = TURN_DROP;
	out->head = out->data = BYTES_NONE;
	out->pad = 0;
	if (in->whence == TURN_FROM_PEER) {
		out->verdict = relay_from_peer(t, in, out);
		return;
	}
	kind = frame_kind(in->data);
	if (is_channel(t, in->data, kind))
		out->verdict = relay_channel_data(t, in, out);
	else if (kind == FRAME_STUN)
		door_message(t, in, out);
	else
		machine_count(t, TURN_DROPPED_MALFORMED, 1);
}

msec
turn_tick(struct turn *t, struct instant now)
{
	struct timer *timer;

	t->now = now;
	while ((timer = wheel_pop(&t->wheel, now.mono)) != NULL)
		alloc_close(LIST_ITEM(timer, struct alloc, timer), TURN_REASON_EXPIRED);
	return wheel_next(&t->wheel);
}

struct visit {
	void (*each)(const struct alloc *a, void *ctx);
	void *ctx;
};

static void
visit_it(struct hnode *n, void *ctx)
{
	const struct visit *v = ctx;

	v->each(HTAB_ITEM(n, struct alloc, node), v->ctx);
}

void
turn_each(struct turn *t, void (*visit)(const struct alloc *a, void *ctx), void *ctx)
{
	struct visit v = {visit, ctx};

	htab_each(&t->flows, visit_it, &v);
}

void
turn_view(const struct alloc *a, struct turn_alloc_view *into)
{
	msec now = a->turn->now.mono;

	*into = (struct turn_alloc_view){
	        .flow = a->flow,
	        .user = alloc_user(a),
	        .id = a->id,
	        .relayed = a->relay->relayed,
	        .created = a->created,
	        .expires = a->expires,
	        .permissions = permission_count(a, now),
	        .channels = channel_count(a, now),
	        .client_packets = a->client_packets,
	        .client_bytes = a->client_bytes,
	        .peer_packets = a->peer_packets,
	        .peer_bytes = a->peer_bytes,
	};
}

const char *
turn_event_name(enum turn_event_kind kind)
{
	static const char *const names[TURN_EVENTS] = {
#define EVENT(ident, name) [TURN_EVENT_##ident] = name,
#include "turn/events.def"
#undef EVENT
	};

	assert((unsigned)kind < TURN_EVENTS);
	return names[kind];
}

const char *
turn_reason_name(enum turn_reason reason)
{
	static const char *const names[TURN_REASONS] = {
#define REASON(ident, name) [TURN_REASON_##ident] = name,
#include "turn/reasons.def"
#undef REASON
	};

	assert((unsigned)reason < TURN_REASONS);
	return names[reason];
}

const char *
turn_counter_name(enum turn_counter c)
{
	static const char *const names[TURN_COUNTERS] = {
#define COUNTER(ident, name, help) [TURN_##ident] = name,
#include "turn/counters.def"
#undef COUNTER
	};

	assert((unsigned)c < TURN_COUNTERS);
	return names[c];
}

const uint64_t *
turn_counters(const struct turn *t)
{
	return t->count;
}

const char *
turn_invariant(struct turn *t, struct instant now)
{
	t->now = now;
	return check_machine(t);
}
