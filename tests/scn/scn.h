/*
 * tests/scn/scn.h -- scenarios: what README.md describes, in a few small files.
 *
 *	run_scn.c  files, lines, TAP         words.c   one line into words
 *	stage.c    machine, actors, time     policy.c  what the operator and the world decide
 *	request.c  from words to a packet    expect.c  what came, compared with words
 *	answer.c   expected answers          always.c  what holds for every answer
 */
#ifndef NATSRV_TESTS_SCN_SCN_H
#define NATSRV_TESTS_SCN_SCN_H

#include "../lib/fake_io.h"
#include "stun/build.h"
#include "stun/key.h"
#include "stun/parse.h"
#include "turn/keyring.h"
#include "turn/peers.h"
#include "turn/turn.h"

enum {
	WORDS_MAX = 256,
	PACKET_MAX = 70000,
	TEXT_MAX = 1024,
	ACTORS = 26, /* A..O are clients, P..Z are peers */
	USERS_MAX = 8,
};

/* "name=value", or a bare "name" (value NULL), or a "quoted text" (name NULL). */
struct word {
	const char *name, *value;
	size_t value_n;       /* a quoted value may hold any byte */
};

struct words {
	unsigned n;
	struct word w[WORDS_MAX];
	char text[2 * PACKET_MAX];
};

/* NULL or a complaint. */
const char *words_split(struct words *into, const char *line);
const struct word *words_find(const struct words *ws, const char *name);
const char *words_value(const struct words *ws, const char *name, const char *otherwise);
bool words_is(const struct word *w, const char *name);

struct buffer {
	size_t n;
	uint8_t p[PACKET_MAX];
};

struct client {
	struct flow flow;
	/* what the last 401 or 438 said */
	char realm[TEXT_MAX], nonce[TEXT_MAX];
	uint8_t algorithms[64];
	size_t algorithms_n;
	/* what was sent last */
	struct buffer sent;
	uint8_t tid[STUN_TID];
	struct key key;            /* n = 0: nothing was signed */
	bool fingerprint;
	union addr relayed;        /* from the last Allocate success */
};

struct stage {
	/* where we are in the text */
	const char *file;
	unsigned line;
	char why[8192];            /* the failure, or empty */

	struct turn_policy policy;
	struct keyring_policy ring_policy;
	struct peers *peers;
	struct keyring *keys;
	struct digest *digest;
	char realm[TEXT_MAX], software[TEXT_MAX];
	char users[USERS_MAX][2][TEXT_MAX], secrets[USERS_MAX][TEXT_MAX];
	unsigned users_n, secrets_n;

	struct turn *turn;
	struct fake_io io;
	struct instant now;
	int64_t unix_base;         /* Unix seconds when `mono` was 0 */
	bool scratch;              /* headers into scratch memory, or into the headroom */

	struct client clients[ACTORS];
	union addr peers_at[ACTORS], spoke; /* the second: who sent to a relay last */
	uint64_t counters[TURN_COUNTERS]; /* at the last look */

	/* what came out of the last packet */
	struct turn_out out;
	struct buffer got;
	bool fresh;                /* nobody looked at it yet */
};

/* Remember why the scenario failed; false, for `return fail(...)`. The first reason stays. */
bool stage_fail(struct stage *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

void stage_init(struct stage *s, bool scratch);
void stage_fini(struct stage *s);
void stage_stop(struct stage *s);  /* ends the machine, and says what it did not give back */
bool stage_start(struct stage *s); /* makes the machine unless it is there */
bool stage_time(struct stage *s, const char *step, bool tick);

/* "P", "A.relay", "P:1234", "1.2.3.4:5" */
bool stage_addr(struct stage *s, const char *text, union addr *into);
bool stage_from_client(struct stage *s, struct client *c, const uint8_t *p, size_t n);
bool stage_from_peer(struct stage *s, const union addr *peer, const union addr *relayed,
                     struct bytes data);

void policy_default(struct stage *s);
bool policy_line(struct stage *s, const struct words *ws);
bool policy_world(struct stage *s, const struct words *ws);

bool request_send(struct stage *s, struct client *c, const struct words *ws);

bool always_check(struct stage *s, const struct client *c, const struct parse *m);
bool answer_number(struct stage *s, const char *name, unsigned long got, const char *wanted);
bool answer_expect(struct stage *s, struct client *c, const struct words *ws);
bool expect_client(struct stage *s, struct client *c, const struct words *ws);
bool expect_peer(struct stage *s, unsigned peer, const struct words *ws);
bool expect_counter(struct stage *s, const struct words *ws);
bool expect_event(struct stage *s, const struct words *ws);
bool expect_allocation(struct stage *s, struct client *c, const struct words *ws);
void expect_dump(struct stage *s, char *into, size_t room);

/* "0x..": hex; "text": itself. False when the hex is broken. */
bool words_bytes(const struct word *w, struct buffer *into);

#endif
