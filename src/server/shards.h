/*
 * server/shards.h -- main thread: all shards and their threads.
 */
#ifndef NATSRV_SERVER_SHARDS_H
#define NATSRV_SERVER_SHARDS_H

#include <stdbool.h>

#include "server/shard.h"

struct shards;

/*
 * Makes `n` shards with all their sockets, but starts no thread yet. 0 or -errno, as shard_new().
 * Fills in plan->shards; the plan must outlive the shards.
 */
int shards_new(struct shard_plan *plan, unsigned n, struct shards **into,
               const struct shard_listener **failed);

/* The threads must not run. Harmless on NULL. */
void shards_free(struct shards *s);

/* Starts a thread each; signals are blocked in them. 0 or -errno (then none runs). */
int shards_start(struct shards *s);

/* Tells all to stop and waits, at most `timeout` ms. False when some thread did not come back. */
bool shards_stop(struct shards *s, uint64_t timeout);

/* One line event=server.state with the sum of all counters. */
void shards_log_state(const struct shards *s);

size_t shards_receive_buffer(const struct shards *s);

#endif
