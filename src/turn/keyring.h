/*
 * turn/keyring.h -- pure: where long-term keys come from: a list of users, and TURN REST secrets.
 * Built at start by one thread, then immutable and shared. Holds derived keys and secrets, never a
 * user's password (T-048); wiped when freed.
 */
#ifndef NATSRV_TURN_KEYRING_H
#define NATSRV_TURN_KEYRING_H

#include "common/bytes.h"
#include "common/digest.h"
#include "common/siphash.h"
#include "stun/key.h"

struct keyring;

struct keyring_policy {
	struct bytes realm;
	char rest_separator;
	int64_t max_credential_ttl; /* seconds; 0 = no bound (T-379) */
	int64_t clock_skew;         /* seconds, widens only that bound */
	struct siphash_key hash;    /* random */
};

/* A name as it enters a key: without trailing NULs and one surrounding pair of quotes. */
static inline struct bytes
keyring_plain(struct bytes name)
{
	while (name.n > 0 && name.p[name.n - 1] == 0)
		name.n--;
	if (name.n >= 2 && name.p[0] == '"' && name.p[name.n - 1] == '"')
		name = bytes_view(name.p + 1, name.n - 2);
	return name;
}

/* NULL when memory is short. */
struct keyring *keyring_new(const struct keyring_policy *policy);
void keyring_free(struct keyring *k);

/*
 * Provisioning. Names and passwords are prepared (OpaqueString). NULL, or a static complaint:
 * what prep_opaque() says, "user is there twice", "out of memory".
 */
const char *keyring_add_password(struct keyring *k, struct digest *d, struct bytes name,
                                 struct bytes password);

/* A ready key of 16 (MD5) or 32 (SHA-256) bytes. Both may be added for one name. */
const char *keyring_add_key(struct keyring *k, struct digest *d, struct bytes name,
                            const struct key *key);

/* A REST secret, any bytes; at most 16 of them. The first is the one to mint with. */
const char *keyring_add_secret(struct keyring *k, struct bytes secret);

bool keyring_empty(const struct keyring *k);

/* Can every source serve SHA-256 keys? */
bool keyring_serves_sha256(const struct keyring *k);

/* Are all sources enumerable lists, so that USERHASH works? */
bool keyring_enumerable(const struct keyring *k);

enum { KEYRING_CANDIDATES = 16 };

struct keyring_match {
	struct bytes name;   /* the prepared user name; view into the ring or the request */
	struct bytes quota;  /* quota key, a slice of it: the user part of a REST name (T-262) */
	int64_t expiry;      /* Unix seconds of a REST credential, 0 = none */
	bool expired;        /* was good, is over: for the log, never for the answer */
	unsigned n;          /* keys to try, more than one with several secrets */
	struct key key[KEYRING_CANDIDATES];
};

/*
 * Keys for a user name (see keyring_plain) under an algorithm. False when there is none; `m` then
 * still holds a dummy key, so that the caller does the same work for unknown users (S-134), or
 * the real ones of a credential that is over (`expired`), so that the log can tell why.
 */
bool keyring_find(const struct keyring *k, struct digest *d, enum key_algorithm a,
                  struct bytes username, int64_t unix_s, struct keyring_match *m);

/* By USERHASH, O(1) (S-168); listed users only. */
bool keyring_find_hash(const struct keyring *k, struct digest *d, enum key_algorithm a,
                       const uint8_t hash[static 32], struct keyring_match *m);

#endif
