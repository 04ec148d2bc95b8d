/*
 * turn/auth.h -- pure, shard thread; private to turn/. The long-term credential mechanism, server
 * side, in the exact order of RFC 8489, 9.2.4 (conformance-stun 2.1, steps L1 to L6).
 */
#ifndef NATSRV_TURN_AUTH_H
#define NATSRV_TURN_AUTH_H

#include "stun/nonce.h"
#include "turn/request.h"

/*
 * Who sent the request? 0, and the request's user and key are set; else 400, 401, 438, or 500
 * when the digest fails. `reason` tells the log what the answer must not.
 */
unsigned auth_check(struct request *r);

/* What a nonce for this request is bound to. */
struct nonce_scope auth_scope(const struct request *r);

#endif
