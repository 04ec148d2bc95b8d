/*
 * turn/gate.h -- pure, shard thread; private to turn/. The one way to ask whether a peer may be
 * talked to (security R4): family first, then the operator's and the built-in rules.
 */
#ifndef NATSRV_TURN_GATE_H
#define NATSRV_TURN_GATE_H

#include "turn/alloc.h"
#include "turn/peers.h"

/*
 * With port 0 only the IP is judged (CreatePermission). 0, or 443 or 403; the latter is told to
 * the world as an event that names the rule.
 */
unsigned gate_judge(const struct alloc *a, const union addr *peer, enum peers_verdict *verdict);

#endif
