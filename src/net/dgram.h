/*
 * net/dgram.h -- receiving datagrams by the batch. One per worker, used by its thread only.
 *
 * Packets land in slots of a fixed arena. A slot has DGRAM_HEADROOM writable bytes before the
 * packet, and stays valid until dgram_release(): what is sent from it must have left by then
 * (the only lifetime rule of the data path).
 *
 * A run of equal datagrams of one flow may arrive in one slot (UDP_GRO): `segment` is the size of
 * each, the last may be shorter. What is coalesced must stay coalesced (performance.md): the
 * packets of a run are handled one by one and leave as one run again (batch.h).
 */
#ifndef NATSRV_NET_DGRAM_H
#define NATSRV_NET_DGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "common/addr.h"

enum { DGRAM_HEADROOM = 64, DGRAM_MAX = 65536 };

struct dgram;

struct dgram_in {
	uint8_t *p;
	uint32_t n;
	uint32_t segment; /* == n for a single datagram */
	union addr from;  /* unmapped */
	union addr to;    /* local address, port 0, when the socket reports it (any-address) */
};

/* `counters`: NET_COUNTERS cells of the worker. NULL when memory is short. */
struct dgram *dgram_new(uint64_t *counters);
void dgram_free(struct dgram *d);

/* Is there a free slot? If not, what was received must be sent and released first. */
bool dgram_ready(const struct dgram *d);

/*
 * Whatever is there now, up to the free slots. Returns how many and points `*in` to them; valid
 * until dgram_release(). Errors are counted.
 */
unsigned dgram_receive(struct dgram *d, int fd, const struct dgram_in **in);

/* All slots are free again. */
void dgram_release(struct dgram *d);

#endif
