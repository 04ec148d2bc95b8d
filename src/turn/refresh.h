/*
 * turn/refresh.h -- pure, shard thread; private to turn/. The Refresh method (RFC 8656, 8.2).
 */
#ifndef NATSRV_TURN_REFRESH_H
#define NATSRV_TURN_REFRESH_H

#include "turn/request.h"

/* Prolongs the allocation, or ends it with LIFETIME 0. 0 or 400, 443. */
unsigned refresh_answer(struct request *r);

#endif
