/*
 * turn/reply.h -- pure, shard thread; private to turn/. The one place where answers are composed,
 * sealed and counted.
 */
#ifndef NATSRV_TURN_REPLY_H
#define NATSRV_TURN_REPLY_H

#include "turn/request.h"

/*
 * Answers the request: 0 is success, else the code of an error. Sealed when the request was
 * authenticated. `out` is filled; TURN_DROP when the answer could not be made.
 */
void reply_send(struct request *r, unsigned code, struct turn_out *out);

#endif
