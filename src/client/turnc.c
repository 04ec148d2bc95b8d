#include "client/turnc.h"

#include <errno.h>
#include <string.h>

#include "stun/build.h"
#include "stun/frame.h"

#include "client/answer.h"
#include "client/request.h"

enum { PEER_REFRESH = 240 * 1000 }; /* permissions live 300 s, RFC 8656, 9 */

static uint8_t
bit(enum turnc_op op)
{
	return (uint8_t)(1u << op);
}

void
turnc_init(struct turnc *t, const struct turnc_env *env, const struct turnc_want *want,
           const union addr *server)
{
	*t = (struct turnc){
		.server = *server, .env = env, .want = want, .refresh_at = MSEC_NEVER
	};
	txn_end(&t->txn);
}

void
turnc_fini(struct turnc *t)
{
	if (t != NULL)
		challenge_fini(&t->challenge);
}

void
turnc_binding(struct turnc *t)
{
	t->wanted |= bit(TURNC_OP_BINDING);
}

void
turnc_allocate(struct turnc *t)
{
	t->wanted |= bit(TURNC_OP_ALLOCATE);
}

void
turnc_refresh(struct turnc *t)
{
	t->wanted |= bit(TURNC_OP_REFRESH);
}

void
turnc_delete(struct turnc *t)
{
	t->wanted = bit(TURNC_OP_DELETE);
	for (unsigned i = 0; i < TURNC_PEERS; i++)
		t->peer[i].permit_at = t->peer[i].channel_at = MSEC_NEVER;
}

static struct turnc_peer *
peer_find(struct turnc *t, const union addr *addr)
{
	for (unsigned i = 0; i < TURNC_PEERS; i++)
		if (addr_family(&t->peer[i].addr) != 0 && addr_equal(&t->peer[i].addr, addr))
			return &t->peer[i];
	return NULL;
}

static struct turnc_peer *
peer_take(struct turnc *t, const union addr *addr)
{
	struct turnc_peer *p = peer_find(t, addr);

	for (unsigned i = 0; p == NULL && i < TURNC_PEERS; i++) {
		if (addr_family(&t->peer[i].addr) != 0)
			continue;
		p = &t->peer[i];
		*p = (struct turnc_peer){
			.addr = *addr, .permit_at = MSEC_NEVER, .channel_at = MSEC_NEVER
		};
	}
	return p;
}

int
turnc_permit(struct turnc *t, const union addr *peer)
{
	struct turnc_peer *p = peer_take(t, peer);

	if (p == NULL)
		return -ENOBUFS;
	p->permit_at = 0;
	return 0;
}

int
turnc_channel(struct turnc *t, const union addr *peer)
{
	struct turnc_peer *p = peer_take(t, peer);

	if (p == NULL)
		return -ENOBUFS;
	p->channel_at = 0;
	return 0;
}

static uint16_t
number_of(const struct turnc *t, const struct turnc_peer *p)
{
	return (uint16_t)(FRAME_CHANNEL_MIN + (p - t->peer));
}

uint16_t
turnc_channel_number(const struct turnc *t, const union addr *peer)
{
	for (unsigned i = 0; i < TURNC_PEERS; i++)
		if (t->peer[i].bound && addr_equal(&t->peer[i].addr, peer))
			return number_of(t, &t->peer[i]);
	return 0;
}

/* --- what comes next -------------------------------------------------------------------------- */

msec
turnc_deadline(const struct turnc *t)
{
	msec at = t->refresh_at;

	if (txn_busy(&t->txn))
		return t->txn.due;
	if (t->op != TURNC_OP_NONE)
		return t->again_at;
	if (t->wanted & (bit(TURNC_OP_BINDING) | bit(TURNC_OP_ALLOCATE) | bit(TURNC_OP_DELETE)))
		return 0;
	if (addr_family(&t->relayed) == 0)
		return MSEC_NEVER;
	if (t->wanted & bit(TURNC_OP_REFRESH))
		return 0;
	for (unsigned i = 0; i < TURNC_PEERS; i++) {
		const struct turnc_peer *p = &t->peer[i];

		if (addr_family(&p->addr) == 0)
			continue;
		at = p->permit_at < at ? p->permit_at : at;
		at = p->channel_at < at ? p->channel_at : at;
	}
	return at;
}

