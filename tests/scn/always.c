/* What holds for every answer, whatever the scenario is about. */
#include "scn.h"

#include "stun/frame.h"
#include "stun/nonce.h"
#include "stun/seal.h"

enum { SIZE_IPV4 = 547, SIZE_IPV6 = 1232, UNKNOWN_MOST = 16 };

static bool
is_integrity(unsigned type)
{
	return type == name_attr_code(ATTR_MESSAGE_INTEGRITY) ||
	       type == name_attr_code(ATTR_MESSAGE_INTEGRITY_SHA256);
}

/* Padding is zero, integrity stands behind all else, FINGERPRINT is last (S-027, S-042). */
static bool
check_order(struct stage *s)
{
	const uint8_t *p = s->got.p;
	bool sealed = false;

	for (size_t off = STUN_HEADER; off < s->got.n;) {
		unsigned type = bytes_u16(p + off), n = bytes_u16(p + off + 2);
		bool fingerprint = type == name_attr_code(ATTR_FINGERPRINT);

		if (sealed && !fingerprint)
			return stage_fail(s, "an attribute stands behind the integrity");
		sealed = sealed || is_integrity(type);
		for (unsigned i = n; i % 4 != 0; i++)
			if (p[off + 4 + i] != 0)
				return stage_fail(s, "padding of 0x%04x is not zero", type);
		off += 4 + ((n + 3u) & ~3u);
		if (fingerprint && off != s->got.n)
			return stage_fail(s, "FINGERPRINT is not the last attribute");
	}
	return true;
}

/* S-003, S-038, S-044 */
static bool
check_shape(struct stage *s, const struct client *c, const struct parse *m)
{
	bool ipv4 = addr_family(&c->flow.client) == AF_INET;
	struct bytes reason;

	if (s->got.n > (ipv4 ? SIZE_IPV4 : SIZE_IPV6))
		return stage_fail(s, "%zu bytes are too many", s->got.n);
	if (m->class == STUN_ERROR && (parse_error(m, &reason) == 0 || reason.n != 0))
		return stage_fail(s, "an error without code or with a reason phrase");
	if (parse_has(m, ATTR_MAPPED_ADDRESS)) /* S-053 */
		return stage_fail(s, "MAPPED-ADDRESS is for classic clients");
	if (parse_value(m, ATTR_UNKNOWN_ATTRIBUTES).n > 2 * UNKNOWN_MOST)
		return stage_fail(s, "a long list of unknown attributes");
	return check_order(s);
}

/* Which attributes belong to which code, and which to none (S-023, S-143, S-145). */
static bool
check_contents(struct stage *s, const struct parse *m, unsigned code)
{
	struct bytes nonce = parse_value(m, ATTR_NONCE);
	bool challenge = code == 401 || code == 438;
	bool announced = (nonce_features(nonce) & NONCE_PASSWORD_ALGORITHMS) != 0;

	if (parse_has(m, ATTR_UNKNOWN_ATTRIBUTES) != (code == 420))
		return stage_fail(s, "UNKNOWN-ATTRIBUTES belongs to 420");
	if (parse_has(m, ATTR_REALM) != challenge || parse_has(m, ATTR_NONCE) != challenge)
		return stage_fail(s, "REALM and NONCE belong to 401 and 438");
	if (parse_has(m, ATTR_USERNAME) || parse_has(m, ATTR_USERHASH))
		return stage_fail(s, "an answer never tells a user name");
	if (parse_has(m, ATTR_PASSWORD_ALGORITHMS) != (challenge && announced))
		return stage_fail(s, "the nonce's first feature and PASSWORD-ALGORITHMS differ");
	if (challenge && (nonce.n < NONCE_COOKIE || nonce.n >= 128 ||
	                  memcmp(nonce.p, "obMatJos2", 9) != 0))
		return stage_fail(s, "the nonce has no cookie, or is too long");
	if (parse_has(m, ATTR_XOR_RELAYED_ADDRESS) != (m->method == METHOD_ALLOCATE && code == 0))
		return stage_fail(s, "XOR-RELAYED-ADDRESS belongs to the success of Allocate");
	return true;
}

/* MESSAGE-INTEGRITY-SHA256 is for requests with PASSWORD-ALGORITHM (T-043, T-044, S-142). */
static bool
check_seal(struct stage *s, const struct client *c, const struct parse *m, unsigned code)
{
	bool mi = parse_has(m, ATTR_MESSAGE_INTEGRITY);
	bool mi256 = parse_has(m, ATTR_MESSAGE_INTEGRITY_SHA256);
	bool judged = !s->policy.anonymous && (m->method != METHOD_BINDING || s->policy.stun_auth);
	bool may = judged && c->key.n > 0 && code != 401 && code != 438;
	struct parse request;

	if (!mi && !mi256) /* a 400 comes before or after authentication */
		return !may || code == 400 || stage_fail(s, "the answer is not sealed");
	if (!may || (mi && mi256))
		return stage_fail(s, "an answer is sealed that must not be, or twice");
	if (parse_message(&request, bytes_view(c->sent.p, c->sent.n)) != PARSE_OK)
		return stage_fail(s, "an answer to nothing");
	if (mi256 != parse_has(&request, ATTR_PASSWORD_ALGORITHM))
		return stage_fail(s, "sealed by the wrong kind of integrity");
	return seal_check(m, s->digest, mi ? DIGEST_SHA1 : DIGEST_SHA256, key_view(&c->key), 32) ==
	               SEAL_OK ||
	       stage_fail(s, "the seal is wrong");
}

bool
always_check(struct stage *s, const struct client *c, const struct parse *m)
{
	unsigned code = parse_error(m, NULL);

	if (m->method != name_type_method(bytes_u16(c->sent.p)) ||
	    memcmp(m->tid, c->sent.p + 8, STUN_TID) != 0)
		return stage_fail(s, "method or transaction id differ from the request's");
	if (parse_has(m, ATTR_FINGERPRINT) != c->fingerprint)
		return stage_fail(s, "FINGERPRINT is not mirrored");
	return check_shape(s, c, m) && check_contents(s, m, code) && check_seal(s, c, m, code);
}
