/*
 * tools/natload_wire.h -- own thread: UDP sockets in bulk. Runs of equal packets leave by one
 * system call, as one super-packet where the kernel cuts it itself (UDP_SEGMENT), and arrive as
 * the kernel joined them (UDP_GRO). It is what makes the generator faster than what it measures.
 */
#ifndef NATSRV_TOOLS_NATLOAD_WIRE_H
#define NATSRV_TOOLS_NATLOAD_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/addr.h"

enum {
	NATLOAD_WIRE_SEND = 64,       /* packets or bursts per system call */
	NATLOAD_WIRE_RECEIVE = 32,    /* datagrams or super-packets per system call */
	NATLOAD_WIRE_SEGMENTS = 64,   /* packets per burst: the least that any kernel allows */
	NATLOAD_WIRE_DATAGRAM = 65507,
};

/*
 * A non-blocking socket, bound to `local` (port 0: any) and, unless `to` is NULL, connected.
 * Its receive buffer is made as large as the system lets it. A descriptor, or -errno.
 */
int natload_wire_open(const union addr *local, const union addr *to);

/* 0 or -errno. */
int natload_wire_connect(int fd, const union addr *to);
int natload_wire_local(int fd, union addr *into);

/* Packets of one size, one after the other in memory. */
struct wire_run {
	const uint8_t *p;
	size_t size;      /* of each packet */
	unsigned packets;
	unsigned burst;   /* packets that belong together; 1 = all are single */
};

/*
 * Sends by a connected socket and returns the number of packets that left; fewer than asked when
 * the socket would block. -errno on a real error. *gso is cleared when the path refuses
 * super-packets; the same packets then leave one by one.
 */
long natload_wire_send(int fd, const struct wire_run *run, bool *gso);

struct wire_in; /* buffers for reception; one for all sockets */

struct wire_got { /* n bytes, packets of `size` bytes each; the last may be shorter */
	const uint8_t *p;
	size_t n, size;
};

struct wire_in *natload_wire_new(void); /* NULL when memory is short */
void natload_wire_free(struct wire_in *in);

/*
 * Takes what has arrived, at most NATLOAD_WIRE_RECEIVE runs; `got` views the buffers until the
 * next call. The number of runs, 0 when there is none (ICMP errors of earlier sends are passed
 * over), -errno otherwise.
 */
int natload_wire_receive(struct wire_in *in, int fd, const struct wire_got **got);

#endif
