/*
 * tools/natload_allocate.h -- own thread: the life of an allocation over and over: Allocate
 * (with its 401), ChannelBind, Refresh with lifetime 0, each time from a fresh socket.
 */
#ifndef NATSRV_TOOLS_NATLOAD_ALLOCATE_H
#define NATSRV_TOOLS_NATLOAD_ALLOCATE_H

struct job;
struct report;

/* 0 or -errno; what was measured is in the report. */
int natload_allocate_run(struct job *j, struct report *r);

#endif
