/*
 * server/quota.h -- any thread: how many allocations the server and each user have, exactly,
 * whatever the number of workers: one check-and-take, under a lock for a user and atomic for the
 * server, never read-then-write (security D1). Users are striped over locks by a keyed hash.
 */
#ifndef NATSRV_SERVER_QUOTA_H
#define NATSRV_SERVER_QUOTA_H

#include "common/bytes.h"
#include "common/siphash.h"

struct quota;

struct quota_limits { /* 0 = none */
	unsigned total, per_user;
};

/* NULL when memory is short. */
struct quota *quota_new(const struct quota_limits *limits, const struct siphash_key *hash);
void quota_free(struct quota *q);

/*
 * Take one unit for a user (an empty name is nobody, whom only the total limits): 0; 486 when the
 * user has all that it may have; 508 when the server has, or
 * memory is short. Every 0 is paid back by one quota_release() with the same name.
 */
unsigned quota_admit(struct quota *q, struct bytes user);
void quota_release(struct quota *q, struct bytes user);

/* Units taken now. */
unsigned quota_used(const struct quota *q);

#endif
