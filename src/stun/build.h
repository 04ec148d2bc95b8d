/*
 * stun/build.h -- pure, any thread: writes one STUN message into memory of the caller's.
 *
 *	struct build b;
 *	build_begin(&b, buf, sizeof buf, name_type(METHOD_BINDING, STUN_SUCCESS), tid);
 *	build_addr(&b, ATTR_XOR_MAPPED_ADDRESS, &from);
 *	n = build_end(&b);
 *
 * A message that does not fit is remembered and build_end() answers 0. Padding is zero (S-027).
 * The header's length is right after every call, so that a seal can be put at any time.
 */
#ifndef NATSRV_STUN_BUILD_H
#define NATSRV_STUN_BUILD_H

#include "common/addr.h"
#include "common/bytes.h"
#include "common/digest.h"
#include "stun/name.h"

struct build {
	struct pen pen;
};

void build_begin(struct build *b, void *buf, size_t cap, uint16_t type,
                 const uint8_t tid[static STUN_TID]);

void build_bytes(struct build *b, enum stun_attr a, struct bytes value);
void build_empty(struct build *b, enum stun_attr a);
void build_u8(struct build *b, enum stun_attr a, uint8_t v);     /* KIND_U8, KIND_BYTE4 */
void build_u16(struct build *b, enum stun_attr a, uint16_t v);   /* KIND_U16, KIND_CHANNEL */
void build_u32(struct build *b, enum stun_attr a, uint32_t v);

/* Plain or XORed by kind. */
void build_addr(struct build *b, enum stun_attr a, const union addr *addr);

/* ERROR-CODE; `reason` may be empty (security B1: the default). */
void build_error(struct build *b, unsigned code, struct bytes reason);

/* UNKNOWN-ATTRIBUTES, PASSWORD-ALGORITHMS, PASSWORD-ALGORITHM */
void build_types(struct build *b, const uint16_t *types, unsigned n);
void build_algorithms(struct build *b, const uint16_t *algorithms, unsigned n);
void build_algorithm(struct build *b, uint16_t algorithm);

/* MESSAGE-INTEGRITY (DIGEST_SHA1) or -SHA256 (DIGEST_SHA256, 32 bytes) over all so far. */
void build_integrity(struct build *b, struct digest *d, enum digest_kind kind, struct bytes key);
void build_fingerprint(struct build *b);

/* Size of the finished message, 0 when it did not fit. */
size_t build_end(struct build *b);

/*
 * The part of a Data or Send indication that precedes its payload: header, XOR-PEER-ADDRESS,
 * DATA's type and length. Written so that it ENDS at `end`; at most BUILD_BEFORE_MAX bytes, so
 * `end` may be the payload itself when there is headroom, or any scratch memory. Returns the
 * number of bytes. The message is whole after `*pad` (0..3) zero bytes behind the payload.
 * 0 when so much payload does not fit a message (more than 65504 bytes may not).
 */
enum { BUILD_BEFORE_MAX = 48 };
size_t build_before(uint8_t *end, uint16_t type, const uint8_t tid[static STUN_TID],
                    const union addr *peer, size_t payload, unsigned *pad);

#endif
