/*
 * turn/allocate.h -- pure, shard thread; private to turn/. The Allocate method (RFC 8656, 7.2), and
 * the rule for lifetimes that Refresh shares with it.
 */
#ifndef NATSRV_TURN_ALLOCATE_H
#define NATSRV_TURN_ALLOCATE_H

#include "turn/request.h"

/* Makes the allocation of the five-tuple; its retransmission is answered again. */
unsigned allocate_answer(struct request *r);

/* What is granted for what is asked: never below the default (T-092), never above the maximum. */
uint32_t allocate_lifetime(const struct turn_policy *policy, uint32_t asked);

/* The family in REQUESTED-ADDRESS-FAMILY: AF_INET, AF_INET6, 0 for an undefined value. */
int allocate_family(uint8_t value);

#endif
