/*
 * stun/crc.h -- pure, any thread: CRC-32 as in gzip, and what FINGERPRINT makes of it
 * (RFC 8489, 14.7).
 */
#ifndef NATSRV_STUN_CRC_H
#define NATSRV_STUN_CRC_H

#include "common/bytes.h"

uint32_t crc_bytes(struct bytes b);

/* Value of a FINGERPRINT behind these bytes, whose header length counts it already. */
static inline uint32_t
crc_fingerprint(struct bytes before)
{
	return crc_bytes(before) ^ 0x5354554eu;
}

#endif
