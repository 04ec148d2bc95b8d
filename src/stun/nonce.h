/*
 * stun/nonce.h -- pure: stateless nonces (RFC 8489, 9.2; conformance-stun 1.9).
 *
 * "obMatJos2" + 4 characters of feature bits + 27 characters that hold the issue time, a key id
 * and a 120-bit tag over {time, key id, client address and port, transport, realm, features, list
 * of password algorithms}. The server keeps no table: whoever has the key can verify.
 */
#ifndef NATSRV_STUN_NONCE_H
#define NATSRV_STUN_NONCE_H

#include <stdint.h>

#include "common/digest.h"
#include "common/flow.h"

enum { NONCE_SIZE = 40, NONCE_KEY = 32, NONCE_KEYS = 4, NONCE_COOKIE = 13 };

/* Security feature bits; sent in both orders, read in either. */
enum { NONCE_PASSWORD_ALGORITHMS = 1, NONCE_USERNAME_ANONYMITY = 2 };

struct nonce_keys { /* the first mints, all verify */
	unsigned n;
	uint8_t key[NONCE_KEYS][NONCE_KEY];
};

struct nonce_scope { /* what a nonce is bound to besides its key */
	const struct flow *flow;
	struct bytes realm;
	unsigned features;          /* NONCE_PASSWORD_ALGORITHMS | ... */
	const uint16_t *algorithms; /* the PASSWORD-ALGORITHMS list */
	unsigned algorithms_n;
};

/* Writes NONCE_SIZE characters (no NUL). False only when the digest fails. */
bool nonce_mint(const struct nonce_keys *keys, struct digest *d, const struct nonce_scope *scope,
                int64_t unix_s, char into[static NONCE_SIZE]);

enum nonce_verdict {
	NONCE_FRESH,
	NONCE_STALE,   /* ours, too old */
	NONCE_FOREIGN, /* not ours, or not for this client */
};

/* `lifetime` in seconds; a nonce up to 5 s from the future is fresh (clocks of a fleet differ). */
enum nonce_verdict nonce_check(const struct nonce_keys *keys, struct digest *d,
                               const struct nonce_scope *scope, int64_t unix_s, unsigned lifetime,
                               struct bytes nonce);

/*
 * Feature bits that any nonce (ours or not) announces by its cookie, in either bit order; 0 when
 * it has no cookie. For clients, and for step L3 of the server's check.
 */
unsigned nonce_features(struct bytes nonce);

#endif
