/*
 * server/pool.h -- any thread: the relayed transport addresses of this host. All shards draw their
 * ports from one pool, so that no client is refused while a port is free, and a port rests after
 * use whichever shard had it; and everybody can tell whether an address is a relay's, and whose.
 *
 * Drawing and giving back take a lock; they happen once per allocation. Asking takes none.
 */
#ifndef NATSRV_SERVER_POOL_H
#define NATSRV_SERVER_POOL_H

#include <stdbool.h>

#include "common/addr.h"
#include "common/wheel.h"

struct pool;

struct pool_policy {
	union addr ip[2]; /* IPv4, IPv6; family 0 = not relayed */
	uint16_t lo, hi;  /* ports, inclusive */
};

/* NULL when memory is short. Families are indexed 0 IPv4, 1 IPv6. */
struct pool *pool_new(const struct pool_policy *policy);
void pool_free(struct pool *p);

/* The relay address of a family, port 0; NULL when it is not relayed. */
const union addr *pool_ip(const struct pool *p, unsigned family);

/* Ports of a family in all. */
unsigned pool_size(const struct pool *p, unsigned family);

/* A random port that is free, an even one if asked; 0 when there is none. */
uint16_t pool_take(struct pool *p, unsigned family, bool even, msec now);
void pool_give(struct pool *p, unsigned family, uint16_t port, msec now);

/* Says whose relay the address is from now on; -1: nobody's. */
void pool_own(struct pool *p, const union addr *relayed, int shard);

/* Which shard's relay is this now? -1: none of this host. A packet may miss the moment. */
int pool_owner(const struct pool *p, const union addr *a);

#endif
