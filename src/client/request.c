#include "client/request.h"

#include "stun/build.h"
#include "stun/frame.h"

enum { UDP = 17 }; /* IP protocol number */

static void
build_allocate(const struct turnc *t, struct build *b)
{
	build_u8(b, ATTR_REQUESTED_TRANSPORT, UDP);
	if (t->want->family != 0)
		build_u8(b, ATTR_REQUESTED_ADDRESS_FAMILY, t->want->family == AF_INET6 ? 2 : 1);
	if (t->want->lifetime != 0)
		build_u32(b, ATTR_LIFETIME, t->want->lifetime);
}

size_t
request_build(const struct turnc *t, void *buf, size_t cap)
{
	struct challenge_user user = {t->want->username, t->want->password, t->want->legacy};
	const union addr *peer = &t->peer[t->at].addr;
	struct build b;

	build_begin(&b, buf, cap, name_type(t->txn.method, STUN_REQUEST), t->txn.tid);
	switch (t->op) {
	case TURNC_OP_ALLOCATE:
		build_allocate(t, &b);
		break;
	case TURNC_OP_CHANNEL:
		build_u16(&b, ATTR_CHANNEL_NUMBER, (uint16_t)(FRAME_CHANNEL_MIN + t->at));
		build_addr(&b, ATTR_XOR_PEER_ADDRESS, peer);
		break;
	case TURNC_OP_PERMIT:
		build_addr(&b, ATTR_XOR_PEER_ADDRESS, peer);
		break;
	case TURNC_OP_REFRESH:
		if (t->want->lifetime != 0)
			build_u32(&b, ATTR_LIFETIME, t->want->lifetime);
		break;
	case TURNC_OP_DELETE:
		build_u32(&b, ATTR_LIFETIME, 0);
		break;
	default:
		break;
	}
	if (t->keyed)
		challenge_sign(&t->challenge, t->env->digest, &user, &b);
	if (t->want->fingerprint)
		build_fingerprint(&b);
	return build_end(&b);
}
