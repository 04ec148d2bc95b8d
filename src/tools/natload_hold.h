/*
 * tools/natload_hold.h -- own thread: many allocations at once, each with a permission and a
 * channel, and how much the server's process grows by that.
 */
#ifndef NATSRV_TOOLS_NATLOAD_HOLD_H
#define NATSRV_TOOLS_NATLOAD_HOLD_H

struct job;
struct report;

/* 0 or -errno; what was measured is in the report. */
int natload_hold_run(struct job *j, struct report *r);

#endif
