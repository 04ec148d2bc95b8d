/*
 * tools/natping_flow.h -- natping, one thread: datagrams from one of our relayed addresses to the
 * other. Each carries its number, when it left, and a keyed hash over all of it.
 *
 * Way 0: client A by ChannelData, relay A, relay B, Data indication to client B. Way 1: client B by
 * Send indication, relay B, relay A, ChannelData to client A.
 */
#ifndef NATSRV_TOOLS_NATPING_FLOW_H
#define NATSRV_TOOLS_NATPING_FLOW_H

#include "tools/natping_state.h"

struct natping_arrival {
	unsigned way;
	bool sound;       /* the hash is right; otherwise nothing below means anything */
	uint32_t number;
	uint64_t sent_ns; /* clock_nsec() when it left */
	size_t size;
	bool channel;     /* it came as ChannelData */
};

struct natping_parcel {
	unsigned way;
	uint32_t number;
	uint64_t sent_ns;
	size_t size; /* of the payload, at least NATPING_STAMP */
};

/* 0, or -errno; -EAGAIN: our own send buffer is full. */
int natping_flow_send(struct natping *p, const struct natping_parcel *parcel);

/* Waits for one datagram until `until`. False: none came. */
bool natping_flow_receive(struct natping *p, msec until, struct natping_arrival *into);

#endif
