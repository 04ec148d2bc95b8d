/*
 * turn/machine.h -- pure, shard thread; private to turn/. What one machine is made of, and the
 * few things that every file of the room needs: counting, events, random transaction ids.
 */
#ifndef NATSRV_TURN_MACHINE_H
#define NATSRV_TURN_MACHINE_H

#include "common/digest.h"
#include "common/htab.h"
#include "common/siphash.h"
#include "common/wheel.h"
#include "stun/name.h"
#include "turn/turn.h"

enum {
	MACHINE_MEMO = 256,             /* a power of two */
	MACHINE_TIDS = 32 * STUN_TID,   /* randomness is fetched for this many bytes at once */
};

struct turn {
	const struct turn_policy *policy;
	const struct turn_io *io;
	struct instant now;             /* what it was told last */
	struct digest *digest;
	struct siphash_key hash;
	struct htab flows;              /* of struct alloc, by five-tuple */
	struct wheel wheel;             /* one timer per allocation */
	unsigned features;              /* of the nonces, NONCE_PASSWORD_ALGORITHMS | ... */

	/* Packets of one flow come in runs: the last allocation seen per low bits of the port. */
	struct alloc *memo[MACHINE_MEMO];

	uint8_t tids[MACHINE_TIDS];
	unsigned tids_left;

	uint64_t count[TURN_COUNTERS];
};

/* The machine is the only writer; a relaxed store lets any thread read without tearing. */
static inline void
machine_count(struct turn *t, enum turn_counter c, uint64_t n)
{
	__atomic_store_n(&t->count[c], t->count[c] + n, __ATOMIC_RELAXED);
}

/* Counts under `why`; for `return machine_drop(...)`. */
static inline enum turn_verdict
machine_drop(struct turn *t, enum turn_counter why)
{
	machine_count(t, why, 1);
	return TURN_DROP;
}

static inline void
machine_event(const struct turn *t, const struct turn_event *event)
{
	if (t->io->event != NULL)
		t->io->event(t->io->ctx, event);
}

/* STUN_TID random bytes that nobody saw before; a view that lives until the next call. */
const uint8_t *machine_tid(struct turn *t);

#endif
