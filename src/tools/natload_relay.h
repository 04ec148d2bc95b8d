/*
 * tools/natload_relay.h -- own thread: packets through relayed addresses: from clients to peers,
 * from peers to clients, or from one client to another by two relays of the same server.
 */
#ifndef NATSRV_TOOLS_NATLOAD_RELAY_H
#define NATSRV_TOOLS_NATLOAD_RELAY_H

struct job;
struct report;

/* 0 or -errno; what was measured is in the report. */
int natload_relay_run(struct job *j, struct report *r);

#endif
