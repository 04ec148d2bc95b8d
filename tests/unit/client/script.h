/*
 * tests/unit/client/script.h -- tests: a server that answers by hand. The test looks at each
 * request of the client and says what comes back.
 */
#ifndef NATSRV_TESTS_CLIENT_SCRIPT_H
#define NATSRV_TESTS_CLIENT_SCRIPT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "client/turnc.h"
#include "stun/nonce.h"

#define SCRIPT_REALM "example.org"
#define SCRIPT_PLAIN_NONCE "plain-nonce-1"
#define SCRIPT_COOKIE_NONCE "obMatJos2gAABabcdefghijklmnopqrstuvwxyz0" /* password algorithms */
#define SCRIPT_SECRET_NONCE "obMatJos2wAADabcdefghijklmnopqrstuvwxyz0" /* and anonymity */

struct script {
	struct digest *digest;
	struct turnc_env env;
	struct turnc_want want;
	struct turnc t;
	struct instant now;
	union addr server;
	struct turnc_event ev;
	uint8_t out[TURNC_MESSAGE], in[TURNC_MESSAGE];
	size_t out_n;
	struct parse request; /* of `out` */
	struct build answer;  /* into `in` */
	uint8_t random;
};

static inline void
script_random(void *ctx, void *into, size_t n)
{
	struct script *s = ctx;

	memset(into, ++s->random, n);
}

static inline union addr
script_addr(const char *text)
{
	union addr a;

	assert_null(addr_parse(text, 0, &a));
	return a;
}

static inline int
script_open(void **state)
{
	struct script *s = calloc(1, sizeof *s);

	s->digest = digest_new();
	s->env = (struct turnc_env){s->digest, script_random, s};
	s->want = (struct turnc_want){
		.txn = TXN_POLICY_UDP, .username = bytes_text("user"), .password = bytes_text("pass")
	};
	s->now = (struct instant){1000, 1700000000};
	s->server = script_addr("192.0.2.1:3478");
	turnc_init(&s->t, &s->env, &s->want, &s->server);
	*state = s;
	return 0;
}

static inline int
script_close(void **state)
{
	struct script *s = *state;

	turnc_fini(&s->t);
	digest_free(s->digest);
	free(s);
	return 0;
}

/* The machine must send one request of this method now. */
static inline void
script_expect(struct script *s, unsigned method)
{
	s->out_n = turnc_output(&s->t, s->now, s->out, sizeof s->out, &s->ev);
	assert_int_not_equal(s->out_n, 0);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	assert_int_equal(parse_message(&s->request, bytes_view(s->out, s->out_n)), PARSE_OK);
	assert_int_equal(s->request.class, STUN_REQUEST);
	assert_int_equal(s->request.method, method);
}

/* The machine must have nothing to send now; what it says is in s->ev. */
static inline void
script_silent(struct script *s)
{
	assert_int_equal(turnc_output(&s->t, s->now, s->out, sizeof s->out, &s->ev), 0);
}

static inline void
script_begin(struct script *s, enum stun_class class)
{
	build_begin(&s->answer, s->in, sizeof s->in, name_type(s->request.method, class),
	            s->request.tid);
}

static inline void
script_send(struct script *s)
{
	size_t n = build_end(&s->answer);

	assert_int_not_equal(n, 0);
	turnc_input(&s->t, s->now, &s->server, bytes_view(s->in, n), &s->ev);
}

static inline void
script_error(struct script *s, unsigned code)
{
	script_begin(s, STUN_ERROR);
	build_error(&s->answer, code, BYTES_NONE);
}

/* 401 or 438 with a realm, a nonce and, unless n is 0, a list of algorithms. */
static inline void
script_challenge(struct script *s, unsigned code, const char *nonce, const uint16_t *algorithms,
                 unsigned n)
{
	script_error(s, code);
	build_bytes(&s->answer, ATTR_REALM, bytes_text(SCRIPT_REALM));
	build_bytes(&s->answer, ATTR_NONCE, bytes_text(nonce));
	if (n > 0)
		build_algorithms(&s->answer, algorithms, n);
	script_send(s);
}

static inline struct key
script_key(struct script *s, enum key_algorithm a, const char *password)
{
	struct key key;

	assert_true(key_long_term(s->digest, a, bytes_text("user"), bytes_text(SCRIPT_REALM),
	                          bytes_text(password), &key));
	return key;
}

/* Seals the answer as the client's choice demands, and hands it over. */
static inline void
script_signed(struct script *s)
{
	bool sha256 = parse_has(&s->request, ATTR_MESSAGE_INTEGRITY_SHA256);
	uint16_t algorithm = KEY_MD5;

	if (parse_has(&s->request, ATTR_PASSWORD_ALGORITHM))
		algorithm = bytes_u16(parse_value(&s->request, ATTR_PASSWORD_ALGORITHM).p);
	struct key key = script_key(s, (enum key_algorithm)algorithm, "pass");
	build_integrity(&s->answer, s->digest, sha256 ? DIGEST_SHA256 : DIGEST_SHA1, key_view(&key));
	script_send(s);
}

static inline void
script_allocated(struct script *s, uint32_t lifetime)
{
	union addr relayed = script_addr("192.0.2.1:50000"), mapped = script_addr("198.51.100.7:4444");

	script_begin(s, STUN_SUCCESS);
	build_addr(&s->answer, ATTR_XOR_RELAYED_ADDRESS, &relayed);
	build_addr(&s->answer, ATTR_XOR_MAPPED_ADDRESS, &mapped);
	build_u32(&s->answer, ATTR_LIFETIME, lifetime);
	script_signed(s);
}

/* Through the 401 to a standing allocation, the way of RFC 5389. */
static inline void
script_allocate(struct script *s)
{
	turnc_allocate(&s->t);
	script_expect(s, METHOD_ALLOCATE);
	script_challenge(s, 401, SCRIPT_PLAIN_NONCE, NULL, 0);
	script_expect(s, METHOD_ALLOCATE);
	script_allocated(s, 600);
	assert_int_equal(s->ev.kind, TURNC_DONE);
	assert_int_equal(s->ev.outcome, TURNC_GOOD);
}

/* A plain success, signed. */
static inline void
script_success(struct script *s)
{
	script_begin(s, STUN_SUCCESS);
	script_signed(s);
}

static inline void
script_done(struct script *s, enum turnc_op op, int outcome)
{
	assert_int_equal(s->ev.kind, TURNC_DONE);
	assert_int_equal(s->ev.op, op);
	assert_int_equal(s->ev.outcome, outcome);
}

#endif
