/*
 * stun/seal.h -- pure: integrity of received messages (RFC 8489, 14.5 and 14.6). FINGERPRINT is
 * verified by the parser, so that a message with a wrong one never gets this far.
 */
#ifndef NATSRV_STUN_SEAL_H
#define NATSRV_STUN_SEAL_H

#include "common/digest.h"
#include "stun/parse.h"

enum seal { SEAL_OK, SEAL_ABSENT, SEAL_LENGTH /* illegal length */, SEAL_WRONG };

/*
 * Verify MESSAGE-INTEGRITY (DIGEST_SHA1) or -SHA256 (DIGEST_SHA256) of `m` under `key`, in
 * constant time. `shortest`: the shortest SHA256 value accepted, 32 unless the usage permits
 * truncation (then 16..32, a multiple of 4). A legal length below `shortest` is SEAL_WRONG.
 */
enum seal seal_check(const struct parse *m, struct digest *d, enum digest_kind kind,
                     struct bytes key, unsigned shortest);

#endif
