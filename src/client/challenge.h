/*
 * client/challenge.h -- pure but for the digest; one owner: the client's side of long-term
 * credentials (RFC 8489, 9.2.3 and 9.2.5): what a 401 or 438 told, the key that follows from it,
 * signing requests, verifying answers.
 *
 * A server that offers PASSWORD-ALGORITHMS gets SHA-256 integrity from then on; one that does not
 * (RFC 5389) gets MD5 keys and SHA-1. The user name goes as USERHASH if, and only if, the nonce
 * says so.
 */
#ifndef NATSRV_CLIENT_CHALLENGE_H
#define NATSRV_CLIENT_CHALLENGE_H

#include "stun/build.h"
#include "stun/key.h"
#include "stun/seal.h"

struct challenge_user { /* OpaqueString-prepared; borrowed */
	struct bytes name, password;
	bool legacy; /* RFC 5389 only: MD5, SHA-1, USERNAME, whatever is offered */
};

struct challenge {
	uint8_t *block; /* owned: realm, nonce, list of algorithms; NULL = not challenged yet */
	uint16_t cap, realm_n, nonce_n, algorithms_n;
	uint8_t algorithm; /* enum key_algorithm */
	bool sha256;       /* MESSAGE-INTEGRITY-SHA256 only */
	bool anonymous;    /* USERHASH */
	struct key key;
};

enum challenge_news {
	CHALLENGE_NEW,          /* user, realm or key are others than before */
	CHALLENGE_NONCE,        /* only the nonce is new */
	CHALLENGE_SAME,         /* nothing would change */
	CHALLENGE_INCOMPLETE,   /* no realm or no nonce */
	CHALLENGE_NO_ALGORITHM, /* none that we know, or announced but not listed (bid-down) */
	CHALLENGE_INTERNAL,     /* memory or digest */
};

void challenge_fini(struct challenge *c);

static inline bool
challenge_ready(const struct challenge *c)
{
	return c->block != NULL;
}

/* What a 401 or 438 says. On the last three results the challenge stays as it was. */
enum challenge_news challenge_take(struct challenge *c, struct digest *d,
                                   const struct challenge_user *user, const struct parse *answer);

/* Adds user, realm, nonce, algorithms and integrity; only FINGERPRINT may follow. */
void challenge_sign(const struct challenge *c, struct digest *d, const struct challenge_user *user,
                    struct build *b);

/* Is this answer from somebody who has the key? SEAL_ABSENT also when it has the wrong kind. */
enum seal challenge_check(const struct challenge *c, struct digest *d, const struct parse *answer);

/* Does its nonce announce password algorithms, without a list? Such answers are ignored. */
bool challenge_bid_down(const struct challenge_user *user, const struct parse *answer);

struct bytes challenge_realm(const struct challenge *c);

#endif
