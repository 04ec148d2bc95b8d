/*
 * tests/lib/fake_io.h -- a world for the TURN machine that has no socket: relays are numbers, the
 * quota is a table, randomness is a seed. Counts everything, so that a leak shows.
 */
#ifndef NATSRV_TESTS_LIB_FAKE_IO_H
#define NATSRV_TESTS_LIB_FAKE_IO_H

#include "common/list.h"
#include "turn/turn.h"

enum { FAKE_USERS = 64, FAKE_EVENTS = 64, FAKE_TEXT = 1024 };

struct fake_relay {
	struct relay relay; /* first: what the machine sees */
	struct list link;
	bool open;
};

struct fake_event {
	enum turn_event_kind kind;
	enum turn_reason reason;
	bool has_alloc;
	char user[FAKE_TEXT], rule[FAKE_TEXT];
};

struct fake_io {
	struct turn_io io;
	union addr ip[2];          /* relay addresses: IPv4, IPv6 */
	uint16_t port_lo, port_hi;
	unsigned user_max, total_max; /* quota; 0 = none */

	struct list relays;        /* closed ones stay, so that late packets can name them */
	unsigned open, total;      /* relays open, quota units taken */
	struct {
		char name[FAKE_TEXT];
		unsigned used;
	} users[FAKE_USERS];
	uint16_t next_port;
	bool port_used[65536];
	bool keep_closed;
	uint64_t seed;
	uint64_t randoms;          /* calls of random() */

	struct fake_event events[FAKE_EVENTS]; /* the oldest first; more are only counted */
	unsigned events_n;
	uint64_t counted[TURN_EVENTS];
};

void fake_io_init(struct fake_io *f, uint64_t seed);
void fake_io_fini(struct fake_io *f);

/* The open relay at this address, else a closed one that was there; NULL. */
struct fake_relay *fake_io_relay(struct fake_io *f, const union addr *relayed);

uint64_t fake_io_random(struct fake_io *f);

/* How many units a user holds. */
unsigned fake_io_used(const struct fake_io *f, const char *user);

#endif
