#include "turn/auth.h"

#include "stun/seal.h"
#include "turn/keyring.h"

enum { AUTH_LIST = 4 * POLICY_ALGORITHMS, AUTH_HASH = 32 };

/* What the request claims about its sender, and by which keys that can be tried. */
struct claim {
	enum key_algorithm algorithm;
	struct bytes user, quota;
	int64_t expiry;
	bool known;            /* false: the keys are dummies, for equal work (S-134) */
	bool expired;
	unsigned n;
	const struct key *key;
	struct keyring_match match;
};

struct nonce_scope
auth_scope(const struct request *r)
{
	const struct turn_policy *p = r->t->policy;

	return (struct nonce_scope){.flow = r->in->flow,
	                            .realm = p->realm,
	                            .features = r->t->features,
	                            .algorithms = p->algorithms,
	                            .algorithms_n = p->algorithms_n};
}

static bool
offered(const struct turn_policy *p, unsigned algorithm)
{
	if (p->algorithms_n == 0)
		return algorithm == KEY_MD5;
	for (unsigned i = 0; i < p->algorithms_n; i++)
		if (p->algorithms[i] == algorithm)
			return true;
	return false;
}

/* Is this list, byte for byte, the one that was sent with our nonce? */
static bool
list_is_ours(const struct turn_policy *p, struct bytes list)
{
	uint8_t ours[AUTH_LIST];

	for (unsigned i = 0; i < p->algorithms_n; i++)
		bytes_put32(ours + 4 * i, (uint32_t)p->algorithms[i] << 16);
	return bytes_equal(list, bytes_view(ours, 4u * p->algorithms_n));
}

/* Is the entry, with its parameters, in the list? False also when the list is malformed. */
static bool
list_has(struct bytes list, struct bytes entry)
{
	bool found = false;

	for (struct cursor c = cursor_over(list); !c.bad && cursor_left(&c) > 0;) {
		const uint8_t *start = c.p;
		unsigned n;

		cursor_u16(&c);
		n = cursor_u16(&c);
		cursor_take(&c, n);
		if (!c.bad && bytes_equal(bytes_view(start, 4 + n), entry))
			found = true;
		cursor_take(&c, (4 - n % 4) % 4);
		if (c.bad)
			return false;
	}
	return found;
}

/* L3: protection against bid-down; which password algorithm keys the request. */
static unsigned
choose_algorithm(struct request *r, enum nonce_verdict nonce, struct claim *claim)
{
	const struct turn_policy *policy = r->t->policy;
	struct bytes list = parse_value(&r->m, ATTR_PASSWORD_ALGORITHMS);
	struct bytes entry = parse_value(&r->m, ATTR_PASSWORD_ALGORITHM);
	bool has_list = parse_has(&r->m, ATTR_PASSWORD_ALGORITHMS);
	bool has_entry = parse_has(&r->m, ATTR_PASSWORD_ALGORITHM);
	bool announced = nonce_features(parse_value(&r->m, ATTR_NONCE)) & NONCE_PASSWORD_ALGORITHMS;
	unsigned algorithm = KEY_MD5;

	r->seal = has_entry ? DIGEST_SHA256 : DIGEST_SHA1;
	if (has_entry) {
		if (entry.n != 4 || bytes_u16(entry.p + 2) != 0)
			return 400;
		algorithm = bytes_u16(entry.p);
		if (algorithm != KEY_MD5 && algorithm != KEY_SHA256)
			return 400;
	}
	claim->algorithm = (enum key_algorithm)algorithm;

	if (!announced) /* */
		return has_entry && !offered(policy, algorithm) ? 400 : 0;
	if (has_list != has_entry)
		return 400;
	if (!has_list) /* legacy mode; its answer is 401 when MD5 was taken from the list */
		return offered(policy, KEY_MD5) ? 0 : 401;
	/* The list that came with a nonce of somebody else's is unknown: L6 will judge (S-159). */
	if (nonce != NONCE_FOREIGN && !list_is_ours(policy, list))
		return 400;
	return list_has(list, entry) ? 0 : 400;
}

/* The user of the live allocation needs no look-up, and keeps the key it was made with (T-049). */
static bool
claim_allocation(const struct request *r, struct claim *c)
{
	const struct alloc *a = r->alloc;

	c->user = alloc_user(a);
	c->quota = alloc_quota(a);
	c->expiry = a->credential_expiry;
	c->known = true;
	c->n = 1;
	c->key = &a->key;
	return true;
}

static void
claim_match(struct claim *c, bool known)
{
	c->user = c->match.name;
	c->quota = c->match.quota;
	c->expiry = c->match.expiry;
	c->expired = c->match.expired;
	c->known = known;
	c->n = c->match.n;
	c->key = c->match.key;
}

/* `name` is as on the wire; keyring_find() makes it plain, and once is enough. */
static void
claim_name(const struct request *r, struct bytes name, struct claim *c)
{
	const struct alloc *a = r->alloc;

	if (a != NULL && a->algorithm == c->algorithm &&
	    bytes_equal(alloc_user(a), keyring_plain(name))) {
		claim_allocation(r, c);
		return;
	}
	claim_match(c, keyring_find(r->t->policy->keys, r->t->digest, c->algorithm, name,
	                            r->t->now.unix_s, &c->match));
}

