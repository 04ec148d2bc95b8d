/*
 * tools/natload_meter.h -- own thread: the measured span of a run: how long it was, what the
 * server's process used meanwhile, and how much of that time natload itself had something to do.
 */
#ifndef NATSRV_TOOLS_NATLOAD_METER_H
#define NATSRV_TOOLS_NATLOAD_METER_H

#include <stdbool.h>

#include "tools/natload_proc.h"
#include "tools/natload_report.h"

enum meter_phase {
	METER_WARM,  /* load without counting */
	METER_RUN,
	METER_DRAIN, /* no more load; what is under way may arrive */
	METER_OVER,
};

struct meter {
	pid_t pid; /* 0 = none */
	enum meter_phase phase;
	uint64_t run_at, drain_at, over_at; /* when the phases are meant to begin */
	uint64_t begun_ns, ended_ns;        /* the measured span as it was */
	uint64_t turn_ns, busy_ns;
	struct cpu_use before, used;
	int error; /* -errno of reading the process, 0 */
};

/* Times in milliseconds but for `now_ns`. */
void natload_meter_init(struct meter *m, pid_t pid, uint64_t now_ns, uint64_t warmup, uint64_t run);

/*
 * Called once per turn of a busy loop; reads the process as the measured span begins and ends. The
 * time since the turn before counts as busy when that turn `worked`: a generator that is always
 * busy may be what limits the rate.
 */
enum meter_phase natload_meter_turn(struct meter *m, uint64_t now_ns, bool worked);

double natload_meter_seconds(const struct meter *m);

/*
 * Rows: seconds, how many units (keys and label of the caller's) per second, CPU of the server
 * per unit in microseconds, its share of a core, the part in user space, and how busy natload was.
 */
struct meter_unit {
	const char *count_key, *rate_key, *label, *unit; /* "packets", "packets_per_second" */
	uint64_t n;
};
void natload_meter_report(const struct meter *m, const struct meter_unit *u, struct report *r);

#endif
