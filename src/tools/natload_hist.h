/*
 * tools/natload_hist.h -- pure, one owner: a log-linear histogram of times or sizes (HDR style).
 *
 * Each power of two is cut into 64 equal buckets, so that a value is known to 1.6 % wherever it
 * lies, from nanoseconds to years, in fixed memory and with one increment per value.
 */
#ifndef NATSRV_TOOLS_NATLOAD_HIST_H
#define NATSRV_TOOLS_NATLOAD_HIST_H

#include <stdint.h>

enum { NATLOAD_HIST_SUB = 64, NATLOAD_HIST_BUCKETS = 59 * NATLOAD_HIST_SUB };

struct hist {
	uint64_t n, min, max;
	double sum;
	uint64_t count[NATLOAD_HIST_BUCKETS];
};

void natload_hist_clear(struct hist *h);
void natload_hist_add(struct hist *h, uint64_t value, uint64_t times);

/*
 * The smallest value that `share` (0..1) of all values do not exceed, as the upper edge of its
 * bucket and never above the maximum. 0 when there is none.
 */
uint64_t natload_hist_at(const struct hist *h, double share);
double natload_hist_mean(const struct hist *h);

#endif
