/*
 * server/shard.h -- one worker: a loop, its listening sockets, a TURN machine, its relays, its
 * counters. The only place where turn/ and net/ meet. All of it belongs to the thread that runs
 * shard_run(), but for shard_new/free (main thread, before and after) and what says otherwise.
 */
#ifndef NATSRV_SERVER_SHARD_H
#define NATSRV_SERVER_SHARD_H

#include "turn/turn.h"
#include "net/counters.h"
#include "server/courier.h"
#include "server/events.h"
#include "server/pool.h"
#include "server/quota.h"
#include "server/relays.h"

struct shard;

struct shard_listener { /* an address to listen on */
	union addr at;
	const char *name;
};

/* What all shards share; immutable while they run, but for the quota, which locks. */
struct shard_plan {
	const struct turn_policy *policy;
	struct pool *pool;           /* of relayed transport addresses; locks */
	const struct shard_listener *listeners;
	unsigned listeners_n;
	size_t listener_buffer;      /* buffers of listening sockets, 0 = as is */
	size_t relay_buffer;         /* the same of relays */
	struct quota *quota;
	struct events *events;
	struct shard *const *shards; /* all of them, for letters */
};

/*
 * Opens the listening sockets and makes everything ready. 0 and `*into`, or -errno; then
 * `*failed` is the listener that could not be opened, or NULL.
 */
int shard_new(const struct shard_plan *plan, unsigned number, struct shard **into,
              const struct shard_listener **failed);

/* Ends every allocation. The thread must have come back from shard_run(). */
void shard_free(struct shard *s);

/* The thread's body: serves until shard_stop(). */
void shard_run(struct shard *s);

/* Any thread. */
void shard_stop(struct shard *s);

/* Counters, any thread: TURN_COUNTERS / NET_COUNTERS cells; open relays by family. */
const uint64_t *shard_turn_counters(const struct shard *s);
const uint64_t *shard_net_counters(const struct shard *s);
uint64_t shard_relays(const struct shard *s, unsigned family);

/* What the kernel gave the first listening socket as receive buffer. */
size_t shard_receive_buffer(const struct shard *s);

#endif
