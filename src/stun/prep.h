/*
 * stun/prep.h -- any thread: PRECIS OpaqueString (RFC 8265, 4.2), the profile that RFC 8489 applies
 * to user names, realms and passwords. Printable ASCII is its own result without library calls.
 */
#ifndef NATSRV_STUN_PREP_H
#define NATSRV_STUN_PREP_H

#include "common/bytes.h"

/*
 * Prepares UTF-8 text; `into` has `cap` bytes, `*n` says how many were written (no NUL).
 * NULL, or a static complaint: empty, not UTF-8, a character that the profile forbids, too long.
 */
const char *prep_opaque(struct bytes text, uint8_t *into, size_t cap, size_t *n);

/*
 * qdtext only, fewer than 128 characters, not empty, no quotes (RFC 8489, 14.9; S-149), and what
 * prep_opaque() leaves as it is. NULL or a complaint.
 */
const char *prep_realm(struct bytes realm);

#endif
