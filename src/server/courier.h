/*
 * server/courier.h -- shard-local: packets for relays of other shards, the second half of
 * relay-to-relay hand-over. Each travels as a copy in a letter; equal neighbours for one relay, a
 * run, share a letter, so that what was coalesced stays coalesced (performance.md).
 */
#ifndef NATSRV_SERVER_COURIER_H
#define NATSRV_SERVER_COURIER_H

#include "turn/turn.h"
#include "net/mailbox.h"

struct courier_letter {
	struct letter letter; /* first */
	union addr to, from;  /* relayed transport addresses */
	uint32_t n, segment;  /* bytes of data; size of each packet, the last may be shorter */
	uint32_t room;        /* of data */
	uint8_t headroom[TURN_ROOM];
	uint8_t data[];
};

struct courier_world {
	int kind;           /* of letters */
	uint64_t *counters; /* NET_COUNTERS cells */
	/* Posts to a shard's mailbox: false when it is full, then the letter is still ours. */
	bool (*post)(void *ctx, unsigned shard, struct letter *letter);
	void *ctx;
};

struct courier {
	struct courier_world world;
	struct courier_letter *draft; /* the letter that is being written, and to whom */
	unsigned shard;
};

/* `out` is TURN_TO_PEER, its peer a relay of that shard. Lost packets are counted. */
void courier_take(struct courier *c, unsigned shard, const struct turn_out *out);

/* Posts what was taken; at the end of every round. */
void courier_flush(struct courier *c);

/* How many packets a letter carries. */
unsigned courier_packets(const struct courier_letter *l);

#endif
