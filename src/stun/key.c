#include "stun/key.h"

#include <assert.h>

#include "common/text.h"

static const struct bytes colon = {(const uint8_t *)":", 1};

/* RFC 8489, 9.2.2: "trailing nulls and any quotes removed", read as one surrounding pair. */
static struct bytes
stripped(struct bytes b)
{
	while (b.n > 0 && b.p[b.n - 1] == 0)
		b.n--;
	if (b.n >= 2 && b.p[0] == '"' && b.p[b.n - 1] == '"')
		b = bytes_view(b.p + 1, b.n - 2);
	return b;
}

bool
key_long_term(struct digest *d, enum key_algorithm a, struct bytes username, struct bytes realm,
              struct bytes password, struct key *into)
{
	enum digest_kind kind = a == KEY_MD5 ? DIGEST_MD5 : DIGEST_SHA256;
	struct bytes parts[] = {stripped(username), colon, stripped(realm), colon, password};
	uint8_t hash[DIGEST_MAX];

	assert(a == KEY_MD5 || a == KEY_SHA256);
	*into = (struct key){0};
	if (!digest_hash(d, kind, parts, sizeof parts / sizeof parts[0], hash))
		return false;
	into->n = (uint8_t)digest_size(kind);
	memcpy(into->b, hash, into->n);
	digest_wipe(hash, sizeof hash);
	return true;
}

bool
key_userhash(struct digest *d, struct bytes username, struct bytes realm, uint8_t into[static 32])
{
	struct bytes parts[] = {username, colon, realm};

	return digest_hash(d, DIGEST_SHA256, parts, sizeof parts / sizeof parts[0], into);
}

bool
key_rest_password(struct digest *d, struct bytes secret, struct bytes username,
                  char into[static KEY_REST_PASSWORD])
{
	uint8_t mac[DIGEST_MAX];

	into[0] = '\0';
	if (!digest_hmac(d, DIGEST_SHA1, secret, &username, 1, mac))
		return false;
	text_base64(bytes_view(mac, digest_size(DIGEST_SHA1)), false, into);
	digest_wipe(mac, sizeof mac);
	return true;
}

bool
key_rest_name(struct bytes username, char separator, int64_t *expiry, struct bytes *user)
{
	enum { DIGITS_MAX = 20 };
	size_t n = 0;
	int64_t seconds = 0;

	*expiry = 0;
	*user = BYTES_NONE;
	for (; n < username.n && username.p[n] >= '0' && username.p[n] <= '9'; n++) {
		int digit = username.p[n] - '0';
		if (n == DIGITS_MAX || seconds > (INT64_MAX - digit) / 10)
			return false;
		seconds = seconds * 10 + digit;
	}
	if (n == 0 || (n < username.n && username.p[n] != (uint8_t)separator))
		return false;
	*expiry = seconds;
	*user = n == username.n ? username : bytes_view(username.p + n + 1, username.n - n - 1);
	return true;
}
