/*
 * turn/alloc.h -- pure, shard thread; private to turn/. One allocation with all that belongs to
 * it, and the table of them by five-tuple. Made in one place, ended in one place (security R8).
 *
 * Permissions and channels are two small arrays, sorted, that grow by doubling. Their deadlines
 * are fields; the allocation's own deadline is the only timer.
 */
#ifndef NATSRV_TURN_ALLOC_H
#define NATSRV_TURN_ALLOC_H

#include "stun/key.h"
#include "turn/machine.h"

/*
 * A peer's IP and until when it may send (RFC 8656, 9). Sorted by `ip`. An expired permission
 * stays in the array, without effect, while a channel to its IP is bound: it holds the chain
 * of these channels, so that one look-up by IP tells both.
 */
struct permission {
	uint8_t ip[16];   /* IPv4 as ::ffff:a.b.c.d; a key only, never an address */
	msec until;
	uint16_t channel; /* first channel to this IP; 0 = none */
	uint16_t port;    /* the port that the peer gate passed last for Send; 0 = none */
};

/* Sorted by `number`. `next`: number of the next channel to the same IP; 0 = none. */
struct channel {
	union addr peer;
	uint16_t number, next;
	msec until;
};

struct alloc {
	/* what every packet touches */
	struct flow flow;
	struct relay *relay;
	msec expires;
	struct permission *permissions;
	struct channel *channels;
	uint16_t permissions_n, permissions_room;
	uint16_t channels_n, channels_room;
	uint16_t permission_memo;  /* index of the one found last */
	uint16_t user_n, quota_at, quota_n;
	uint64_t client_packets, client_bytes;
	uint64_t peer_packets, peer_bytes;

	/* what requests touch */
	struct turn *turn;
	struct hnode node;
	struct timer timer;
	msec created;
	uint64_t id;
	int64_t credential_expiry; /* Unix seconds, 0 = none */
	uint32_t lifetime;         /* as told to the client last */
	uint8_t tid[STUN_TID];     /* of the Allocate, to know its retransmission by (T-108) */
	uint8_t algorithm;         /* enum key_algorithm of `key` */
	struct key key;            /* n = 0: anonymous */
	uint8_t user[];            /* user_n bytes; the quota key is a slice of it */
};

static inline struct bytes
alloc_user(const struct alloc *a)
{
	return (struct bytes){a->user, a->user_n};
}

static inline struct bytes
alloc_quota(const struct alloc *a)
{
	return (struct bytes){a->user + a->quota_at, a->quota_n};
}

/* Where the memo of a flow is. Cheap and predictable on purpose: a miss costs only the hash. */
static inline unsigned
alloc_memo_slot(const struct flow *f)
{
	return addr_port(&f->client) % MACHINE_MEMO;
}

/* The allocation of a five-tuple, also when it is past its deadline; NULL when there is none. */
struct alloc *alloc_search(struct turn *t, const struct flow *f);

static inline struct alloc *
alloc_find(struct turn *t, const struct flow *f)
{
	struct alloc *a = t->memo[alloc_memo_slot(f)];

	if (a != NULL && flow_equal(&a->flow, f))
		return a;
	return alloc_search(t, f);
}

struct alloc_want {
	struct turn_relay_want relay;
	uint32_t lifetime;      /* seconds */
	struct bytes user, quota; /* the second a slice of the first */
	int64_t credential_expiry;
	const struct key *key;
	uint8_t algorithm;
	const uint8_t *tid;
};

/*
 * Charges the quota, opens the relay, puts the allocation into the tables. 0, or what admit() or
 * relay_open() said, or 508 when memory is short; then nothing is left behind.
 */
unsigned alloc_open(struct turn *t, const struct alloc_want *want, struct alloc **into);

/* The only destructor: gives back relay, quota unit and memory, and tells the world. */
void alloc_close(struct alloc *a, enum turn_reason reason);

/* Moves the deadline; `lifetime` in seconds from now. */
void alloc_extend(struct alloc *a, uint32_t lifetime);

#endif
