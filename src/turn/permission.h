/*
 * turn/permission.h -- pure, shard thread; private to turn/. The permissions of an allocation
 * (RFC 8656, 9) and the CreatePermission method (10.2).
 */
#ifndef NATSRV_TURN_PERMISSION_H
#define NATSRV_TURN_PERMISSION_H

#include "turn/request.h"


/* Look-up by binary search; use permission_find(). */
struct permission *permission_search(struct alloc *a, const uint8_t ip[static 16]);

void permission_ip(const union addr *peer, uint8_t into[static 16]);

/* The entry of a peer's IP, expired ones included; NULL when there is none. */
static inline struct permission *
permission_find(struct alloc *a, const union addr *peer)
{
	uint8_t ip[16];

	permission_ip(peer, ip);
	if (a->permission_memo < a->permissions_n &&
	    memcmp(a->permissions[a->permission_memo].ip, ip, sizeof ip) == 0)
		return &a->permissions[a->permission_memo];
	return permission_search(a, ip);
}

static inline bool
permission_holds(const struct permission *p, msec now)
{
	return p != NULL && now < p->until;
}

/*
 * The entry of a peer's IP, made without effect when there is none. NULL when the cap is reached
 * or memory is short: 508. May move the others.
 */
struct permission *permission_add(struct alloc *a, const union addr *peer);

/* How many hold now. */
unsigned permission_count(const struct alloc *a, msec now);

/* Drops what is expired and holds no channel. */
void permission_sweep(struct alloc *a, msec now);

/* CreatePermission. 0 or 400, 403, 443, 508; all or nothing (A10). */
unsigned permission_create(struct request *r);

#endif