/* The operation whose turn it is; sets `at` for those that have a peer. */
static enum turnc_op
choose(struct turnc *t, msec now)
{
	for (enum turnc_op op = TURNC_OP_BINDING; op <= TURNC_OP_ALLOCATE; op++)
		if (t->wanted & bit(op))
			return op;
	if (t->wanted & bit(TURNC_OP_DELETE))
		return TURNC_OP_DELETE;
	if (addr_family(&t->relayed) == 0)
		return TURNC_OP_NONE;
	if ((t->wanted & bit(TURNC_OP_REFRESH)) || now >= t->refresh_at)
		return TURNC_OP_REFRESH;
	for (unsigned i = 0; i < TURNC_PEERS; i++) {
		t->at = (uint8_t)i;
		if (addr_family(&t->peer[i].addr) == 0)
			continue;
		if (now >= t->peer[i].permit_at)
			return TURNC_OP_PERMIT;
		if (now >= t->peer[i].channel_at)
			return TURNC_OP_CHANNEL;
	}
	return TURNC_OP_NONE;
}

/* A new transaction of the operation that runs. */
static void
begin(struct turnc *t, msec now)
{
	static const uint16_t methods[] = {
		[TURNC_OP_BINDING] = METHOD_BINDING,
		[TURNC_OP_ALLOCATE] = METHOD_ALLOCATE,
		[TURNC_OP_PERMIT] = METHOD_CREATE_PERMISSION,
		[TURNC_OP_CHANNEL] = METHOD_CHANNEL_BIND,
		[TURNC_OP_REFRESH] = METHOD_REFRESH,
		[TURNC_OP_DELETE] = METHOD_REFRESH,
	};
	uint8_t tid[STUN_TID];

	t->env->random(t->env->ctx, tid, sizeof tid);
	t->rejected = false;
	/* Binding is not authenticated unless this server insists */
	t->keyed = challenge_ready(&t->challenge) && (t->op != TURNC_OP_BINDING || t->stale > 0);
	txn_begin(&t->txn, methods[t->op], tid, now);
}

/* --- how operations end ----------------------------------------------------------------------- */

static void
forget_allocation(struct turnc *t)
{
	t->relayed = (union addr){.sa = {.sa_family = 0}};
	t->lifetime = 0;
	t->refresh_at = MSEC_NEVER;
	for (unsigned i = 0; i < TURNC_PEERS; i++)
		t->peer[i] = (struct turnc_peer){.permit_at = MSEC_NEVER, .channel_at = MSEC_NEVER};
}

/* A refused place is free again; after a timeout the server may know it, so it stays. */
static void
settle_peer(struct turnc *t, struct turnc_peer *p, int outcome, msec now)
{
	bool good = outcome == TURNC_GOOD;
	msec again = good && !t->want->idle ? now + PEER_REFRESH : MSEC_NEVER;

	if (t->op == TURNC_OP_PERMIT) {
		p->permitted = good;
		p->permit_at = again;
	} else {
		p->bound = good;
		p->channel_at = again;
		if (good) {
			p->permitted = true;
			p->permit_at = MSEC_NEVER; /* binding again renews the permission */
		}
	}
	if (outcome > 0 && !p->bound && !p->permitted && p->permit_at == MSEC_NEVER &&
	    p->channel_at == MSEC_NEVER)
		p->addr = (union addr){.sa = {.sa_family = 0}};
}

