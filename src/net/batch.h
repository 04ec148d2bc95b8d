/*
 * net/batch.h -- sending datagrams by the batch. One per worker, used by its thread only.
 *
 * Packets are queued as references and leave at batch_flush(). Packets of one size from one socket
 * to one destination become a run that leaves by one call (UDP_SEGMENT); where the kernel or a
 * device refuses that, the packets of the run leave one by one. Packets to one destination keep
 * their order, packets to different ones need not.
 */
#ifndef NATSRV_NET_BATCH_H
#define NATSRV_NET_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/addr.h"
#include "common/bytes.h"

struct batch;

enum { BATCH_ROOM = 64, BATCH_REPLY = 1232 };

/* Scratch memory for one packet that is about to be made; lives until the flush if it is queued. */
struct batch_space {
	uint8_t *room_end; /* BATCH_ROOM writable bytes end here */
	uint8_t *reply;    /* BATCH_REPLY bytes */
};

struct batch_packet {
	int fd;
	const union addr *to;   /* copied */
	const union addr *from; /* source address to use (any-address sockets), or NULL; copied */
	struct bytes head, data;
	unsigned pad;           /* zero bytes behind */
};

/* `counters`: NET_COUNTERS cells of the worker. NULL when memory is short. */
struct batch *batch_new(uint64_t *counters);
void batch_free(struct batch *b);

/* Space for the next packet; flushes first when the queue could not take one more. */
struct batch_space batch_space(struct batch *b);

/* Queue a packet; call batch_space() before each. Head and data must live until the flush. */
void batch_put(struct batch *b, const struct batch_packet *p);

/* Send all. What the kernel refuses is dropped and counted; nothing waits. */
void batch_flush(struct batch *b);

#endif
