/*
 * server/relays.h -- shard-local: the sockets of relayed transport addresses. A closed relay's
 * socket lives until relays_sweep(), because packets that leave by it may still be queued.
 */
#ifndef NATSRV_SERVER_RELAYS_H
#define NATSRV_SERVER_RELAYS_H

#include "common/list.h"
#include "turn/turn.h"
#include "net/loop.h"

struct relays;

struct relay_socket {
	struct relay relay; /* first: the machine's view of it */
	int fd;
	uint8_t family;     /* index: 0 IPv4, 1 IPv6 */
	struct loop_watch watch;
	struct relays *relays;
	struct list closing;
};

struct relays_policy {
	struct pool *pool;
	unsigned shard; /* whose relays these are */
	size_t buffer;  /* socket buffers in bytes, 0 = as the kernel has them */
};

struct relays_world {
	struct loop *loop;
	void (*ready)(struct relay_socket *r, void *ctx); /* something has come */
	void *ctx;
};

/* NULL when memory is short. */
struct relays *relays_new(const struct relays_policy *policy, const struct relays_world *world);

/* All relays must be closed before. */
void relays_free(struct relays *r);

/* turn_io.relay_open: 0, 440 (family) or 508 (no port, no descriptor, no memory). */
unsigned relays_open(struct relays *r, const struct turn_relay_want *want, msec now,
                     struct relay **relay);
void relays_close(struct relays *r, struct relay *relay, msec now);

/* Closes the sockets of closed relays; the batch must have been flushed. */
void relays_sweep(struct relays *r);

/* The open relay at this address, NULL if there is none in this shard. */
struct relay_socket *relays_find(const struct relays *r, const union addr *to);

/* Open relays of a family (0 IPv4, 1 IPv6): a cell that any thread may read. */
const uint64_t *relays_in_use(const struct relays *r, unsigned family);

#endif
