/*
 * turn/check.h -- pure, shard thread; private to turn/. What is always true of a machine, for tests
 * and the simulator (security R8).
 */
#ifndef NATSRV_TURN_CHECK_H
#define NATSRV_TURN_CHECK_H

#include "turn/machine.h"

/* NULL, or what is wrong. */
const char *check_machine(struct turn *t);

#endif
