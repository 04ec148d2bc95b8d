/*
 * turn/policy.h -- pure: everything that an operator decides about the machine, as one immutable
 * struct that is handed down. Shards share it; who builds it (server/) keeps it alive.
 */
#ifndef NATSRV_TURN_POLICY_H
#define NATSRV_TURN_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/bytes.h"
#include "stun/nonce.h"

struct keyring;
struct peers;

enum { POLICY_ALGORITHMS = 2 };

struct turn_policy {
	struct bytes realm;         /* not empty */
	struct bytes software;      /* empty = send none */

	bool relay;                 /* false: STUN only, TURN methods are dropped */
	bool ipv4, ipv6;            /* families that can be relayed */
	bool rfc5766_channels;      /* also accept 0x5000-0x7fff */
	bool permission_follows_channel; /* A6 */

	bool anonymous;             /* no authentication at all */
	bool stun_auth;             /* Binding needs credentials */
	const struct keyring *keys; /* users and REST secrets */
	uint16_t algorithms[POLICY_ALGORITHMS]; /* offered, preferred first; enum key_algorithm */
	unsigned algorithms_n;
	struct nonce_keys nonce_keys;
	unsigned nonce_lifetime;    /* seconds */
	bool strict_expiry;         /* Refresh fails after the credential's expiry */

	const struct peers *peers;  /* who may be a peer */

	uint32_t lifetime_default, lifetime_max; /* seconds */
	unsigned permissions_max, channels_max;  /* per allocation; 0 = no limit */
};

#endif
