/*
 * turn/door.h -- pure, shard thread; private to turn/. Every STUN message passes here once: parsed,
 * its sender known, its preconditions checked from one table. A handler begins where all is true.
 */
#ifndef NATSRV_TURN_DOOR_H
#define NATSRV_TURN_DOOR_H

#include "turn/machine.h"

void door_message(struct turn *t, const struct turn_in *in, struct turn_out *out);

#endif
