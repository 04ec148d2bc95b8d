/*
 * common/siphash.h -- pure, any thread: SipHash-1-3, the keyed hash of every table that a stranger
 * can put keys into (security C8). The key is random per table and per start.
 */
#ifndef NATSRV_COMMON_SIPHASH_H
#define NATSRV_COMMON_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
	uint64_t k0, k1;
};

uint64_t siphash(const struct siphash_key *key, const void *data, size_t n);

#endif
