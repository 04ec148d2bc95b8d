/*
 * stun/key.h -- pure: keys of the long-term mechanism, user hashes, time-limited credentials
 * (RFC 8489, 9.2.2 and 14.4; draft-uberti-behave-turn-rest-00).
 */
#ifndef NATSRV_STUN_KEY_H
#define NATSRV_STUN_KEY_H

#include "common/digest.h"

enum key_algorithm { KEY_MD5 = 1, KEY_SHA256 = 2 }; /* password algorithm numbers */
enum { KEY_MAX = 32, KEY_REST_PASSWORD = 29 };

struct key {
	uint8_t n; /* 16 or 32; 0 = none */
	uint8_t b[KEY_MAX];
};

static inline struct bytes
key_view(const struct key *k)
{
	return (struct bytes){k->b, k->n};
}

/*
 * H(username ":" realm ":" password). Trailing NULs and one surrounding pair of quotes are
 * stripped from username and realm; nothing else is prepared here: see prep.h.
 * False only when the digest fails.
 */
bool key_long_term(struct digest *d, enum key_algorithm a, struct bytes username,
                   struct bytes realm, struct bytes password, struct key *into);

/* SHA-256(username ":" realm) */
bool key_userhash(struct digest *d, struct bytes username, struct bytes realm,
                  uint8_t into[static 32]);

/* base64(HMAC-SHA1(secret, username)): 28 characters and a NUL (T-370). */
bool key_rest_password(struct digest *d, struct bytes secret, struct bytes username,
                       char into[static KEY_REST_PASSWORD]);

/*
 * Splits a REST user name "expiry" or "expiry<separator>user" (T-373, T-380, security E9).
 * The expiry is 1..20 digits without sign; false when it is not, or does not fit. `user` is the
 * part after the separator, or the whole name when there is none.
 */
bool key_rest_name(struct bytes username, char separator, int64_t *expiry, struct bytes *user);

#endif
