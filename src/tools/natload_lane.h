/*
 * tools/natload_lane.h -- own thread, no system calls but those of natload_wire: one direction
 * of one relayed conversation, and the packets that run along it.
 *
 * Lanes take turns, a burst each, so that what reaches the server one after the other belongs to
 * different flows. Packets carry their lane, number and time in the payload (natload_stamp.h), so
 * that whoever receives them only needs the table of lanes. A lane's path keeps the order of
 * packets; a number that is skipped is therefore a packet that was lost, and its place in the
 * window is free again.
 */
#ifndef NATSRV_TOOLS_NATLOAD_LANE_H
#define NATSRV_TOOLS_NATLOAD_LANE_H

#include "common/bytes.h"
#include "tools/natload_hist.h"
#include "tools/natload_meter.h"
#include "tools/natload_pace.h"

enum { NATLOAD_LANE_PREFIX = 64 };

struct lane {
	int fd;              /* by which packets leave; connected */
	unsigned to;         /* the owner's number of the socket where they must arrive */
	uint8_t prefix_n, pad;
	bool gso;
	uint8_t prefix[NATLOAD_LANE_PREFIX]; /* before each payload; `pad` zero bytes behind it */
	uint32_t sent, seen; /* numbers: next to send, next that is expected */
	uint32_t window;     /* closed loop: packets that may be under way */
	uint64_t moved_ns;   /* closed loop: when something last arrived or was given up */
};

struct lanes {
	struct lane *v;
	unsigned n, next;
	uint32_t run;
	unsigned size, burst;
	const struct meter *meter;
	struct pace *pace;      /* NULL: closed loop */
	struct hist hist;       /* of packets that were due and arrived within the measured span */
	uint8_t *room;          /* where packets are put together */
	uint64_t sent;          /* due within the measured span, */
	uint64_t received;      /* and of these, arrived; */
	uint64_t delivered;     /* arrived within the span, whenever they were due */
	uint64_t strange;       /* not ours, damaged, or at the wrong place */
	uint64_t refused;       /* our own kernel did not take them */
};

/* 0 or -ENOMEM. natload_lane_fini() is right after either. */
int natload_lane_init(struct lanes *l, unsigned n, unsigned size, unsigned burst);
void natload_lane_fini(struct lanes *l);

/* Sends what is due, or what the windows leave room for. Packets sent, or -errno. */
long natload_lane_send(struct lanes *l, uint64_t now_ns);

/* One payload has arrived at socket number `at`. */
void natload_lane_take(struct lanes *l, unsigned at, struct bytes payload, uint64_t now_ns);

#endif
