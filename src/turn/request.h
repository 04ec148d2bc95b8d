/*
 * turn/request.h -- pure, shard thread; private to turn/. One STUN request on its way through
 * door, authentication, handler and reply.
 *
 * A handler returns 0 or a STUN code and says in `answer` what a success carries; it never sees
 * the answer's bytes.
 */
#ifndef NATSRV_TURN_REQUEST_H
#define NATSRV_TURN_REQUEST_H

#include "stun/key.h"
#include "stun/parse.h"
#include "turn/alloc.h"

enum { REQUEST_UNKNOWN_MAX = PARSE_UNKNOWN_MAX };

struct answer {
	bool mapped;                /* XOR-MAPPED-ADDRESS */
	const struct relay *relay;  /* XOR-RELAYED-ADDRESS, when not NULL */
	bool has_lifetime;
	uint32_t lifetime;          /* LIFETIME */
	unsigned unknown_n;         /* UNKNOWN-ATTRIBUTES of a 420 */
	uint16_t unknown[REQUEST_UNKNOWN_MAX];
};

struct request {
	struct turn *t;
	const struct turn_in *in;
	struct parse m;
	struct alloc *alloc;        /* the allocation of the five-tuple, or NULL */
	bool repeat;                /* retransmission of the Allocate that made `alloc` */

	/* Who asks; set by authentication. Empty and 0 when there was none. */
	struct bytes user, quota;   /* the second is a slice of the first */
	int64_t credential_expiry;
	struct key key;             /* n = 0: the answer cannot be sealed */
	uint8_t algorithm;          /* enum key_algorithm of `key` */
	enum digest_kind seal;      /* by what the answer is sealed */
	enum turn_reason reason;    /* why authentication failed, for the event */

	struct answer answer;
};

/* An optional value, 0 when absent. False when it is there and malformed: 400. */
static inline bool
request_u32(const struct request *r, enum stun_attr a, uint32_t *into)
{
	return parse_u32(&r->m, a, into) || !parse_has(&r->m, a);
}

static inline bool
request_u8(const struct request *r, enum stun_attr a, uint8_t *into)
{
	return parse_u8(&r->m, a, into) || !parse_has(&r->m, a);
}

/* Adds an attribute to UNKNOWN-ATTRIBUTES; what does not fit is left out. */
static inline void
request_unknown(struct request *r, uint16_t type)
{
	if (r->answer.unknown_n < REQUEST_UNKNOWN_MAX)
		r->answer.unknown[r->answer.unknown_n++] = type;
}

#endif
