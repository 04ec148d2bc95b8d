#include "turn/permission.h"

#include <assert.h>
#include <stdlib.h>

#include "turn/gate.h"

enum { PERMISSION_LIFETIME = 300 * 1000, PERMISSIONS_FIRST = 2 };

void
permission_ip(const union addr *peer, uint8_t into[static 16])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (addr_family(peer) == AF_INET6) {
		memcpy(into, &peer->v6.sin6_addr, 16);
		return;
	}
	memcpy(into, mapped, sizeof mapped);
	memcpy(into + 12, &peer->v4.sin_addr, 4);
}

/* Index of the first entry that is not below `ip`. */
static unsigned
lower_bound(const struct alloc *a, const uint8_t ip[static 16])
{
	unsigned lo = 0, hi = a->permissions_n;

	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;

		if (memcmp(a->permissions[mid].ip, ip, 16) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct permission *
permission_search(struct alloc *a, const uint8_t ip[static 16])
{
	unsigned i = lower_bound(a, ip);

	if (i == a->permissions_n || memcmp(a->permissions[i].ip, ip, 16) != 0)
		return NULL;
	a->permission_memo = (uint16_t)i;
	return &a->permissions[i];
}

static bool
make_room(struct alloc *a)
{
	unsigned room = a->permissions_room == 0 ? PERMISSIONS_FIRST : 2u * a->permissions_room;
	struct permission *p;

	if (a->permissions_n < a->permissions_room)
		return true;
	if (room > UINT16_MAX)
		return false;
	p = realloc(a->permissions, room * sizeof *p);
	if (p == NULL) {
		machine_count(a->turn, TURN_MEMORY_SHORT, 1);
		return false;
	}
	a->permissions = p;
	a->permissions_room = (uint16_t)room;
	return true;
}

/* The cap counts what holds and what this request has added so far (`until` still 0). */
static bool
below_cap(const struct alloc *a)
{
	unsigned max = a->turn->policy->permissions_max, n = 0;

	if (max == 0 || a->permissions_n < max)
		return true;
	for (unsigned i = 0; i < a->permissions_n; i++)
		n += a->permissions[i].until == 0 || a->turn->now.mono < a->permissions[i].until;
	return n < max;
}

struct permission *
permission_add(struct alloc *a, const union addr *peer)
{
	uint8_t ip[16];
	struct permission *p = permission_find(a, peer);
	bool counted = p != NULL && (p->until == 0 || a->turn->now.mono < p->until);

	if (counted)
		return p;
	if (!below_cap(a)) {
		machine_event(a->turn, &(struct turn_event){
		        .kind = TURN_EVENT_LIMIT_HIT, .reason = TURN_REASON_LIMIT_PERMISSIONS,
		        .flow = &a->flow, .alloc = a, .user = alloc_user(a)});
		return NULL;
	}
	if (p != NULL) { /* expired, kept for its channels: counts again from here on */
		p->until = 0;
		return p;
	}
	if (!make_room(a))
		return NULL;

	permission_ip(peer, ip);
	unsigned i = lower_bound(a, ip);
	p = &a->permissions[i];
	memmove(p + 1, p, (a->permissions_n - i) * sizeof *p);
	a->permissions_n++;
	*p = (struct permission){.until = 0};
	memcpy(p->ip, ip, sizeof ip);
	return p;
}

unsigned
permission_count(const struct alloc *a, msec now)
{
	unsigned n = 0;

	for (unsigned i = 0; i < a->permissions_n; i++)
		n += permission_holds(&a->permissions[i], now);
	return n;
}

void
permission_sweep(struct alloc *a, msec now)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < a->permissions_n; i++)
		if (now < a->permissions[i].until || a->permissions[i].channel != 0)
			a->permissions[kept++] = a->permissions[i];
	a->permissions_n = (uint16_t)kept;
}

/* Undoes what permission_add() has added: an entry that channels hold is merely over again. */
static void
take_back(struct alloc *a, msec now)
{
	for (unsigned i = 0; i < a->permissions_n; i++)
		if (a->permissions[i].until == 0)
			a->permissions[i].until = now;
	permission_sweep(a, now);
}

/* Is every XOR-PEER-ADDRESS well-formed, reachable by this relay and permitted? */
static unsigned
judge_all(const struct request *r)
{
	enum peers_verdict verdict;
	unsigned worst = 0;
	struct bytes value;
	union addr peer;

	for (size_t at = 0; parse_next(&r->m, ATTR_XOR_PEER_ADDRESS, &at, &value);) {
		if (!parse_addr_value(&r->m, ATTR_XOR_PEER_ADDRESS, value, &peer))
			return 400;
		addr_set_port(&peer, 0);
		if (worst == 0)
			worst = gate_judge(r->alloc, &peer, &verdict);
	}
	return worst;
}

/* Install or refresh permissions for all addresses of the request (RFC 8656, 10.2). */
unsigned
permission_create(struct request *r)
{
	struct alloc *a = r->alloc;
	msec now = r->t->now.mono;
	unsigned code = judge_all(r);
	struct permission *p;
	struct bytes value;
	union addr peer;

	if (code != 0)
		return code;

	permission_sweep(a, now);
	for (size_t at = 0; parse_next(&r->m, ATTR_XOR_PEER_ADDRESS, &at, &value);) {
		parse_addr_value(&r->m, ATTR_XOR_PEER_ADDRESS, value, &peer);
		if (permission_add(a, &peer) == NULL) {
			take_back(a, now);
			return 508;
		}
	}
	for (size_t at = 0; parse_next(&r->m, ATTR_XOR_PEER_ADDRESS, &at, &value);) {
		parse_addr_value(&r->m, ATTR_XOR_PEER_ADDRESS, value, &peer);
		p = permission_find(a, &peer);
		assert(p != NULL);
		p->until = now + PERMISSION_LIFETIME;
	}
	return 0;
}
