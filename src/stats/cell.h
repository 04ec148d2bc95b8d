/*
 * stats/cell.h -- pure; one writer, any readers: counters that cost their owner one addition.
 *
 * The owning thread alone adds; others read without a lock and may see a value a moment old,
 * never a torn one.
 */
#ifndef NATSRV_STATS_CELL_H
#define NATSRV_STATS_CELL_H

#include <stdint.h>

static inline uint64_t
cell_read(const uint64_t *cell)
{
	return __atomic_load_n(cell, __ATOMIC_RELAXED);
}

static inline void
cell_add(uint64_t *cell, uint64_t n)
{
	__atomic_store_n(cell, *cell + n, __ATOMIC_RELAXED);
}

#endif
