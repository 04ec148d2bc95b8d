/*
 * turn/turn.h -- pure. The TURN server as one function: packet in, at most one packet out.
 * One machine per shard, used by that shard's thread only. It owns its allocations, permissions,
 * channels and deadlines and nothing else: no socket, no clock, no lock, no log.
 *
 * Words: allocation, permission, channel, relayed transport address, five-tuple as in RFC 8656.
 * `relay`: the world's socket for one relayed transport address.
 */
#ifndef NATSRV_TURN_TURN_H
#define NATSRV_TURN_TURN_H

#include "common/addr.h"
#include "common/bytes.h"
#include "common/flow.h"
#include "common/instant.h"
#include "turn/policy.h"

struct turn;
struct alloc;

/* The world embeds this at the start of what it keeps per relayed transport address. */
struct relay {
	struct alloc *alloc; /* set and cleared by the machine; NULL = nobody's (any more) */
	union addr relayed;  /* as told to clients; set by relay_open */
};

enum turn_verdict { TURN_DROP, TURN_TO_CLIENT, TURN_TO_PEER };
enum turn_whence { TURN_FROM_CLIENT, TURN_FROM_PEER };

enum {
	TURN_ROOM = 64,    /* writable bytes before turn_in.room_end */
	TURN_REPLY = 1232, /* an answer is never larger (S-044) */
};

/* One packet. Everything is borrowed until the call returns. */
struct turn_in {
	enum turn_whence whence;
	const struct flow *flow;  /* FROM_CLIENT: the five-tuple */
	struct relay *relay;      /* FROM_PEER: the relay that it came to */
	union addr peer;          /* FROM_PEER: who sent it, unmapped */
	struct bytes data;
	/*
	 * Where headers for relayed data may be written: TURN_ROOM bytes that end here. May be
	 * data.p itself when there is headroom (the packet then leaves in one piece) or scratch
	 * memory that lives until the packet was sent.
	 */
	uint8_t *room_end;
	uint8_t *reply;           /* TURN_REPLY bytes for an answer, living as long */
};

/* At most one thing to do. The packet is head, data, `pad` zero bytes, one after the other. */
struct turn_out {
	enum turn_verdict verdict;
	struct flow flow;    /* TO_CLIENT: to flow.client, from flow.local */
	struct relay *relay; /* TO_PEER: leave by this relay's socket */
	union addr peer;     /* TO_PEER: to here */
	struct bytes head;   /* in the room, or empty */
	struct bytes data;   /* a slice of turn_in.data, or an answer in turn_in.reply */
	unsigned pad;
};

struct turn_relay_want {
	int family;       /* AF_INET, AF_INET6 */
	bool even;        /* an even port (EVEN-PORT) */
	const struct flow *flow;
};

/* Events go out; the world logs, counts and publishes. Pointers are borrowed. */
enum turn_event_kind {
#define EVENT(ident, name) TURN_EVENT_##ident,
#include "turn/events.def"
#undef EVENT
	TURN_EVENTS
};

enum turn_reason { /* why an allocation ended; why somebody was refused */
#define REASON(ident, name) TURN_REASON_##ident,
#include "turn/reasons.def"
#undef REASON
	TURN_REASONS
};

struct turn_event {
	enum turn_event_kind kind;
	enum turn_reason reason;
	const struct flow *flow;
	const struct alloc *alloc; /* NULL when there is none */
	struct bytes user;         /* as on the wire; hostile */
	const union addr *peer;    /* PEER_DENIED */
	const char *rule;          /* PEER_DENIED: which rule, e.g. "recommended:10.0.0.0/8" */
};

const char *turn_event_name(enum turn_event_kind kind);
const char *turn_reason_name(enum turn_reason reason);

/* What the world must give. A fake is 60 lines. */
struct turn_io {
	void *ctx;
	/* 0 and a relay, or a STUN code: 440 family not served, 508 no port or descriptor. */
	unsigned (*relay_open)(void *ctx, const struct turn_relay_want *want, struct relay **relay);
	/* The machine does not use the relay afterwards; packets already handed out still leave. */
	void (*relay_close)(void *ctx, struct relay *relay);
	/*
	 * Take one unit of the server's and the user's quota: 0, 486 (user) or 508 (server).
	 * `user` is the quota key (T-262). Every 0 is paid back by exactly one release.
	 */
	unsigned (*admit)(void *ctx, struct bytes user);
	void (*release)(void *ctx, struct bytes user);
	void (*random)(void *ctx, void *buf, size_t n);
	void (*event)(void *ctx, const struct turn_event *event);
};

/* NULL when memory is short. Policy and io are borrowed for the machine's life. */
struct turn *turn_new(const struct turn_policy *policy, const struct turn_io *io,
                      struct instant now);

/* Ends every allocation (relay_close, release and an event each), frees all. NULL is harmless. */
void turn_free(struct turn *t);

/*
 * One packet: `out` says what to do. `out->verdict` is always set. Never fails: when memory or
 * anything else is short the answer is 508 or 500, or the packet is dropped and counted.
 */
void turn_packet(struct turn *t, struct instant now, const struct turn_in *in,
                 struct turn_out *out);

/* Ends what has expired. Returns the next deadline (msec of now.mono), MSEC_NEVER if none. */
msec turn_tick(struct turn *t, struct instant now);

/* Every allocation, in no order. */
void turn_each(struct turn *t, void (*visit)(const struct alloc *a, void *ctx), void *ctx);

/* Counters: one writer (the machine), readable by any thread without a lock. */
enum turn_counter {
#define COUNTER(ident, name, help) TURN_##ident,
#include "turn/counters.def"
#undef COUNTER
	TURN_COUNTERS
};
const char *turn_counter_name(enum turn_counter c); /* "allocations_created" */
const uint64_t *turn_counters(const struct turn *t); /* TURN_COUNTERS of them */

/* Checks the machine against itself (tests, simulator): NULL, or what is wrong. */
const char *turn_invariant(struct turn *t, struct instant now);

/* What an allocation shows of itself. */
struct turn_alloc_view {
	struct flow flow;
	struct bytes user;         /* user name as on the wire */
	uint64_t id;               /* random; the sid of the logs */
	union addr relayed;
	msec created, expires;
	unsigned permissions, channels;
	uint64_t client_packets, client_bytes; /* from the client to peers, payload */
	uint64_t peer_packets, peer_bytes;     /* from peers to the client, payload */
};
void turn_view(const struct alloc *a, struct turn_alloc_view *into);

#endif
