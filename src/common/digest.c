/*
 * An EVP_MAC context is set up once per algorithm and then only given keys: fetching or duplicating
 * contexts costs more than the hash itself. With the key of the last call it is merely rewound,
 * which saves half of the rest.
 */
#include "common/digest.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

enum { KEY_KEPT = 64 }; /* longer keys are rare and not remembered */

struct keyed {
	EVP_MAC_CTX *mac;
	uint8_t key[KEY_KEPT];
	size_t key_size;
	bool has_key;
};

struct digest {
	EVP_MD_CTX *hash[DIGEST_KINDS];
	struct keyed keyed[DIGEST_KINDS]; /* none for MD5 */
};

static const struct {
	const char *name;
	size_t size;
} kinds[DIGEST_KINDS] = {
	[DIGEST_MD5] = {"MD5", 16},
	[DIGEST_SHA1] = {"SHA1", 20},
	[DIGEST_SHA256] = {"SHA256", 32},
};

/* A context that knows its algorithm, so that later calls need not name it; NULL on failure. */
static EVP_MD_CTX *
hash_open(enum digest_kind kind)
{
	EVP_MD *algorithm = EVP_MD_fetch(NULL, kinds[kind].name, NULL);
	EVP_MD_CTX *hash = EVP_MD_CTX_new();

	if (algorithm == NULL || hash == NULL || !EVP_DigestInit_ex2(hash, algorithm, NULL)) {
		EVP_MD_CTX_free(hash);
		hash = NULL;
	}
	EVP_MD_free(algorithm); /* the context holds its own reference */
	return hash;
}

static EVP_MAC_CTX *
mac_open(enum digest_kind kind)
{
	char *name = (char *)kinds[kind].name; /* only read; the type serves for writing as well */
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *mac = EVP_MAC_CTX_new(algorithm);

	if (mac != NULL && !EVP_MAC_CTX_set_params(mac, params)) {
		EVP_MAC_CTX_free(mac);
		mac = NULL;
	}
	EVP_MAC_free(algorithm);
	return mac;
}

struct digest *
digest_new(void)
{
	struct digest *d = calloc(1, sizeof *d);
	bool ok = d != NULL;

	for (unsigned kind = 0; ok && kind < DIGEST_KINDS; kind++) {
		d->hash[kind] = hash_open(kind);
		ok = d->hash[kind] != NULL;
		if (!ok || kind == DIGEST_MD5)
			continue;
		d->keyed[kind].mac = mac_open(kind);
		ok = d->keyed[kind].mac != NULL;
	}
	if (!ok) {
		digest_free(d);
		return NULL;
	}
	return d;
}

void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	for (unsigned kind = 0; kind < DIGEST_KINDS; kind++) {
		EVP_MD_CTX_free(d->hash[kind]);
		EVP_MAC_CTX_free(d->keyed[kind].mac);
	}
	digest_wipe(d, sizeof *d);
	free(d);
}

size_t
digest_size(enum digest_kind kind)
{
	assert((unsigned)kind < DIGEST_KINDS);
	return kinds[kind].size;
}

bool
digest_hash(struct digest *d, enum digest_kind kind, const struct bytes *parts, unsigned n,
            uint8_t into[static DIGEST_MAX])
{
	assert((unsigned)kind < DIGEST_KINDS);
	EVP_MD_CTX *hash = d->hash[kind];
	bool ok = EVP_DigestInit_ex2(hash, NULL, NULL);

	for (unsigned i = 0; ok && i < n; i++)
		ok = parts[i].n == 0 || EVP_DigestUpdate(hash, parts[i].p, parts[i].n);
	ok = ok && EVP_DigestFinal_ex(hash, into, NULL);
	if (!ok)
		memset(into, 0, DIGEST_MAX);
	return ok;
}

/* Makes the context ready for a message under `key`. */
static bool
set_key(struct keyed *k, struct bytes key)
{
	if (k->has_key && key.n == k->key_size && digest_equal(key.p, k->key, key.n))
		return EVP_MAC_init(k->mac, NULL, 0, NULL);
	/* An empty key is a key; only a null pointer means "as before". */
	k->has_key = false;
	if (!EVP_MAC_init(k->mac, key.n == 0 ? (const uint8_t *)"" : key.p, key.n, NULL))
		return false;
	if (key.n > sizeof k->key)
		return true;
	if (key.n > 0)
		memcpy(k->key, key.p, key.n);
	k->key_size = key.n;
	k->has_key = true;
	return true;
}

bool
digest_hmac(struct digest *d, enum digest_kind kind, struct bytes key, const struct bytes *parts,
            unsigned n, uint8_t into[static DIGEST_MAX])
{
	assert(kind == DIGEST_SHA1 || kind == DIGEST_SHA256);
	struct keyed *k = &d->keyed[kind];
	size_t size;
	bool ok = set_key(k, key);

	for (unsigned i = 0; ok && i < n; i++)
		ok = parts[i].n == 0 || EVP_MAC_update(k->mac, parts[i].p, parts[i].n);
	ok = ok && EVP_MAC_final(k->mac, into, &size, DIGEST_MAX);
	if (!ok) {
		memset(into, 0, DIGEST_MAX);
		k->has_key = false; /* whatever state it is in, begin anew */
	}
	return ok;
}

bool
digest_equal(const void *a, const void *b, size_t n)
{
	return n == 0 || CRYPTO_memcmp(a, b, n) == 0;
}

void
digest_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

const char *
digest_library(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}
