/*
 * client/state.h -- pure: what the client machine consists of: its surroundings, its wishes, its
 * state and its events. The functions are in turnc.h.
 */
#ifndef NATSRV_CLIENT_STATE_H
#define NATSRV_CLIENT_STATE_H

#include "client/challenge.h"
#include "client/txn.h"

enum { TURNC_PEERS = 8, TURNC_MESSAGE = 3072 /* room that any request fits in */ };

struct turnc_env { /* shared by all machines of one thread; must outlive them */
	struct digest *digest;
	void (*random)(void *ctx, void *into, size_t n);
	void *ctx;
};

struct turnc_want { /* what a client is like; may be shared by many; must outlive them */
	struct txn_policy txn;
	struct bytes username, password; /* OpaqueString-prepared; no name: never authenticates */
	uint32_t lifetime;               /* LIFETIME asked for, seconds; 0 = do not ask */
	int family;                      /* of the relay: AF_INET, AF_INET6; 0 = do not ask */
	bool legacy;                     /* RFC 5389: MD5 and SHA-1 whatever the server offers */
	bool fingerprint;                /* add FINGERPRINT to requests */
	bool idle;                       /* do not refresh anything by itself */
};

enum turnc_op {
	TURNC_OP_NONE, TURNC_OP_BINDING, TURNC_OP_ALLOCATE, TURNC_OP_PERMIT, TURNC_OP_CHANNEL,
	TURNC_OP_REFRESH, TURNC_OP_DELETE
};

enum turnc_outcome { /* or a STUN error code, 300..699 */
	TURNC_GOOD = 0,
	TURNC_TIMEOUT = -1,   /* no answer at all */
	TURNC_INTEGRITY = -2, /* answers came, none of them could be verified */
	TURNC_REFUSED = -3,   /* ICMP said that nobody is there (turnc_icmp) */
	TURNC_BROKEN = -4,    /* an answer that makes no sense (S-273, missing attributes) */
	TURNC_NO_ALGORITHM = -5, /* no common password algorithm, or a bid-down attempt */
	TURNC_NO_CREDENTIALS = -6, /* challenged, but there is no user name; event.code is 401 */
	TURNC_INTERNAL = -7,  /* memory or digest failed */
};

enum turnc_kind {
	TURNC_NOTHING,
	TURNC_DONE, /* an operation has ended; also automatic refreshes (op tells) */
	TURNC_DATA, /* a payload from a peer */
	TURNC_ICMP, /* a peer is unreachable: Data indication with ICMP */
};

struct turnc_event {
	enum turnc_kind kind;
	enum turnc_op op;      /* DONE */
	int outcome;           /* DONE: TURNC_GOOD, a STUN code, or a negative turnc_outcome */
	unsigned code;         /* DONE: the last STUN error code seen, verified or not; 0 = none */
	unsigned sends;        /* DONE: how often the last request went out */
	union addr peer;       /* DONE of permit/channel, DATA, ICMP; 300: the alternate server */
	struct bytes data;     /* DATA: view into the packet */
	uint16_t channel;      /* DATA: the channel it came by; 0 = Data indication */
	uint8_t icmp_type, icmp_code; /* ICMP */
};

struct turnc_peer {
	union addr addr;        /* family 0: free */
	msec permit_at, channel_at; /* when to ask (again); MSEC_NEVER = not wanted */
	bool permitted, bound;
};

struct turnc {
	/* to read */
	union addr server;
	union addr mapped;      /* from Binding or Allocate; family 0 = not known */
	union addr relayed;     /* family 0 = no allocation */
	uint32_t lifetime;      /* as granted, seconds */
	struct challenge challenge; /* .sha256 tells which integrity is used */
	/* the machine's own */
	const struct turnc_env *env;
	const struct turnc_want *want;
	struct txn txn;
	enum turnc_op op;       /* the operation that runs */
	uint8_t wanted;         /* bits: 1 << enum turnc_op */
	uint8_t at;             /* permit, channel: which peer */
	uint8_t retries, stale; /* of this operation: after 500, after 401 and 438 */
	bool keyed;             /* the request in flight carries credentials */
	bool rejected;          /* an answer was thrown away: INTEGRITY rather than TIMEOUT */
	uint16_t code;          /* the last error code of this operation */
	msec again_at;          /* between two transactions of this operation */
	msec refresh_at;
	struct turnc_peer peer[TURNC_PEERS];
};

_Static_assert(sizeof(struct turnc) <= 1024, "natload holds tens of thousands of these");

#endif
