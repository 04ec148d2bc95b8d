/*
 * tests/lib/rig.h -- a TURN machine on the fake world, and clients that can sign: what the tests of
 * src/turn and its fuzzer share. Anything that goes wrong inside the rig itself ends the process.
 *
 *	rig_init(r); r->policy....; rig_start(r);
 *	rig_client(r, &c, 7, "alice");
 *	rig_allocate(r, &c, AF_INET) == 0
 *	rig_fini(r)                      everything was given back
 */
#ifndef NATSRV_TESTS_LIB_RIG_H
#define NATSRV_TESTS_LIB_RIG_H

#include "fake_io.h"
#include "stun/build.h"
#include "stun/key.h"
#include "stun/parse.h"
#include "turn/keyring.h"
#include "turn/peers.h"

enum { RIG_WIRE = 66000, RIG_NAME = 64, RIG_SILENT = -1 };

struct rig {
	struct turn_policy policy;
	struct keyring_policy ring;
	struct peers *peers;      /* a new one, which rig_start() hands to the machine */
	struct keyring *keys;     /* alice:pa, bob:pb when it is still NULL at rig_start() */
	struct digest *digest;
	struct turn *turn;
	struct instant now;
	bool careless;            /* do not check the machine after every step */

	struct turn_out out;      /* of the last packet */
	struct parse answer;      /* when the last packet was answered */
	struct build b;           /* the request under construction */
	uint8_t room[TURN_ROOM], reply[TURN_REPLY], wire[RIG_WIRE];
	struct fake_io io;
};

struct rig_client {
	struct flow flow;
	char user[RIG_NAME];
	struct key key;
	enum key_algorithm algorithm;
	bool legacy;              /* MESSAGE-INTEGRITY, and no word of algorithms */
	uint8_t nonce[256];
	size_t nonce_n;
	uint32_t requests;        /* transaction ids count them */
	union addr relayed;       /* of the last Allocate */
};

void rig_init(struct rig *r);
void rig_start(struct rig *r);

/* Ends the machine. False when a relay or a unit of the quota was not given back. */
bool rig_fini(struct rig *r);

/*
 * The n-th client, 198.51.(n >> 14).100 and a port from 1024 + n on; "alice" and "bob" know their
 * passwords, everybody else uses "unknown". `user` NULL: no credentials.
 */
void rig_client(struct rig *r, struct rig_client *c, unsigned n, const char *user);
void rig_password(struct rig *r, struct rig_client *c, const char *user, const char *password);

union addr rig_addr(const char *text);

/* A packet as it stands; nothing of it is copied. */
enum turn_verdict rig_packet(struct rig *r, const struct flow *flow, struct bytes data);

/* rig_begin(), attributes into r->b, then rig_send() as it is or rig_ask() with credentials. */
void rig_begin(struct rig *r, struct rig_client *c, unsigned method);
void rig_sign(struct rig *r, const struct rig_client *c);

/* 0 success, the code of an error, or RIG_SILENT. Nonces of 401 and 438 are remembered. */
int rig_send(struct rig *r, struct rig_client *c);

/* Gets a nonce first when there is none, and once more when it was stale. */
int rig_ask(struct rig *r, struct rig_client *c);

int rig_allocate(struct rig *r, struct rig_client *c, int family);
int rig_refresh(struct rig *r, struct rig_client *c, uint32_t lifetime);
int rig_permit(struct rig *r, struct rig_client *c, const union addr *peers, unsigned n);
int rig_bind(struct rig *r, struct rig_client *c, unsigned number, const union addr *peer);

/* Data. `payload` is at most RIG_WIRE - 64 bytes. */
enum turn_verdict rig_channel_data(struct rig *r, const struct rig_client *c, unsigned number,
                                   struct bytes payload);
enum turn_verdict rig_send_data(struct rig *r, struct rig_client *c, const union addr *peer,
                                struct bytes payload);
enum turn_verdict rig_peer_data(struct rig *r, const union addr *relayed, const union addr *peer,
                                struct bytes payload);

/* Time passes; what is over ends. Returns what turn_tick() said. */
msec rig_wait(struct rig *r, uint32_t seconds);

uint64_t rig_count(const struct rig *r, enum turn_counter c);

#endif