static void
finish(struct turnc *t, struct turnc_event *ev, int outcome, msec now)
{
	enum turnc_op op = t->op;

	ev->kind = TURNC_DONE;
	ev->op = op;
	ev->outcome = outcome;
	ev->code = t->code;
	ev->sends = t->txn.sends;
	txn_end(&t->txn);
	t->wanted &= (uint8_t)~bit(op);
	if (op == TURNC_OP_PERMIT || op == TURNC_OP_CHANNEL) {
		ev->peer = t->peer[t->at].addr;
		settle_peer(t, &t->peer[t->at], outcome, now);
	}
	if (op == TURNC_OP_DELETE || (outcome == 437 && op != TURNC_OP_ALLOCATE))
		forget_allocation(t);
	else if (op == TURNC_OP_REFRESH && outcome != TURNC_GOOD)
		t->refresh_at = MSEC_NEVER; /* said once; it lives until it expires */
	t->op = TURNC_OP_NONE;
}

static bool
start(struct turnc *t, struct turnc_event *ev, msec now)
{
	t->op = choose(t, now);
	t->retries = t->stale = 0;
	t->code = 0;
	t->txn.sends = 0;
	if (t->op == TURNC_OP_NONE)
		return false;
	bool stands = addr_family(&t->relayed) != 0;
	if ((t->op == TURNC_OP_ALLOCATE && stands) || (t->op == TURNC_OP_DELETE && !stands)) {
		finish(t, ev, TURNC_GOOD, now);
		return false;
	}
	begin(t, now);
	return true;
}

/* --- out -------------------------------------------------------------------------------------- */

size_t
turnc_output(struct turnc *t, struct instant now, void *buf, size_t cap, struct turnc_event *ev)
{
	*ev = (struct turnc_event){.kind = TURNC_NOTHING};
	if (t->op == TURNC_OP_NONE && !start(t, ev, now.mono))
		return 0;
	if (!txn_busy(&t->txn) && now.mono >= t->again_at)
		begin(t, now.mono);

	switch (txn_step(&t->txn, &t->want->txn, now.mono)) {
	case TXN_FAILED:
		finish(t, ev, t->rejected ? TURNC_INTEGRITY : TURNC_TIMEOUT, now.mono);
		return 0;
	case TXN_SEND: {
		size_t n = request_build(t, buf, cap);

		if (n == 0)
			finish(t, ev, TURNC_INTERNAL, now.mono);
		return n;
	}
	default:
		return 0;
	}
}

/* --- in --------------------------------------------------------------------------------------- */

static bool
permitted(const struct turnc *t, const union addr *from)
{
	for (unsigned i = 0; i < TURNC_PEERS; i++)
		if (t->peer[i].permitted && addr_same_ip(&t->peer[i].addr, from))
			return true;
	return false;
}

static void
data_indication(const struct turnc *t, const struct parse *m, struct turnc_event *ev)
{
	struct bytes icmp = parse_value(m, ATTR_ICMP);
	union addr peer;

	if (m->method != METHOD_DATA || m->unknown > 0 ||
	    !parse_addr(m, ATTR_XOR_PEER_ADDRESS, &peer))
		return;
	addr_unmap(&peer);
	if (!permitted(t, &peer)) /* RFC 8656, 11.4 */
		return;
	if (icmp.n == 8) {
		ev->kind = TURNC_ICMP;
		ev->icmp_type = icmp.p[2];
		ev->icmp_code = icmp.p[3];
	} else if (parse_has(m, ATTR_DATA)) {
		ev->kind = TURNC_DATA;
		ev->data = parse_value(m, ATTR_DATA);
	}
	ev->peer = peer;
}

static void
channel_data(const struct turnc *t, struct bytes packet, struct turnc_event *ev)
{
	uint16_t channel;
	struct bytes payload;

	if (!frame_channel(packet, &channel, &payload) || channel < FRAME_CHANNEL_MIN ||
	    channel >= FRAME_CHANNEL_MIN + TURNC_PEERS)
		return;
	const struct turnc_peer *p = &t->peer[channel - FRAME_CHANNEL_MIN];
	if (!p->bound)
		return;
	ev->kind = TURNC_DATA;
	ev->peer = p->addr;
	ev->data = payload;
	ev->channel = channel;
}

