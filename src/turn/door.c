#include "turn/door.h"

#include "turn/allocate.h"
#include "turn/auth.h"
#include "turn/binding.h"
#include "turn/channel.h"
#include "turn/peers.h"
#include "turn/permission.h"
#include "turn/refresh.h"
#include "turn/relay.h"
#include "turn/reply.h"

enum {
	NEEDS_RELAY = 1,            /* relaying is switched on */
	NEEDS_CREDENTIALS = 2,      /* unless the machine is anonymous */
	NEEDS_STUN_CREDENTIALS = 4, /* when the operator wants them for STUN as well */
	NEEDS_ALLOCATION = 8,       /* on the five-tuple, of the same user: 437, 441 */
	NEEDS_NO_ALLOCATION = 16,   /* 437; a retransmission may pass */
	JUDGES_LATE = 32,           /* refuses the attributes of `unserved_turn` itself (A4) */
};

enum { REQUIRED_MAX = 2 };

struct method {
	unsigned number;
	unsigned flags;
	enum turn_counter counter;
	unsigned (*handle)(struct request *r);
	unsigned required_n;
	enum stun_attr required[REQUIRED_MAX]; /* absent or of a wrong length: 400 */
};

static const struct method methods[] = {
	{.number = METHOD_BINDING,
	 .flags = NEEDS_STUN_CREDENTIALS,
	 .counter = TURN_REQUESTS_BINDING,
	 .handle = binding_answer},
	{.number = METHOD_ALLOCATE,
	 .flags = NEEDS_RELAY | NEEDS_CREDENTIALS | NEEDS_NO_ALLOCATION | JUDGES_LATE,
	 .counter = TURN_REQUESTS_ALLOCATE,
	 .handle = allocate_answer,
	 .required_n = 1,
	 .required = {ATTR_REQUESTED_TRANSPORT}},
	{.number = METHOD_REFRESH,
	 .flags = NEEDS_RELAY | NEEDS_CREDENTIALS | NEEDS_ALLOCATION,
	 .counter = TURN_REQUESTS_REFRESH,
	 .handle = refresh_answer},
	{.number = METHOD_CREATE_PERMISSION,
	 .flags = NEEDS_RELAY | NEEDS_CREDENTIALS | NEEDS_ALLOCATION,
	 .counter = TURN_REQUESTS_CREATE_PERMISSION,
	 .handle = permission_create,
	 .required_n = 1,
	 .required = {ATTR_XOR_PEER_ADDRESS}},
	{.number = METHOD_CHANNEL_BIND,
	 .flags = NEEDS_RELAY | NEEDS_CREDENTIALS | NEEDS_ALLOCATION,
	 .counter = TURN_REQUESTS_CHANNEL_BIND,
	 .handle = channel_bind,
	 .required_n = 2,
	 .required = {ATTR_CHANNEL_NUMBER, ATTR_XOR_PEER_ADDRESS}},
};

/*
 * Comprehension-required attributes that have a meaning somewhere, but not in this server: to
 * the client they are as unknown as unassigned ones (RFC 8489, 6.3.1; 8656, 7.2, step 4).
 */
static const enum stun_attr unserved[] = {
	ATTR_CHANGE_REQUEST, ATTR_PADDING, ATTR_RESPONSE_PORT, ATTR_ACCESS_TOKEN,
	ATTR_CONNECTION_ID,
};

/* Those that Allocate judges between its other checks. */
static const enum stun_attr unserved_turn[] = {ATTR_DONT_FRAGMENT, ATTR_RESERVATION_TOKEN};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const struct method *
method_find(unsigned number)
{
	for (unsigned i = 0; i < COUNT(methods); i++)
		if (methods[i].number == number)
			return &methods[i];
	return NULL;
}

/* The allocation of the five-tuple; one that is past its deadline ends now. */
static struct alloc *
live_allocation(struct turn *t, const struct flow *flow)
{
	struct alloc *a = alloc_find(t, flow);

	if (a == NULL || t->now.mono < a->expires)
		return a;
	alloc_close(a, TURN_REASON_EXPIRED);
	return NULL;
}

static void
note_present(struct request *r, const enum stun_attr *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (parse_has(&r->m, list[i]))
			request_unknown(r, name_attr_code(list[i]));
}

/* Has a request attributes that are not understood here? 420, with their list. */
static unsigned
check_unknown(struct request *r, const struct method *method)
{
	for (unsigned i = 0; i < r->m.unknown; i++)
		request_unknown(r, r->m.unknown_type[i]);
	note_present(r, unserved, COUNT(unserved));
	if (r->answer.unknown_n == 0 && (method->flags & JUDGES_LATE) != 0)
		return 0;
	note_present(r, unserved_turn, COUNT(unserved_turn));
	return r->answer.unknown_n > 0 ? 420 : 0;
}

