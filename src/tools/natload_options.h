/*
 * tools/natload_options.h -- start-up: what natload was asked to do, from its command line.
 */
#ifndef NATSRV_TOOLS_NATLOAD_OPTIONS_H
#define NATSRV_TOOLS_NATLOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum natload_mode { NATLOAD_BINDING, NATLOAD_ALLOCATE, NATLOAD_HOLD, NATLOAD_RELAY };
enum natload_direction { NATLOAD_UP, NATLOAD_DOWN, NATLOAD_BOTH, NATLOAD_CALL };

struct natload_options {
	enum natload_mode mode;
	const char *target;        /* URI, host or host:port */
	bool ipv4, ipv6;           /* at most one */
	bool own;                  /* --i-own-this-server */
	const char *user, *password_file, *secret_file;
	unsigned pid;              /* 0 = measure no process */
	bool json;
	unsigned number;           /* sockets, at once, held, flows; 0 = the mode's default */
	unsigned rate;             /* per second; 0 = closed loop */
	uint64_t seconds, warmup;  /* milliseconds */
	unsigned window;           /* closed loop: outstanding; 0 = the mode's default */
	unsigned size, burst;      /* relay: payload bytes, packets in a burst */
	int direction;             /* enum natload_direction */
	bool indications, plain;   /* --send-indications, --no-gso */
	bool leave;                /* hold: do not release */
	const char *peer_address;
};

/*
 * 0, or the exit status to end with when `into` does not hold a job: 0 after --help (then
 * `*ended` is true), 64 after a complaint on stderr.
 */
int natload_options_read(int argc, char **argv, struct natload_options *into, bool *ended);

const char *natload_options_mode(enum natload_mode mode);
const char *natload_options_direction(enum natload_direction direction);

#endif
