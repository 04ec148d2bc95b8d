/*
 * tools/natload_pace.h -- pure: when what is due in an open loop. The schedule never waits for
 * answers, so a server that stalls does not hide its stall: what was due meanwhile is sent late
 * and its time counts from when it was due.
 */
#ifndef NATSRV_TOOLS_NATLOAD_PACE_H
#define NATSRV_TOOLS_NATLOAD_PACE_H

#include <stdint.h>

struct pace {
	uint64_t start_ns;
	double step_ns; /* between two */
	uint64_t issued;
};

/* `rate` per second, above 0. */
static inline struct pace
natload_pace_from(uint64_t start_ns, double rate)
{
	return (struct pace){.start_ns = start_ns, .step_ns = 1e9 / rate};
}

/* How many are due by now and not issued yet. */
static inline uint64_t
natload_pace_due(const struct pace *p, uint64_t now_ns)
{
	if (now_ns < p->start_ns)
		return 0;
	uint64_t all = (uint64_t)((double)(now_ns - p->start_ns) / p->step_ns) + 1;
	return all > p->issued ? all - p->issued : 0;
}

/* When the next one was meant to be sent; it counts as issued from now on. */
static inline uint64_t
natload_pace_next(struct pace *p)
{
	return p->start_ns + (uint64_t)((double)p->issued++ * p->step_ns);
}

#endif
