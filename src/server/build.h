/*
 * server/build.h -- main thread, start-up and reload: from settings to what the machines want,
 * the policy with its keyring and its peer gate. Reads the files that hold credentials, so it must
 * run before privileges are given up.
 */
#ifndef NATSRV_SERVER_BUILD_H
#define NATSRV_SERVER_BUILD_H

#include "turn/keyring.h"
#include "turn/peers.h"
#include "turn/policy.h"
#include "server/settings.h"

struct build {
	struct turn_policy policy; /* .keys and .peers point to the two below */
	struct keyring *keys;
	struct peers *peers; /* the caller adds own endpoints and relay addresses */
};

/*
 * 0, or -ENOMEM. Mistakes (a bad rule, an unreadable secret) go to `c`; then the build must not be
 * used, but still be given back with build_fini(). `s` must outlive the build: realm and software
 * are views into it. policy.ipv4 and .ipv6 say what the settings allow; the caller clears the
 * family for which it finds no address. `s->peers.allow_self` is for the caller, who calls
 * peers_add_self().
 */
int build_init(struct build *b, const struct settings *s, struct complaints *c);

/* Harmless on a zeroed build. */
void build_fini(struct build *b);

#endif
