#include "client/answer.h"

enum {
	RETRIES_500 = 4,  /* S-277 */
	RETRIES_AUTH = 4, /* 401 or 438 in a row: a server that never agrees with itself */
	LIFETIME_CAP = 3600,
};

static struct challenge_user
user_of(const struct turnc *t)
{
	return (struct challenge_user){t->want->username, t->want->password, t->want->legacy};
}

/* Attributes that RFC 3489 servers send and everybody else reserves are no surprise (S-275). */
static bool
surprising(const struct parse *m)
{
	for (unsigned i = 0; i < m->unknown; i++)
		switch (m->unknown_type[i]) {
		case 0x0002: /* RESPONSE-ADDRESS */
		case 0x0004: /* SOURCE-ADDRESS */
		case 0x0005: /* CHANGED-ADDRESS */
		case 0x000b: /* REFLECTED-FROM */
			break;
		default:
			return true;
		}
	return false;
}

/* May it be believed (RFC 8489, 9.2.5)? Challenges are never signed. */
static bool
believed(const struct turnc *t, const struct parse *m, unsigned code)
{
	struct challenge_user user = user_of(t);

	if (!t->keyed || code == 401 || code == 438)
		return true;
	return !challenge_bid_down(&user, m) &&
	       challenge_check(&t->challenge, t->env->digest, m) == SEAL_OK;
}

/* 401 and 438: once more with what the server said, if that makes a difference. */
static int
challenged(struct turnc *t, const struct parse *m, unsigned code, msec now)
{
	struct challenge_user user = user_of(t);

	if (user.name.n == 0)
		return TURNC_NO_CREDENTIALS;

	enum challenge_news news = challenge_take(&t->challenge, t->env->digest, &user, m);
	switch (news) {
	case CHALLENGE_INCOMPLETE:
		return TURNC_BROKEN;
	case CHALLENGE_NO_ALGORITHM:
		return TURNC_NO_ALGORITHM;
	case CHALLENGE_INTERNAL:
		return TURNC_INTERNAL;
	default:
		break;
	}
	/* a signed request that gets 401 is repeated only with another name, realm or key */
	bool same = news == CHALLENGE_SAME || (code == 401 && news != CHALLENGE_NEW);
	if ((t->keyed && same) || t->stale >= RETRIES_AUTH)
		return (int)code;
	t->stale++;
	t->again_at = now;
	return ANSWER_AGAIN;
}

static int
failed(struct turnc *t, const struct parse *m, unsigned code, msec now, struct turnc_event *ev)
{
	switch (code) {
	case 401:
	case 438:
		return challenged(t, m, code, now);
	case 500:
		if (t->retries >= RETRIES_500)
			return 500;
		t->again_at = now + ((uint64_t)t->want->txn.rto << t->retries++);
		return ANSWER_AGAIN;
	case 437: /* gone is what was wanted, RFC 8656, 8.3 */
		return t->op == TURNC_OP_DELETE ? TURNC_GOOD : 437;
	case 300:
		parse_addr(m, ATTR_ALTERNATE_SERVER, &ev->peer);
		return 300;
	default:
		return (int)code;
	}
}

/* An hour's lifetime is renewed a minute before its end, a short one at half time. */
static void
keep_alive(struct turnc *t, msec now)
{
	uint32_t s = t->lifetime < LIFETIME_CAP ? t->lifetime : LIFETIME_CAP;

	t->refresh_at = t->want->idle ? MSEC_NEVER :
	                now + 1000 * (uint64_t)(s >= 120 ? s - 60 : (s + 1) / 2);
}

static int
take_mapped(struct turnc *t, const struct parse *m)
{
	union addr a;

	if (!parse_addr(m, ATTR_XOR_MAPPED_ADDRESS, &a) &&
	    !parse_addr(m, ATTR_MAPPED_ADDRESS, &a)) /* RFC 3489 servers, S-275 */
		return TURNC_BROKEN;
	addr_unmap(&a);
	t->mapped = a;
	return TURNC_GOOD;
}

static int
take_allocation(struct turnc *t, const struct parse *m, msec now)
{
	union addr relayed;
	uint32_t lifetime;

	if (take_mapped(t, m) != TURNC_GOOD || !parse_u32(m, ATTR_LIFETIME, &lifetime) ||
	    !parse_addr(m, ATTR_XOR_RELAYED_ADDRESS, &relayed))
		return TURNC_BROKEN;
	addr_unmap(&relayed);
	t->relayed = relayed;
	t->lifetime = lifetime;
	keep_alive(t, now);
	if (t->want->family != 0 && t->want->family != addr_family(&relayed)) {
		t->wanted = 1u << TURNC_OP_DELETE; /* RFC 8656, 7.3 */
		return TURNC_BROKEN;
	}
	return TURNC_GOOD;
}

static int
succeeded(struct turnc *t, const struct parse *m, msec now)
{
	uint32_t lifetime;

	switch (t->op) {
	case TURNC_OP_BINDING:
		return take_mapped(t, m);
	case TURNC_OP_ALLOCATE:
		return take_allocation(t, m, now);
	case TURNC_OP_REFRESH:
		if (!parse_u32(m, ATTR_LIFETIME, &lifetime))
			return TURNC_BROKEN;
		t->lifetime = lifetime;
		keep_alive(t, now);
		return TURNC_GOOD;
	default:
		return TURNC_GOOD;
	}
}

int
answer_judge(struct turnc *t, const struct parse *m, msec now, struct turnc_event *ev)
{
	unsigned code = m->class == STUN_ERROR ? parse_error(m, NULL) : 0;

	if (m->class == STUN_ERROR)
		t->code = (uint16_t)code;
	if (!believed(t, m, code)) {
		t->rejected = true;
		return ANSWER_IGNORE;
	}
	if (surprising(m) || (m->class == STUN_ERROR && code == 0))
		return TURNC_BROKEN; /* S-273 */
	if (m->class == STUN_ERROR)
		return failed(t, m, code, now, ev);
	return succeeded(t, m, now);
}