static void
answered(struct turnc *t, int verdict, msec now, struct turnc_event *ev)
{
	switch (verdict) {
	case ANSWER_IGNORE:
		return;
	case ANSWER_AGAIN:
		txn_end(&t->txn);
		return;
	default:
		finish(t, ev, verdict, now);
	}
}

void
turnc_input(struct turnc *t, struct instant now, const union addr *from, struct bytes packet,
            struct turnc_event *ev)
{
	struct parse m;

	*ev = (struct turnc_event){.kind = TURNC_NOTHING};
	if (!addr_equal(from, &t->server))
		return;
	switch (frame_kind(packet)) {
	case FRAME_CHANNEL:
		channel_data(t, packet, ev);
		return;
	case FRAME_STUN:
		if (parse_message(&m, packet) != PARSE_OK)
			return;
		if (m.class == STUN_INDICATION)
			data_indication(t, &m, ev);
		else if (txn_answered(&t->txn, &m, &t->server, from))
			answered(t, answer_judge(t, &m, now.mono, ev), now.mono, ev);
		return;
	default:
		return;
	}
}

void
turnc_icmp(struct turnc *t, struct turnc_event *ev)
{
	*ev = (struct turnc_event){.kind = TURNC_NOTHING};
	if (txn_busy(&t->txn))
		finish(t, ev, TURNC_REFUSED, 0);
}

/* --- out: data -------------------------------------------------------------------------------- */

size_t
turnc_before(struct turnc *t, const union addr *peer, bool channel, uint8_t *end, size_t payload,
             unsigned *pad)
{
	uint16_t number = channel ? turnc_channel_number(t, peer) : 0;
	uint8_t tid[STUN_TID];

	if (number != 0) {
		frame_channel_put(end - FRAME_CHANNEL_HEADER, number, payload);
		*pad = 0;
		return FRAME_CHANNEL_HEADER;
	}
	t->env->random(t->env->ctx, tid, sizeof tid);
	return build_before(end, name_type(METHOD_SEND, STUN_INDICATION), tid, peer, payload, pad);
}

size_t
turnc_wrap(struct turnc *t, const union addr *peer, bool channel, struct bytes payload, void *buf,
           size_t cap)
{
	uint8_t head[BUILD_BEFORE_MAX];
	unsigned pad;

	if (payload.n > UINT16_MAX)
		return 0;
	size_t n = turnc_before(t, peer, channel, head + sizeof head, payload.n, &pad);
	struct pen pen = pen_over(buf, cap);

	pen_put(&pen, head + sizeof head - n, n);
	pen_put(&pen, payload.p, payload.n);
	pen_put(&pen, "\0\0\0", pad);
	return pen.full ? 0 : pen_used(&pen);
}

/* --- words ------------------------------------------------------------------------------------ */

const char *
turnc_op_name(enum turnc_op op)
{
	static const char *const names[] = {
		"nothing", "Binding", "Allocate", "CreatePermission", "ChannelBind", "Refresh",
		"Refresh(0)",
	};

	return names[op];
}

const char *
turnc_outcome_name(int outcome)
{
	const char *reason = outcome > 0 ? name_reason((unsigned)outcome) : NULL;

	switch (outcome) {
	case TURNC_GOOD:
		return "good";
	case TURNC_TIMEOUT:
		return "no answer";
	case TURNC_INTEGRITY:
		return "no answer that could be verified";
	case TURNC_REFUSED:
		return "rejected by ICMP";
	case TURNC_BROKEN:
		return "an answer that makes no sense";
	case TURNC_NO_ALGORITHM:
		return "no common password algorithm";
	case TURNC_NO_CREDENTIALS:
		return "credentials are required";
	case TURNC_INTERNAL:
		return "out of memory, or a digest failed";
	default:
		return reason == NULL ? "an unknown error" : reason;
	}
}
