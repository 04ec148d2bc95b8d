#include "turn/keyring.h"

#include <stdlib.h>

#include "common/htab.h"
#include "stun/name.h"
#include "stun/prep.h"

enum { SECRETS_MAX = KEYRING_CANDIDATES, HASH_SIZE = 32, REST_NAME_MAX = 509, TABLE = 64 };

struct user {
	struct hnode by_name, by_hash;
	struct key md5, sha256;    /* n = 0: not there */
	uint8_t hash[HASH_SIZE];   /* USERHASH */
	size_t n;
	uint8_t name[];
};

struct secret {
	uint8_t *p;
	size_t n;
};

struct keyring {
	struct keyring_policy policy; /* realm: a copy */
	uint8_t *realm;
	struct htab names, hashes;
	struct secret secrets[SECRETS_MAX];
	unsigned secrets_n;
	unsigned users, users_sha256; /* all, and those that have a SHA-256 key */
	struct key dummy;
};

struct keyring *
keyring_new(const struct keyring_policy *policy)
{
	struct keyring *k = calloc(1, sizeof *k);

	if (k == NULL)
		return NULL;
	k->policy = *policy;
	if ((k->realm = calloc(1, policy->realm.n + 1)) == NULL)
		goto free_it;
	if (policy->realm.n > 0)
		memcpy(k->realm, policy->realm.p, policy->realm.n);
	k->policy.realm = bytes_view(k->realm, policy->realm.n);
	if (htab_init(&k->names, TABLE) != 0)
		goto free_realm;
	if (htab_init(&k->hashes, TABLE) != 0)
		goto free_names;
	/* Any bytes that are no user's key; the table's random key is at hand. */
	memcpy(k->dummy.b, &policy->hash, sizeof policy->hash);
	return k;

free_names:
	htab_fini(&k->names);
free_realm:
	free(k->realm);
free_it:
	free(k);
	return NULL;
}

static void
free_user(struct hnode *n, void *ctx)
{
	struct keyring *k = ctx;
	struct user *u = HTAB_ITEM(n, struct user, by_name);

	htab_remove(&k->names, &u->by_name);
	digest_wipe(u, sizeof *u);
	free(u);
}

void
keyring_free(struct keyring *k)
{
	if (k == NULL)
		return;
	htab_each(&k->names, free_user, k);
	htab_fini(&k->names);
	htab_fini(&k->hashes);
	for (unsigned i = 0; i < k->secrets_n; i++) {
		digest_wipe(k->secrets[i].p, k->secrets[i].n);
		free(k->secrets[i].p);
	}
	free(k->realm);
	digest_wipe(k, sizeof *k);
	free(k);
}

static struct user *
user_by_name(const struct keyring *k, struct bytes name)
{
	uint64_t hash = siphash(&k->policy.hash, name.p, name.n);

	for (struct hnode *n = htab_first(&k->names, hash); n != NULL; n = htab_next(n)) {
		struct user *u = HTAB_ITEM(n, struct user, by_name);

		if (bytes_equal(bytes_view(u->name, u->n), name))
			return u;
	}
	return NULL;
}

static struct user *
user_by_hash(const struct keyring *k, const uint8_t hash[static HASH_SIZE])
{
	uint64_t h = siphash(&k->policy.hash, hash, HASH_SIZE);

	for (struct hnode *n = htab_first(&k->hashes, h); n != NULL; n = htab_next(n)) {
		struct user *u = HTAB_ITEM(n, struct user, by_hash);

		if (memcmp(u->hash, hash, HASH_SIZE) == 0)
			return u;
	}
	return NULL;
}

/* The user of a prepared name, made when he is not there. NULL when memory or the digest fails. */
static struct user *
user_make(struct keyring *k, struct digest *d, struct bytes name)
{
	struct user *u = user_by_name(k, name);

	if (u != NULL)
		return u;
	u = calloc(1, sizeof *u + name.n);
	if (u == NULL)
		return NULL;
	u->n = name.n;
	memcpy(u->name, name.p, name.n);
	if (!key_userhash(d, name, k->policy.realm, u->hash)) {
		free(u);
		return NULL;
	}
	htab_insert(&k->names, &u->by_name, siphash(&k->policy.hash, u->name, u->n));
	htab_insert(&k->hashes, &u->by_hash, siphash(&k->policy.hash, u->hash, HASH_SIZE));
	k->users++;
	return u;
}

const char *
keyring_add_password(struct keyring *k, struct digest *d, struct bytes name, struct bytes password)
{
	uint8_t ready_name[STUN_TEXT_MAX], ready_password[STUN_TEXT_MAX];
	size_t name_n, password_n;
	const char *wrong = prep_opaque(name, ready_name, sizeof ready_name, &name_n);
	struct key md5, sha256;
	struct user *u;

	if (wrong != NULL)
		return wrong;
	wrong = prep_opaque(password, ready_password, sizeof ready_password, &password_n);
	if (wrong != NULL)
		return wrong;

	struct bytes n = bytes_view(ready_name, name_n);
	struct bytes p = bytes_view(ready_password, password_n);
	bool made = key_long_term(d, KEY_MD5, n, k->policy.realm, p, &md5) &&
	            key_long_term(d, KEY_SHA256, n, k->policy.realm, p, &sha256);
	digest_wipe(ready_password, sizeof ready_password);
	if (!made)
		return "the digest fails";
	if (user_by_name(k, n) != NULL)
		wrong = "user is there twice";
	else if ((u = user_make(k, d, n)) == NULL)
		wrong = "out of memory";
	else {
		u->md5 = md5;
		u->sha256 = sha256;
		k->users_sha256++;
	}
	digest_wipe(&md5, sizeof md5);
	digest_wipe(&sha256, sizeof sha256);
	return wrong;
}

