#include "turn/refresh.h"

#include "turn/allocate.h"

unsigned
refresh_answer(struct request *r)
{
	struct alloc *a = r->alloc;
	bool asked = parse_has(&r->m, ATTR_LIFETIME);
	uint32_t lifetime;
	uint8_t family;

	if (!request_u8(r, ATTR_REQUESTED_ADDRESS_FAMILY, &family) ||
	    !request_u32(r, ATTR_LIFETIME, &lifetime))
		return 400;
	if (parse_has(&r->m, ATTR_REQUESTED_ADDRESS_FAMILY) &&
	    allocate_family(family) != addr_family(&a->relay->relayed))
		return 443;

	r->answer.has_lifetime = true;
	if (asked && lifetime == 0) {
		r->user = BYTES_NONE; /* may lie in the allocation */
		r->alloc = NULL;
		alloc_close(a, TURN_REASON_CLIENT);
		return 0;
	}
	alloc_extend(a, allocate_lifetime(r->t->policy, lifetime));
	r->answer.lifetime = a->lifetime;
	machine_event(r->t, &(struct turn_event){.kind = TURN_EVENT_REFRESHED, .flow = &a->flow,
	                                         .alloc = a, .user = alloc_user(a)});
	return 0;
}