static void
claim_hash(const struct request *r, const uint8_t hash[static AUTH_HASH], struct claim *c)
{
	const struct turn *t = r->t;
	const struct alloc *a = r->alloc;
	/* A hash was not asked for where some names cannot be listed (A-37, S-166). */
	bool asked = (t->features & NONCE_USERNAME_ANONYMITY) != 0, known;
	uint8_t own[AUTH_HASH];

	if (asked && a != NULL && a->algorithm == c->algorithm &&
	    key_userhash(t->digest, alloc_user(a), t->policy->realm, own) &&
	    memcmp(own, hash, sizeof own) == 0) {
		claim_allocation(r, c);
		return;
	}
	known = keyring_find_hash(t->policy->keys, t->digest, c->algorithm, hash, &c->match);
	claim_match(c, known && asked);
}

/* L4: USERNAME or USERHASH. */
static unsigned
identify(const struct request *r, struct claim *c)
{
	const struct parse *m = &r->m;
	bool has_name = parse_has(m, ATTR_USERNAME), has_hash = parse_has(m, ATTR_USERHASH);
	struct bytes name = parse_value(m, ATTR_USERNAME);
	struct bytes hash = parse_value(m, ATTR_USERHASH);
	uint8_t own[AUTH_HASH];

	if (has_name && !parse_sound(m, ATTR_USERNAME))
		return 400;
	if (has_hash && !parse_sound(m, ATTR_USERHASH))
		return 400;
	if (has_name && has_hash) { /* */
		if (!key_userhash(r->t->digest, keyring_plain(name), r->t->policy->realm, own))
			return 500;
		if (memcmp(own, hash.p, sizeof own) != 0)
			return 400;
	}
	if (has_name)
		claim_name(r, name, c);
	else
		claim_hash(r, hash.p, c);
	return 0;
}

/* L5: the message's integrity under one of the keys. 0 and the key, or 400, or 401. */
static unsigned
verify(const struct request *r, const struct claim *c, const struct key **key)
{
	enum digest_kind kind = parse_has(&r->m, ATTR_MESSAGE_INTEGRITY_SHA256) ? DIGEST_SHA256
	                                                                        : DIGEST_SHA1;
	for (unsigned i = 0; i < c->n; i++) {
		*key = &c->key[i];
		switch (seal_check(&r->m, r->t->digest, kind, key_view(*key), DIGEST_MAX)) {
		case SEAL_OK:
			return 0;
		case SEAL_LENGTH: /* whoever the user is, so that it tells nothing about him */
			return 400;
		default:
			break;
		}
	}
	return 401;
}

static unsigned
fail(struct request *r, unsigned code, enum turn_reason reason)
{
	r->reason = reason;
	return code;
}

/* L4 to L6, with what a request's user is then known by. */
static unsigned
authenticate(struct request *r, enum nonce_verdict nonce, struct claim *c)
{
	const struct turn_policy *policy = r->t->policy;
	const struct key *key = NULL;
	unsigned code = identify(r, c);
	bool own, over;

	if (code != 0)
		return code;
	r->user = c->user;
	code = verify(r, c, &key);
	if (code == 400)
		return code;
	if (code == 0 && c->expired)
		return fail(r, 401, TURN_REASON_CREDENTIAL_EXPIRED);
	if (!c->known && !c->expired)
		return fail(r, 401, TURN_REASON_UNKNOWN_USER);
	if (code != 0)
		return fail(r, 401, TURN_REASON_BAD_INTEGRITY);
	if (!bytes_equal(keyring_plain(parse_value(&r->m, ATTR_REALM)), policy->realm)) /* S-141 */
		return fail(r, 401, TURN_REASON_BAD_INTEGRITY);

	own = r->alloc != NULL && key == &r->alloc->key;
	over = c->expiry != 0 && r->t->now.unix_s >= c->expiry;
	if (over && policy->strict_expiry && r->m.method == METHOD_REFRESH)
		return fail(r, 401, TURN_REASON_CREDENTIAL_EXPIRED);
	r->repeat = r->repeat && own;
	/* A retransmission is answered as the first time, however old its nonce (T-110). */
	if (nonce != NONCE_FRESH && !r->repeat)
		return fail(r, 438, TURN_REASON_STALE_NONCE);

	r->quota = c->quota;
	r->credential_expiry = c->expiry;
	r->algorithm = (uint8_t)c->algorithm;
	r->key = *key;
	return 0;
}

unsigned
auth_check(struct request *r)
{
	const struct turn_policy *policy = r->t->policy;
	const struct parse *m = &r->m;
	struct nonce_scope scope = auth_scope(r);
	enum nonce_verdict nonce;
	struct claim claim;
	unsigned code;

	if (!parse_has(m, ATTR_MESSAGE_INTEGRITY) && !parse_has(m, ATTR_MESSAGE_INTEGRITY_SHA256))
		return 401; /* L1 */
	if (!(parse_has(m, ATTR_USERNAME) || parse_has(m, ATTR_USERHASH)) ||
	    !parse_has(m, ATTR_REALM) || !parse_has(m, ATTR_NONCE))
		return 400; /* L2 */

	nonce = nonce_check(&policy->nonce_keys, r->t->digest, &scope, r->t->now.unix_s,
	                    policy->nonce_lifetime, parse_value(m, ATTR_NONCE));
	claim.n = 0;
	code = choose_algorithm(r, nonce, &claim);
	if (code != 0)
		return code;
	claim.expired = false;
	code = authenticate(r, nonce, &claim);
	if (claim.n > 0 && claim.key == claim.match.key)
		digest_wipe(claim.match.key, claim.n * sizeof claim.match.key[0]);
	return code;
}