const char *
keyring_add_key(struct keyring *k, struct digest *d, struct bytes name, const struct key *key)
{
	uint8_t ready[STUN_TEXT_MAX];
	size_t n;
	const char *wrong = prep_opaque(name, ready, sizeof ready, &n);
	struct user *u;

	if (wrong != NULL)
		return wrong;
	if (key->n != 16 && key->n != 32)
		return "a key has 16 bytes (MD5) or 32 (SHA-256)";
	if ((u = user_make(k, d, bytes_view(ready, n))) == NULL)
		return "out of memory";

	struct key *slot = key->n == 16 ? &u->md5 : &u->sha256;
	if (slot->n != 0)
		return "user is there twice";
	*slot = *key;
	k->users_sha256 += key->n == 32;
	return NULL;
}

const char *
keyring_add_secret(struct keyring *k, struct bytes secret)
{
	struct secret *s = &k->secrets[k->secrets_n];

	if (k->secrets_n == SECRETS_MAX)
		return "more than 16 secrets";
	if (secret.n == 0)
		return "the secret is empty";
	if ((s->p = calloc(1, secret.n)) == NULL)
		return "out of memory";
	memcpy(s->p, secret.p, secret.n);
	s->n = secret.n;
	k->secrets_n++;
	return NULL;
}

bool
keyring_empty(const struct keyring *k)
{
	return k->users == 0 && k->secrets_n == 0;
}

bool
keyring_serves_sha256(const struct keyring *k)
{
	return k->users == k->users_sha256;
}

bool
keyring_enumerable(const struct keyring *k)
{
	return k->secrets_n == 0 && k->users > 0;
}

static bool
match_none(const struct keyring *k, enum key_algorithm a, struct keyring_match *m)
{
	m->n = 1;
	m->key[0] = k->dummy;
	m->key[0].n = a == KEY_SHA256 ? 32 : 16;
	return false;
}

static bool
match_user(const struct keyring *k, enum key_algorithm a, const struct user *u,
           struct keyring_match *m)
{
	const struct key *key = a == KEY_SHA256 ? &u->sha256 : &u->md5;

	if (key->n == 0)
		return match_none(k, a, m);
	m->name = m->quota = bytes_view(u->name, u->n);
	m->n = 1;
	m->key[0] = *key;
	return true;
}

/* Is it a REST name at all, and within its bounds (T-373, T-379, security E9)? */
static bool
rest_name(const struct keyring *k, struct bytes name, int64_t unix_s, struct keyring_match *m)
{
	const struct keyring_policy *p = &k->policy;
	uint8_t ready[REST_NAME_MAX];
	size_t n;

	if (k->secrets_n == 0 || name.n > REST_NAME_MAX ||
	    !key_rest_name(name, p->rest_separator, &m->expiry, &m->quota) || m->quota.n == 0)
		return false;
	if (prep_opaque(name, ready, sizeof ready, &n) != NULL)
		return false;
	return p->max_credential_ttl == 0 ||
	       m->expiry - p->max_credential_ttl - p->clock_skew <= unix_s;
}

/* One candidate per secret: which one the credential was made with shows when it is verified. */
static bool
match_rest(const struct keyring *k, struct digest *d, enum key_algorithm a, struct bytes name,
           struct keyring_match *m)
{
	char password[KEY_REST_PASSWORD];

	for (unsigned i = 0; i < k->secrets_n; i++) {
		struct bytes secret = {k->secrets[i].p, k->secrets[i].n};

		if (key_rest_password(d, secret, name, password) &&
		    key_long_term(d, a, name, k->policy.realm, bytes_text(password), &m->key[m->n]))
			m->n++;
	}
	digest_wipe(password, sizeof password);
	m->name = name;
	return m->n > 0;
}

bool
keyring_find(const struct keyring *k, struct digest *d, enum key_algorithm a,
             struct bytes username, int64_t unix_s, struct keyring_match *m)
{
	struct bytes name = keyring_plain(username);
	const struct user *u = user_by_name(k, name);

	m->name = m->quota = name;
	m->expiry = 0;
	m->expired = false;
	m->n = 0;
	if (u != NULL)
		return match_user(k, a, u, m);
	if (!rest_name(k, name, unix_s, m)) {
		m->quota = name;
		m->expiry = 0;
		return match_none(k, a, m);
	}
	if (!match_rest(k, d, a, name, m))
		return match_none(k, a, m);
	m->expired = unix_s >= m->expiry; /* taken literally: A36 */
	return !m->expired;
}

bool
keyring_find_hash(const struct keyring *k, struct digest *d, enum key_algorithm a,
                  const uint8_t hash[static 32], struct keyring_match *m)
{
	const struct user *u = user_by_hash(k, hash);

	(void)d;
	m->name = m->quota = BYTES_NONE;
	m->expiry = 0;
	m->expired = false;
	m->n = 0;
	return u != NULL ? match_user(k, a, u, m) : match_none(k, a, m);
}
