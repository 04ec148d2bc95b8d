#include "tools/natload_hist.h"

#include <string.h>

/* Values below 64 have a bucket each; above, the six bits after the leading one choose it. */
static unsigned
bucket_of(uint64_t value)
{
	if (value < NATLOAD_HIST_SUB)
		return (unsigned)value;
	unsigned shift = 63u - 6u - (unsigned)__builtin_clzll(value);
	return (shift + 1) * NATLOAD_HIST_SUB + (unsigned)(value >> shift) - NATLOAD_HIST_SUB;
}

/* The largest value that falls into a bucket. */
static uint64_t
bucket_top(unsigned bucket)
{
	if (bucket < 2 * NATLOAD_HIST_SUB)
		return bucket;
	unsigned shift = bucket / NATLOAD_HIST_SUB - 1;
	uint64_t base = bucket % NATLOAD_HIST_SUB + NATLOAD_HIST_SUB;
	return (base << shift) + (((uint64_t)1 << shift) - 1);
}

void
natload_hist_clear(struct hist *h)
{
	memset(h, 0, sizeof *h);
}

void
natload_hist_add(struct hist *h, uint64_t value, uint64_t times)
{
	if (times == 0)
		return;
	if (h->n == 0 || value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
	h->n += times;
	h->sum += (double)value * (double)times;
	h->count[bucket_of(value)] += times;
}

uint64_t
natload_hist_at(const struct hist *h, double share)
{
	uint64_t want = (uint64_t)(share * (double)h->n + 0.999999);
	uint64_t seen = 0;

	if (h->n == 0)
		return 0;
	for (unsigned b = 0; b < NATLOAD_HIST_BUCKETS; b++) {
		seen += h->count[b];
		if (seen >= want && seen > 0) {
			uint64_t top = bucket_top(b);
			return top > h->max ? h->max : top;
		}
	}
	return h->max;
}

double
natload_hist_mean(const struct hist *h)
{
	return h->n == 0 ? 0.0 : h->sum / (double)h->n;
}
