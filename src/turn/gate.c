#include "turn/gate.h"

unsigned
gate_judge(const struct alloc *a, const union addr *peer, enum peers_verdict *verdict)
{
	const struct turn *t = a->turn;
	const char *rule = NULL;

	*verdict = PEERS_DENIED;
	if (addr_family(peer) != addr_family(&a->relay->relayed))
		return 443;
	*verdict = peers_judge(t->policy->peers, peer, &rule);
	if (*verdict == PEERS_OK)
		return 0;
	machine_event(t, &(struct turn_event){
	        .kind = TURN_EVENT_PEER_DENIED,
	        .reason = *verdict == PEERS_DENIED_PORT ? TURN_REASON_PEER_PORT
	                                                : TURN_REASON_PEER_ADDRESS,
	        .flow = &a->flow, .alloc = a, .user = alloc_user(a), .peer = peer, .rule = rule});
	return 403;
}
