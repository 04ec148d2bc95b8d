#include "turn/allocate.h"

#include "turn/peers.h"

enum {
	TRANSPORT_UDP = 17,
	FAMILY_IPV4 = 1,
	FAMILY_IPV6 = 2,
	EVEN_PORT_RESERVE = 0x80, /* the R bit: keep the next port as well */
};

uint32_t
allocate_lifetime(const struct turn_policy *policy, uint32_t asked)
{
	if (asked > policy->lifetime_max)
		asked = policy->lifetime_max;
	return asked > policy->lifetime_default ? asked : policy->lifetime_default;
}

int
allocate_family(uint8_t value)
{
	switch (value) {
	case FAMILY_IPV4:
		return AF_INET;
	case FAMILY_IPV6:
		return AF_INET6;
	default:
		return 0;
	}
}

static bool
served(const struct turn_policy *policy, int family)
{
	return (family == AF_INET && policy->ipv4) || (family == AF_INET6 && policy->ipv6);
}

/* Attributes of RFC 8656 that this server does not understand, at their place in 7.2 (A4). */
static unsigned
unserved(struct request *r)
{
	static const enum stun_attr attrs[] = {ATTR_DONT_FRAGMENT, ATTR_RESERVATION_TOKEN};

	for (unsigned i = 0; i < sizeof attrs / sizeof attrs[0]; i++)
		if (parse_has(&r->m, attrs[i]))
			request_unknown(r, name_attr_code(attrs[i]));
	return r->answer.unknown_n > 0 ? 420 : 0;
}

/* What kind of relayed transport address is wanted (RFC 8656, 7.2, steps 3 to 8). */
static unsigned
read_want(struct request *r, struct turn_relay_want *want)
{
	const struct turn_policy *policy = r->t->policy;
	struct bytes even = parse_value(&r->m, ATTR_EVEN_PORT);
	bool named = parse_has(&r->m, ATTR_REQUESTED_ADDRESS_FAMILY);
	uint8_t transport, family;
	unsigned code;

	parse_u8(&r->m, ATTR_REQUESTED_TRANSPORT, &transport);
	if (transport != TRANSPORT_UDP)
		return 442;
	if ((code = unserved(r)) != 0)
		return code;
	if (!request_u8(r, ATTR_REQUESTED_ADDRESS_FAMILY, &family))
		return 400;
	want->family = named ? allocate_family(family) : AF_INET; /* T-071 */
	if (!served(policy, want->family))
		return 440;
	if (parse_has(&r->m, ATTR_EVEN_PORT) && even.n == 0)
		return 400;
	want->even = even.n > 0; /* libnice writes four bytes; the first counts (T-107) */
	want->flow = r->in->flow;
	return even.n > 0 && (even.p[0] & EVEN_PORT_RESERVE) != 0 ? 508 : 0;
}

static unsigned
answer(struct request *r)
{
	r->answer.relay = r->alloc->relay;
	r->answer.mapped = true;
	r->answer.has_lifetime = true;
	r->answer.lifetime = r->alloc->lifetime;
	return 0;
}

unsigned
allocate_answer(struct request *r)
{
	const struct turn_policy *policy = r->t->policy;
	struct alloc_want want = {.user = r->user,
	                          .quota = r->quota,
	                          .credential_expiry = r->credential_expiry,
	                          .key = &r->key,
	                          .algorithm = r->algorithm,
	                          .tid = r->m.tid};
	uint32_t lifetime;
	unsigned code;

	if (r->repeat)
		return answer(r);
	if ((code = read_want(r, &want.relay)) != 0)
		return code;
	if (!request_u32(r, ATTR_LIFETIME, &lifetime))
		return 400;
	if (peers_bars_client(&r->in->flow->client))
		return 403;
	want.lifetime = allocate_lifetime(policy, lifetime);
	if ((code = alloc_open(r->t, &want, &r->alloc)) != 0)
		return code;
	return answer(r);
}
