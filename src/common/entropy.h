/*
 * common/entropy.h -- the only source of randomness. A pool belongs to one thread and saves the
 * system call for small requests (transaction ids, ports); entropy_fill() may be called anywhere.
 */
#ifndef NATSRV_COMMON_ENTROPY_H
#define NATSRV_COMMON_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

enum { ENTROPY_POOL = 2048 };

struct entropy {
	uint8_t pool[ENTROPY_POOL];
	size_t left;
};

/* From the kernel; never returns without having filled `p` (aborts when there is no randomness). */
void entropy_fill(void *p, size_t n);

/* From the pool; bytes are wiped as they are handed out. Zero-initialise the pool before use. */
void entropy_take(struct entropy *e, void *p, size_t n);

/* Uniform in [0, bound), without modulo bias; bound >= 1. */
uint32_t entropy_below(struct entropy *e, uint32_t bound);

#endif
