#include "client/challenge.h"

#include <stdlib.h>
#include <string.h>

#include "stun/nonce.h"
#include "stun/prep.h"

enum { ALGORITHMS_MAX = 256, REALM_ROOM = 1024 };

struct offer { /* an answer's challenge, before it is accepted */
	struct bytes realm, nonce, algorithms;
	enum key_algorithm algorithm;
	bool sha256, anonymous;
};

void
challenge_fini(struct challenge *c)
{
	if (c == NULL)
		return;
	free(c->block);
	digest_wipe(c, sizeof *c);
}

struct bytes
challenge_realm(const struct challenge *c)
{
	return c->block == NULL ? BYTES_NONE : bytes_view(c->block, c->realm_n);
}

static struct bytes
nonce_of(const struct challenge *c)
{
	return c->block == NULL ? BYTES_NONE : bytes_view(c->block + c->realm_n, c->nonce_n);
}

static struct bytes
algorithms_of(const struct challenge *c)
{
	if (c->block == NULL)
		return BYTES_NONE;
	return bytes_view(c->block + c->realm_n + c->nonce_n, c->algorithms_n);
}

/* The first listed algorithm that we have; 0 when there is none. Parameters: none have any. */
static unsigned
first_known(struct bytes list)
{
	struct cursor c = cursor_over(list);

	while (!c.bad && cursor_left(&c) >= 4) {
		unsigned algorithm = cursor_u16(&c);
		size_t n = cursor_u16(&c);

		if (n == 0 && (algorithm == KEY_MD5 || algorithm == KEY_SHA256))
			return algorithm;
		cursor_take(&c, (n + 3) & ~(size_t)3);
	}
	return 0;
}

bool
challenge_bid_down(const struct challenge_user *user, const struct parse *answer)
{
	return !user->legacy &&
	       (nonce_features(parse_value(answer, ATTR_NONCE)) & NONCE_PASSWORD_ALGORITHMS) != 0 &&
	       !parse_has(answer, ATTR_PASSWORD_ALGORITHMS);
}

static enum challenge_news
read_offer(const struct challenge *c, const struct challenge_user *user, const struct parse *m,
           struct offer *o)
{
	*o = (struct offer){
		.realm = parse_value(m, ATTR_REALM),
		.nonce = parse_value(m, ATTR_NONCE),
		.algorithm = KEY_MD5,
	};
	if (o->realm.n == 0)
		o->realm = challenge_realm(c); /* a 438 of an old server */
	if (o->realm.n == 0 || o->nonce.n == 0 || !parse_sound(m, ATTR_NONCE) ||
	    (parse_has(m, ATTR_REALM) && !parse_sound(m, ATTR_REALM)))
		return CHALLENGE_INCOMPLETE;
	if (user->legacy)
		return CHALLENGE_NEW;
	if (challenge_bid_down(user, m))
		return CHALLENGE_NO_ALGORITHM;
	o->anonymous = (nonce_features(o->nonce) & NONCE_USERNAME_ANONYMITY) != 0;
	if (!parse_has(m, ATTR_PASSWORD_ALGORITHMS))
		return CHALLENGE_NEW;
	o->algorithms = parse_value(m, ATTR_PASSWORD_ALGORITHMS);
	unsigned algorithm = first_known(o->algorithms);
	if (algorithm == 0 || o->algorithms.n > ALGORITHMS_MAX)
		return CHALLENGE_NO_ALGORITHM;
	o->algorithm = algorithm == KEY_SHA256 ? KEY_SHA256 : KEY_MD5;
	o->sha256 = true;
	return CHALLENGE_NEW;
}

/* RFC 5389 did not prepare the realm; RFC 8489 does. For ASCII it is all one. */
static bool
derive(struct digest *d, const struct challenge_user *user, const struct offer *o, struct key *key)
{
	uint8_t room[REALM_ROOM];
	struct bytes realm = o->realm;
	size_t n;

	if (o->sha256 && prep_opaque(o->realm, room, sizeof room, &n) == NULL)
		realm = bytes_view(room, n);
	return key_long_term(d, o->algorithm, user->name, realm, user->password, key);
}

/* The offer's views may point into our own block: a new one is filled before the old one goes. */
static bool
keep(struct challenge *c, const struct offer *o)
{
	size_t n = o->realm.n + o->nonce.n + o->algorithms.n;
	bool own = c->block != NULL && o->realm.p == c->block;
	uint8_t *block = c->block;

	if (n > c->cap || own) {
		block = calloc(1, n);
		if (block == NULL)
			return false;
	}
	memcpy(block, o->realm.p, o->realm.n);
	memcpy(block + o->realm.n, o->nonce.p, o->nonce.n);
	if (o->algorithms.n > 0)
		memcpy(block + o->realm.n + o->nonce.n, o->algorithms.p, o->algorithms.n);
	if (block != c->block) {
		free(c->block);
		c->block = block;
		c->cap = (uint16_t)n;
	}
	c->realm_n = (uint16_t)o->realm.n;
	c->nonce_n = (uint16_t)o->nonce.n;
	c->algorithms_n = (uint16_t)o->algorithms.n;
	return true;
}

enum challenge_news
challenge_take(struct challenge *c, struct digest *d, const struct challenge_user *user,
               const struct parse *answer)
{
	struct offer o;
	struct key key = c->key;
	enum challenge_news news = read_offer(c, user, answer, &o);

	if (news != CHALLENGE_NEW)
		return news;
	bool same_key = challenge_ready(c) && bytes_equal(o.realm, challenge_realm(c)) &&
	                o.algorithm == c->algorithm && o.sha256 == c->sha256;
	bool same_user = same_key && o.anonymous == c->anonymous;
	bool same_nonce = same_user && bytes_equal(o.nonce, nonce_of(c)) &&
	                  bytes_equal(o.algorithms, algorithms_of(c));

	if (same_nonce)
		return CHALLENGE_SAME;
	if (!same_key && !derive(d, user, &o, &key))
		return CHALLENGE_INTERNAL;
	if (!keep(c, &o))
		return CHALLENGE_INTERNAL;
	c->key = key;
	digest_wipe(&key, sizeof key);
	c->algorithm = (uint8_t)o.algorithm;
	c->sha256 = o.sha256;
	c->anonymous = o.anonymous;
	return same_user ? CHALLENGE_NONCE : CHALLENGE_NEW;
}

void
challenge_sign(const struct challenge *c, struct digest *d, const struct challenge_user *user,
               struct build *b)
{
	uint8_t hash[32];

	if (c->anonymous && key_userhash(d, user->name, challenge_realm(c), hash))
		build_bytes(b, ATTR_USERHASH, bytes_view(hash, sizeof hash));
	else
		build_bytes(b, ATTR_USERNAME, user->name);
	build_bytes(b, ATTR_REALM, challenge_realm(c));
	build_bytes(b, ATTR_NONCE, nonce_of(c));
	if (c->sha256) {
		build_bytes(b, ATTR_PASSWORD_ALGORITHMS, algorithms_of(c));
		build_algorithm(b, c->algorithm);
	}
	build_integrity(b, d, c->sha256 ? DIGEST_SHA256 : DIGEST_SHA1, key_view(&c->key));
}

enum seal
challenge_check(const struct challenge *c, struct digest *d, const struct parse *answer)
{
	if (c->sha256)
		return seal_check(answer, d, DIGEST_SHA256, key_view(&c->key), 32);
	return seal_check(answer, d, DIGEST_SHA1, key_view(&c->key), 20);
}
