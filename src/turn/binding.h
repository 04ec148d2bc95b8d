/*
 * turn/binding.h -- pure, shard thread; private to turn/. The Binding method (RFC 8489, 12).
 */
#ifndef NATSRV_TURN_BINDING_H
#define NATSRV_TURN_BINDING_H

#include "turn/request.h"

/* Always succeeds: what the client's address looks like from here. */
unsigned binding_answer(struct request *r);

#endif
