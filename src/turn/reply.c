#include "turn/reply.h"

#include "stun/build.h"
#include "turn/auth.h"

enum {
	REPLY_IPV4 = 547,  /* a packet of 576 bytes without a known path MTU (S-044) */
	REPLY_TAIL = 4 + 32 + 8, /* integrity and fingerprint */
};

static const struct {
	uint16_t code, counter;
} errors[] = {
	{400, TURN_ERRORS_400}, {401, TURN_ERRORS_401}, {403, TURN_ERRORS_403},
	{420, TURN_ERRORS_420}, {437, TURN_ERRORS_437}, {438, TURN_ERRORS_438},
	{440, TURN_ERRORS_440}, {441, TURN_ERRORS_441}, {442, TURN_ERRORS_442},
	{443, TURN_ERRORS_443}, {486, TURN_ERRORS_486}, {500, TURN_ERRORS_500},
	{508, TURN_ERRORS_508},
};

static void
count(struct turn *t, unsigned code)
{
	if (code == 0)
		machine_count(t, TURN_SUCCESSES, 1);
	for (unsigned i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (errors[i].code == code)
			machine_count(t, errors[i].counter, 1);
}

static void
success(struct build *b, const struct request *r)
{
	const struct answer *a = &r->answer;

	if (a->relay != NULL)
		build_addr(b, ATTR_XOR_RELAYED_ADDRESS, &a->relay->relayed);
	if (a->has_lifetime)
		build_u32(b, ATTR_LIFETIME, a->lifetime);
	if (a->mapped)
		build_addr(b, ATTR_XOR_MAPPED_ADDRESS, &r->in->flow->client);
}

/* REALM, NONCE and the algorithms that the nonce announces, always together. */
static bool
challenge(struct build *b, const struct request *r)
{
	const struct turn_policy *p = r->t->policy;
	struct nonce_scope scope = auth_scope(r);
	char nonce[NONCE_SIZE];

	if (!nonce_mint(&p->nonce_keys, r->t->digest, &scope, r->t->now.unix_s, nonce))
		return false;
	build_bytes(b, ATTR_REALM, p->realm);
	build_bytes(b, ATTR_NONCE, bytes_view(nonce, sizeof nonce));
	if (p->algorithms_n > 0)
		build_algorithms(b, p->algorithms, p->algorithms_n);
	return true;
}

/* SOFTWARE goes into every answer that stays small enough with it (S-044, security B5). */
static void
software(struct build *b, const struct request *r, unsigned code)
{
	const struct turn_policy *p = r->t->policy;
	size_t size = pen_used(&b->pen) + 4 + ((p->software.n + 3) & ~(size_t)3);
	size_t limit = addr_family(&r->in->flow->client) == AF_INET ? REPLY_IPV4 : TURN_REPLY;

	if (p->software.n == 0 || size + REPLY_TAIL > limit)
		return;
	if (code != 0 && code != 401 && code != 438 && r->key.n == 0 && size > 2 * r->in->data.n)
		return;
	build_bytes(b, ATTR_SOFTWARE, p->software);
}

static bool
compose(struct build *b, const struct request *r, unsigned code)
{
	enum stun_class class = code == 0 ? STUN_SUCCESS : STUN_ERROR;

	build_begin(b, r->in->reply, TURN_REPLY, name_type(r->m.method, class), r->m.tid);
	if (code == 0)
		success(b, r);
	else
		build_error(b, code, BYTES_NONE);
	if (code == 420)
		build_types(b, r->answer.unknown, r->answer.unknown_n);
	if ((code == 401 || code == 438) && !challenge(b, r))
		return false;
	software(b, r, code);
	if (r->key.n > 0)
		build_integrity(b, r->t->digest, r->seal, key_view(&r->key));
	if (r->m.fingerprint)
		build_fingerprint(b);
	return true;
}

void
reply_send(struct request *r, unsigned code, struct turn_out *out)
{
	struct build b;
	size_t n = 0;

	if (!compose(&b, r, code)) { /* no nonce: the digest failed */
		code = 500;
		compose(&b, r, code);
	}
	n = build_end(&b);
	count(r->t, code);
	if (n == 0)
		return;
	out->verdict = TURN_TO_CLIENT;
	out->flow = *r->in->flow;
	out->data = bytes_view(r->in->reply, n);
}
