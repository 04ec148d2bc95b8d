/*
 * tools/natload_crowd.h -- own thread: many TURN clients (client/turnc.h), each with a socket,
 * driven by one epoll loop.
 *
 * A *member* is a client that has been asked for something; it is *finished* when all of that has
 * ended, well or not, and *failed* when a part of it has not ended well.
 */
#ifndef NATSRV_TOOLS_NATLOAD_CROWD_H
#define NATSRV_TOOLS_NATLOAD_CROWD_H

#include "tools/natload_job.h"
#include "tools/natload_report.h"

struct member {
	struct turnc t;
	int fd;           /* -1 = none */
	uint8_t pending;  /* bits: 1 << enum turnc_op, asked for and not ended */
	bool releasing;   /* the last thing asked for was to delete the allocation */
	bool failed;      /* something asked for since member_open has not ended well */
	uint64_t at_ns;   /* the owner's: when this began, or was meant to */
};

struct crowd {
	struct job *job;
	struct report *report; /* outcomes are counted here */
	struct member *v;
	unsigned n;
	int epoll;
	uint32_t source;       /* which of our addresses and ports comes next */
	uint64_t scan_at;      /* when deadlines are looked through */
	/* What the owner does when a member has finished; called from natload_crowd_turn(). */
	void (*finished)(struct crowd *c, struct member *m);
	void *ctx;
};

/* `n` members without sockets. 0 or -errno; natload_crowd_fini() is right after either. */
int natload_crowd_init(struct crowd *c, struct job *j, struct report *r, unsigned n);
void natload_crowd_fini(struct crowd *c);

/*
 * A fresh client on a fresh socket (one whose reception joins packets, when `bulk`), in place of
 * the one before. Addresses and ports go in turn, so that none is used again while the server may
 * still remember the allocation it had before. 0 or -errno.
 */
int natload_crowd_open(struct crowd *c, struct member *m, bool bulk);
void natload_crowd_close(struct member *m);

/* Asking: see turnc.h. The first request leaves with natload_crowd_pump(). */
void natload_crowd_allocate(struct member *m);
void natload_crowd_channel(struct member *m, const union addr *peer);
void natload_crowd_permit(struct member *m, const union addr *peer);
void natload_crowd_delete(struct member *m);

/* Sends what the member's machine has to send. */
void natload_crowd_pump(struct crowd *c, struct member *m);

/* Hands the machine one packet of the server's that is not relayed data. */
void natload_crowd_take(struct crowd *c, struct member *m, struct bytes packet);

/* Repetitions and refreshes that are due; looks at all members, but only every 10 ms. */
void natload_crowd_scan(struct crowd *c);

/* Waits up to `timeout` ms for packets to the members' sockets. Packets taken, or -errno. */
int natload_crowd_turn(struct crowd *c, int timeout);

/*
 * Asks every member (a few at a time) by `ask`, which may open it first, and waits until all have
 * finished. How many failed, or -errno. `finished` is overwritten. A member whose `ask` asked
 * nothing is finished at once.
 */
long natload_crowd_all(struct crowd *c, int (*ask)(struct crowd *c, struct member *m));

#endif
