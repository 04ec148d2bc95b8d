/*
 * tools/natping_proof.h -- natping, one thread: --proof: N datagrams each way through both relays,
 * every one verified, none may be missing.
 */
#ifndef NATSRV_TOOLS_NATPING_PROOF_H
#define NATSRV_TOOLS_NATPING_PROOF_H

#include "tools/natping_state.h"

/* Fills p->way and p->seconds; notes a step for each way. */
bool natping_proof_run(struct natping *p);

#endif
