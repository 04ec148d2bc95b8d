#include "stun/nonce.h"

#include <assert.h>

#include "common/text.h"

enum {
	MARK = 9,            /* characters of "obMatJos2" */
	FEATURES = 4,        /* characters: base64 of three bytes */
	STAMP = 5,           /* bytes: issue time, key id and any-port flag */
	TAG = 15,            /* bytes: 120 bits */
	BODY = STAMP + TAG,  /* 20 bytes in 27 characters */
	BODY_TEXT = TEXT_BASE64_SIZE(BODY),
	ALGORITHMS_MAX = 16,
	CLOCK_AHEAD = 5,     /* seconds that another server's clock may be ahead of ours */
	ANY_PORT = 1,        /* flag of nonces in a redirection (T-260); none is minted yet */
};

static const uint8_t mark[MARK] = {'o', 'b', 'M', 'a', 't', 'J', 'o', 's', '2'};

/* Bit 0 is the most significant in RFC 8489, the least in erratum 6290: set both. */
static void
features_text(unsigned features, char into[static FEATURES])
{
	uint8_t bits[3] = {0, 0, (uint8_t)(features & 3)};
	char text[FEATURES + 1];

	if ((features & NONCE_PASSWORD_ALGORITHMS) != 0)
		bits[0] |= 0x80;
	if ((features & NONCE_USERNAME_ANONYMITY) != 0)
		bits[0] |= 0x40;
	text_base64(bytes_view(bits, sizeof bits), false, text);
	memcpy(into, text, FEATURES);
}

/*
 * Seven bits that tell keys apart during a change of keys, the same in every server that holds
 * the key, wherever in its list. The key keys the hash, so they tell nothing about it.
 */
static uint8_t
key_id(const uint8_t key[static NONCE_KEY])
{
	struct siphash_key half = {
		.k0 = (uint64_t)bytes_u32(key) << 32 | bytes_u32(key + 4),
		.k1 = (uint64_t)bytes_u32(key + 8) << 32 | bytes_u32(key + 12),
	};

	return siphash(&half, key + sizeof half, NONCE_KEY - sizeof half) & 0x7f;
}

/* The tag over everything a nonce is bound to. Lengths go in, so that no two scopes read alike. */
static bool
make_tag(struct digest *d, const uint8_t *key, const struct nonce_scope *scope,
         const uint8_t stamp[static STAMP], uint8_t tag[static DIGEST_MAX])
{
	uint8_t fixed[STAMP + 1 + FEATURES + 2 + 1 + 1 + ADDR_KEY];
	uint8_t list[2 * ALGORITHMS_MAX];
	struct pen w = pen_over(fixed, sizeof fixed);
	uint8_t client[ADDR_KEY];
	char features[FEATURES];
	size_t client_n = addr_key(&scope->flow->client, client);

	assert(scope->algorithms_n <= ALGORITHMS_MAX);
	features_text(scope->features, features);
	pen_put(&w, stamp, STAMP);
	pen_u8(&w, scope->flow->transport);
	pen_put(&w, features, FEATURES);
	pen_u16(&w, (unsigned)scope->realm.n);
	pen_u8(&w, scope->algorithms_n);
	pen_u8(&w, (unsigned)client_n);
	pen_put(&w, client, client_n);
	for (unsigned i = 0; i < scope->algorithms_n; i++)
		bytes_put16(list + 2 * i, scope->algorithms[i]);

	struct bytes parts[] = {
		{fixed, pen_used(&w)},
		{list, 2 * scope->algorithms_n},
		scope->realm,
	};
	return digest_hmac(d, DIGEST_SHA256, bytes_view(key, NONCE_KEY), parts, 3, tag);
}

bool
nonce_mint(const struct nonce_keys *keys, struct digest *d, const struct nonce_scope *scope,
           int64_t unix_s, char into[static NONCE_SIZE])
{
	uint8_t body[BODY], tag[DIGEST_MAX];
	char text[BODY_TEXT];

	assert(keys->n >= 1);
	memset(into, 0, NONCE_SIZE);
	bytes_put32(body, (uint32_t)unix_s);
	body[4] = (uint8_t)(key_id(keys->key[0]) << 1);
	if (!make_tag(d, keys->key[0], scope, body, tag))
		return false;
	memcpy(body + STAMP, tag, TAG);

	memcpy(into, mark, MARK);
	features_text(scope->features, into + MARK);
	text_base64(bytes_view(body, BODY), true, text);
	memcpy(into + NONCE_COOKIE, text, NONCE_SIZE - NONCE_COOKIE);
	return true;
}

static bool
tag_holds(const struct nonce_keys *keys, struct digest *d, const struct nonce_scope *scope,
          const uint8_t body[static BODY])
{
	uint8_t tag[DIGEST_MAX];

	for (unsigned i = 0; i < keys->n; i++) {
		if (body[4] != (uint8_t)(key_id(keys->key[i]) << 1))
			continue; /* another key, or the any-port flag */
		if (make_tag(d, keys->key[i], scope, body, tag) &&
		    digest_equal(tag, body + STAMP, TAG))
			return true;
	}
	return false;
}

enum nonce_verdict
nonce_check(const struct nonce_keys *keys, struct digest *d, const struct nonce_scope *scope,
            int64_t unix_s, unsigned lifetime, struct bytes nonce)
{
	char features[FEATURES];
	uint8_t body[BODY];

	if (nonce.n != NONCE_SIZE || memcmp(nonce.p, mark, MARK) != 0)
		return NONCE_FOREIGN;
	features_text(scope->features, features);
	if (memcmp(nonce.p + MARK, features, FEATURES) != 0)
		return NONCE_FOREIGN;

	struct bytes text = bytes_view(nonce.p + NONCE_COOKIE, NONCE_SIZE - NONCE_COOKIE);
	if (text_unbase64(text, true, body, sizeof body) != BODY)
		return NONCE_FOREIGN;
	if (!tag_holds(keys, d, scope, body))
		return NONCE_FOREIGN;

	/* Modulo 2^32, so that the year 2106 passes unnoticed. */
	int32_t age = (int32_t)((uint32_t)unix_s - bytes_u32(body));
	return age < -CLOCK_AHEAD || age > (int64_t)lifetime ? NONCE_STALE : NONCE_FRESH;
}

unsigned
nonce_features(struct bytes nonce)
{
	unsigned features = 0;
	uint8_t bits[3];

	if (nonce.n < NONCE_COOKIE || memcmp(nonce.p, mark, MARK) != 0)
		return 0;
	if (text_unbase64(bytes_view(nonce.p + MARK, FEATURES), false, bits, sizeof bits) != 3)
		return 0;
	if ((bits[0] & 0x80) != 0 || (bits[2] & 0x01) != 0)
		features |= NONCE_PASSWORD_ALGORITHMS;
	if ((bits[0] & 0x40) != 0 || (bits[2] & 0x02) != 0)
		features |= NONCE_USERNAME_ANONYMITY;
	return features;
}
