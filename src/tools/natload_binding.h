/*
 * tools/natload_binding.h -- own thread: Binding requests, either so many under way at once or
 * so many per second, and how long the answers take.
 */
#ifndef NATSRV_TOOLS_NATLOAD_BINDING_H
#define NATSRV_TOOLS_NATLOAD_BINDING_H

struct job;
struct report;

/* 0 or -errno; what was measured is in the report. */
int natload_binding_run(struct job *j, struct report *r);

#endif