static unsigned
check_sender(struct request *r, const struct method *method)
{
	const struct turn_policy *policy = r->t->policy;
	bool stun = (method->flags & NEEDS_STUN_CREDENTIALS) != 0 && policy->stun_auth;

	if (policy->anonymous || !(stun || (method->flags & NEEDS_CREDENTIALS) != 0))
		return 0;

	unsigned code = auth_check(r);
	if (r->reason != TURN_REASON_NONE)
		machine_event(r->t, &(struct turn_event){
		        .kind = TURN_EVENT_AUTH_FAILED, .reason = r->reason,
		        .flow = r->in->flow, .alloc = r->alloc, .user = r->user});
	return code;
}

static unsigned
check_allocation(const struct request *r, const struct method *method)
{
	if ((method->flags & NEEDS_NO_ALLOCATION) != 0 && r->alloc != NULL && !r->repeat)
		return 437;
	if ((method->flags & NEEDS_ALLOCATION) == 0)
		return 0;
	if (r->alloc == NULL)
		return 437;
	return bytes_equal(alloc_user(r->alloc), r->user) ? 0 : 441;
}

static unsigned
check_required(const struct request *r, const struct method *method)
{
	for (unsigned i = 0; i < method->required_n; i++)
		if (!parse_sound(&r->m, method->required[i]))
			return 400;
	return 0;
}

/* The order of conformance-turn 1.10, steps 3 to 6. */
static unsigned
serve(struct request *r, const struct method *method)
{
	unsigned code;

	if ((code = check_sender(r, method)) != 0 || (code = check_unknown(r, method)) != 0 ||
	    (code = check_allocation(r, method)) != 0 || (code = check_required(r, method)) != 0)
		return code;
	return method->handle(r);
}

/* An answer to such a source would reach nobody, or ourselves (S-211, security B4). */
static bool
source_is_bad(const struct turn_policy *policy, const union addr *client)
{
	return addr_port(client) == 0 || addr_is_any(client) || addr_is_multicast(client) ||
	       (policy->peers != NULL && peers_is_endpoint(policy->peers, client));
}

static void
request(struct request *r, struct turn_out *out)
{
	struct turn *t = r->t;
	const struct method *method = method_find(r->m.method);

	if (method == NULL || ((method->flags & NEEDS_RELAY) != 0 && !t->policy->relay)) {
		machine_count(t, TURN_DROPPED_METHOD, 1);
		return;
	}
	if (source_is_bad(t->policy, &r->in->flow->client)) {
		machine_count(t, TURN_DROPPED_SOURCE, 1);
		return;
	}
	machine_count(t, method->counter, 1);
	if ((method->flags & NEEDS_RELAY) != 0)
		r->alloc = live_allocation(t, r->in->flow);
	r->repeat = r->alloc != NULL && r->m.method == METHOD_ALLOCATE &&
	            memcmp(r->alloc->tid, r->m.tid, STUN_TID) == 0;
	reply_send(r, serve(r, method), out);
	digest_wipe(&r->key, sizeof r->key);
}

/* Send is the only indication that does anything (RFC 8656, 11.2). */
static void
indication(struct request *r, struct turn_out *out)
{
	bool understood = r->m.unknown == 0;

	for (size_t i = 0; i < COUNT(unserved); i++)
		understood = understood && !parse_has(&r->m, unserved[i]);
	for (size_t i = 0; i < COUNT(unserved_turn); i++)
		understood = understood && !parse_has(&r->m, unserved_turn[i]);
	if (r->m.method == METHOD_SEND && understood)
		out->verdict = relay_send(r->t, r->in, &r->m, out);
	else if (r->m.method != METHOD_BINDING)
		machine_count(r->t, TURN_DROPPED_METHOD, 1);
}

void
door_message(struct turn *t, const struct turn_in *in, struct turn_out *out)
{
	struct request r;

	if (parse_message(&r.m, in->data) != PARSE_OK) {
		machine_count(t, TURN_DROPPED_MALFORMED, 1);
		return;
	}
	r.t = t;
	r.in = in;
	if (r.m.class == STUN_INDICATION) {
		indication(&r, out);
	} else if (r.m.class == STUN_REQUEST) {
		r.alloc = NULL;
		r.repeat = false;
		r.user = r.quota = BYTES_NONE;
		r.credential_expiry = 0;
		r.key.n = 0;
		r.algorithm = 0;
		r.seal = DIGEST_SHA1;
		r.reason = TURN_REASON_NONE;
		r.answer = (struct answer){.unknown_n = 0};
		request(&r, out);
	} else {
		machine_count(t, TURN_DROPPED_METHOD, 1); /* an answer to nothing */
	}
}
