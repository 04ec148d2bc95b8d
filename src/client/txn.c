#include "client/txn.h"

#include <assert.h>
#include <string.h>

void
txn_begin(struct txn *x, unsigned method, const uint8_t tid[static STUN_TID], msec now)
{
	x->due = now;
	x->method = (uint16_t)method;
	x->sends = 0;
	memcpy(x->tid, tid, STUN_TID);
}

void
txn_end(struct txn *x)
{
	x->due = MSEC_NEVER;
}

enum txn_step
txn_step(struct txn *x, const struct txn_policy *policy, msec now)
{
	assert(policy->rc >= 1 && policy->rc <= 16);

	if (x->due == MSEC_NEVER || now < x->due)
		return TXN_WAIT;
	if (x->sends == policy->rc) {
		txn_end(x);
		return TXN_FAILED;
	}
	uint64_t wait = (uint64_t)policy->rto << x->sends;
	x->sends++;
	if (x->sends == policy->rc)
		wait = (uint64_t)policy->rto * policy->rm;
	x->due = now + wait;
	return TXN_SEND;
}

bool
txn_answered(const struct txn *x, const struct parse *m, const union addr *server,
             const union addr *from)
{
	return txn_busy(x) && x->sends > 0 &&
	       (m->class == STUN_SUCCESS || m->class == STUN_ERROR) && m->method == x->method &&
	       memcmp(m->tid, x->tid, STUN_TID) == 0 && addr_equal(server, from);
}
