/*
 * tools/natping_state.h -- natping, one thread: what its parts share: wishes, steps, two clients,
 * and what was measured.
 */
#ifndef NATSRV_TOOLS_NATPING_STATE_H
#define NATSRV_TOOLS_NATPING_STATE_H

#include "common/entropy.h"
#include "client/credential.h"
#include "client/turnc.h"
#include "client/uri.h"
#include "tools/toolfile.h"
#include "tools/toolsock.h"

enum {
	NATPING_STEPS = 40,
	NATPING_WORDS = 480,
	NATPING_PACKET = 65536,
	NATPING_STAMP = 28,     /* the smallest payload that can be told apart and verified */
	NATPING_SIZE_MAX = 60000,
	NATPING_WINDOW = 32,    /* --proof: datagrams on their way, each direction */
};

struct natping_wish { /* the command line */
	const char *secret_file, *user, *password_file;
	unsigned count, datagrams;
	uint64_t size, interval, timeout, ttl; /* size 0: the default of the mode */
	bool ipv4, ipv6, json, nagios, report, proof, mint;
};

enum natping_level { /* from best to worst */
	NATPING_OK, NATPING_INFO, NATPING_WARNING, NATPING_UNTESTED, NATPING_FAILED,
	NATPING_CRITICAL, NATPING_LEVELS
};

struct natping_step {
	const char *name; /* static */
	enum natping_level level;
	char words[NATPING_WORDS];
};

struct natping_client {
	int fd; /* -1: closed; connected to the server */
	int wrong; /* what the socket complained about last, -errno */
	struct turnc turn;
};

struct natping_echo {
	unsigned sent, received;
	double *rtt_ms; /* owned; by number, 0 = not arrived; sorted at the end */
	double p50, p99, min, max, jitter;
};

struct natping_way { /* --proof: one direction */
	unsigned sent, received, corrupt, duplicate;
	uint64_t bytes;
};

struct natping {
	struct natping_wish wish;
	bool quiet;  /* nothing is printed before the end */
	bool colour;
	struct uri uri;
	struct toolsock_list found;
	union addr server;
	/* credentials */
	bool known;      /* there are some */
	bool minted;     /* made here from a secret */
	int64_t expiry;  /* Unix time, 0 = none known */
	char username[CREDENTIAL_NAME];
	struct toolfile_secret password;
	/* the machines' surroundings */
	struct digest *digest;
	struct entropy entropy;
	struct turnc_env env;
	struct turnc_want stranger, want; /* without and with credentials */
	struct natping_client a, b;
	uint64_t tag[2]; /* key of the stamps */
	/* results */
	unsigned steps;
	struct natping_step step[NATPING_STEPS];
	union addr mapped, relayed[2];
	uint32_t lifetime;
	bool sha256;
	struct natping_echo echo;
	struct natping_way way[2];
	double seconds; /* that --proof's datagrams took */
	uint8_t packet[NATPING_PACKET], out[NATPING_PACKET];
};

#endif
