#include "client/answer.h"

#include <stdlib.h>

#include "script.h"

static const uint16_t both[] = {KEY_SHA256, KEY_MD5};

/* Sends a request, gets a 401 of the given kind, and shows the second request in s->request. */
static void
dance(struct script *s, const char *nonce, unsigned algorithms)
{
	turnc_allocate(&s->t);
	script_expect(s, METHOD_ALLOCATE);
	script_challenge(s, 401, nonce, both, algorithms);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	script_expect(s, METHOD_ALLOCATE);
}

/* S-276, RFC 8489: algorithms copied verbatim, the first one taken, SHA-256 integrity alone */
static void
new_server_S_276(void **state)
{
	static const uint8_t list[] = {0, 2, 0, 0, 0, 1, 0, 0};
	struct script *s = *state;

	dance(s, SCRIPT_COOKIE_NONCE, 2);
	assert_true(bytes_equal(parse_value(&s->request, ATTR_PASSWORD_ALGORITHMS),
	                        bytes_view(list, sizeof list)));
	assert_true(bytes_equal(parse_value(&s->request, ATTR_PASSWORD_ALGORITHM), bytes_view(list, 4)));
	assert_true(bytes_equal(parse_value(&s->request, ATTR_USERNAME), bytes_text("user")));
	assert_true(bytes_equal(parse_value(&s->request, ATTR_REALM), bytes_text(SCRIPT_REALM)));
	assert_true(bytes_equal(parse_value(&s->request, ATTR_NONCE), bytes_text(SCRIPT_COOKIE_NONCE)));
	assert_false(parse_has(&s->request, ATTR_USERHASH));
	assert_false(parse_has(&s->request, ATTR_MESSAGE_INTEGRITY));
	struct key key = script_key(s, KEY_SHA256, "pass");
	assert_int_equal(seal_check(&s->request, s->digest, DIGEST_SHA256, key_view(&key), 32), SEAL_OK);
	script_allocated(s, 600);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_GOOD);
}

/* S-276: USERHASH if, and only if, the nonce says so */
static void
anonymous_S_276(void **state)
{
	struct script *s = *state;
	uint8_t hash[32];

	dance(s, SCRIPT_SECRET_NONCE, 2);
	assert_false(parse_has(&s->request, ATTR_USERNAME));
	assert_true(key_userhash(s->digest, bytes_text("user"), bytes_text(SCRIPT_REALM), hash));
	assert_true(bytes_equal(parse_value(&s->request, ATTR_USERHASH), bytes_view(hash, 32)));
	script_allocated(s, 600);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_GOOD);
}

static void
old_server(void **state)
{
	struct script *s = *state;

	dance(s, SCRIPT_PLAIN_NONCE, 0);
	assert_false(parse_has(&s->request, ATTR_PASSWORD_ALGORITHMS));
	assert_false(parse_has(&s->request, ATTR_PASSWORD_ALGORITHM));
	assert_false(parse_has(&s->request, ATTR_MESSAGE_INTEGRITY_SHA256));
	struct key key = script_key(s, KEY_MD5, "pass");
	assert_int_equal(seal_check(&s->request, s->digest, DIGEST_SHA1, key_view(&key), 20), SEAL_OK);
	script_allocated(s, 600);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_GOOD);
}

/* S-276: 401 to the same name, realm and password is the end, even with a fresh nonce */
static void
wrong_password_S_276(void **state)
{
	struct script *s = *state;

	dance(s, SCRIPT_PLAIN_NONCE, 0);
	script_challenge(s, 401, "another-nonce", both, 0);
	script_done(s, TURNC_OP_ALLOCATE, 401);
	assert_int_equal(turnc_deadline(&s->t), MSEC_NEVER);
}

static void
other_realm_is_another_try(void **state)
{
	struct script *s = *state;

	dance(s, SCRIPT_PLAIN_NONCE, 0);
	script_error(s, 401);
	build_bytes(&s->answer, ATTR_REALM, bytes_text("example.net"));
	build_bytes(&s->answer, ATTR_NONCE, bytes_text("another-nonce"));
	script_send(s);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	script_expect(s, METHOD_ALLOCATE);
	assert_true(bytes_equal(parse_value(&s->request, ATTR_REALM), bytes_text("example.net")));
}

static void
no_credentials(void **state)
{
	struct script *s = *state;

	s->want.username = BYTES_NONE;
	turnc_allocate(&s->t);
	script_expect(s, METHOD_ALLOCATE);
	script_challenge(s, 401, SCRIPT_PLAIN_NONCE, both, 0);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_NO_CREDENTIALS);
	assert_int_equal(s->ev.code, 401);
}

static void
stale_nonce_438(void **state)
{
	struct script *s = *state;
	uint8_t old_tid[STUN_TID];

	script_allocate(s);
	turnc_refresh(&s->t);
	script_expect(s, METHOD_REFRESH);
	memcpy(old_tid, s->request.tid, STUN_TID);
	script_challenge(s, 438, "fresh", both, 0);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	script_expect(s, METHOD_REFRESH);
	assert_true(bytes_equal(parse_value(&s->request, ATTR_NONCE), bytes_text("fresh")));
	assert_memory_not_equal(s->request.tid, old_tid, STUN_TID); /* a new transaction */
	script_challenge(s, 438, "fresh", both, 0); /* nothing would change */
	script_done(s, TURNC_OP_REFRESH, 438);
}

static void
endless_438(void **state)
{
	char nonce[] = "nonce-0";
	struct script *s = *state;
	unsigned i = 0;

	script_allocate(s);
	turnc_refresh(&s->t);
	do {
		assert_true(i++ < 10);
		nonce[6]++;
		script_expect(s, METHOD_REFRESH);
		script_challenge(s, 438, nonce, both, 0);
	} while (s->ev.kind == TURNC_NOTHING);
	script_done(s, TURNC_OP_REFRESH, 438);
}

/* S-276: bid-down: announced, but no list; and a list without anything that we know */
static void
no_algorithm_S_276(void **state)
{
	struct script *s = *state;

	turnc_allocate(&s->t);
	script_expect(s, METHOD_ALLOCATE);
	script_challenge(s, 401, SCRIPT_COOKIE_NONCE, both, 0);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_NO_ALGORITHM);
	turnc_allocate(&s->t);
	script_expect(s, METHOD_ALLOCATE);
	script_challenge(s, 401, SCRIPT_COOKIE_NONCE, (const uint16_t[]){77}, 1);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_NO_ALGORITHM);
}

static void
run_out(struct script *s, int outcome)
{
	for (unsigned i = 0; i < 20; i++) {
		s->now.mono = turnc_deadline(&s->t);
		if (turnc_output(&s->t, s->now, s->out, sizeof s->out, &s->ev) == 0)
			break;
	}
	script_done(s, TURNC_OP_ALLOCATE, outcome);
}

/* S-276: what cannot be verified never came; the end is called by its name */
static void
unverifiable_S_276(void **state)
{
	struct script *s = *state;
	struct key wrong = script_key(s, KEY_SHA256, "PASS"), md5 = script_key(s, KEY_MD5, "pass");

	dance(s, SCRIPT_COOKIE_NONCE, 2);
	script_error(s, 400); /* no integrity at all */
	script_send(s);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	script_error(s, 486);
	build_integrity(&s->answer, s->digest, DIGEST_SHA256, key_view(&wrong));
	script_send(s);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	script_error(s, 508); /* SHA-1 where SHA-256 was agreed on */
	build_integrity(&s->answer, s->digest, DIGEST_SHA1, key_view(&md5));
	script_send(s);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	script_error(s, 403);
	build_bytes(&s->answer, ATTR_NONCE, bytes_text(SCRIPT_COOKIE_NONCE)); /* and no list */
	struct key key = script_key(s, KEY_SHA256, "pass");
	build_integrity(&s->answer, s->digest, DIGEST_SHA256, key_view(&key));
	script_send(s);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	run_out(s, TURNC_INTEGRITY);
	assert_int_equal(s->ev.code, 403); /* to say what was thrown away */
	assert_int_equal(addr_family(&s->t.relayed), 0);
}

static void
verifiable_after_forged(void **state)
{
	struct script *s = *state;
	struct key wrong = script_key(s, KEY_SHA256, "PASS");

	dance(s, SCRIPT_COOKIE_NONCE, 2);
	script_error(s, 486);
	build_integrity(&s->answer, s->digest, DIGEST_SHA256, key_view(&wrong));
	script_send(s);
	script_allocated(s, 600);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_GOOD);
}

static void
silence_is_a_timeout(void **state)
{
	struct script *s = *state;

	dance(s, SCRIPT_COOKIE_NONCE, 2);
	run_out(s, TURNC_TIMEOUT);
	assert_int_equal(s->now.mono, 1000 + 39500);
	assert_int_equal(s->ev.sends, 7);
}

/* S-273: unknown comprehension-required attributes, errors without a code */
static void
senseless_S_273(void **state)
{
	struct script *s = *state;
	uint8_t *p;

	turnc_binding(&s->t);
	script_expect(s, METHOD_BINDING);
	script_begin(s, STUN_ERROR);
	script_send(s);
	script_done(s, TURNC_OP_BINDING, TURNC_BROKEN);

	turnc_binding(&s->t);
	script_expect(s, METHOD_BINDING);
	script_begin(s, STUN_SUCCESS);
	build_addr(&s->answer, ATTR_XOR_MAPPED_ADDRESS, &s->server);
	build_u32(&s->answer, ATTR_LIFETIME, 1);
	p = s->answer.pen.at - 8;
	bytes_put16(p, 0x7abc);
	script_send(s);
	script_done(s, TURNC_OP_BINDING, TURNC_BROKEN);

	turnc_binding(&s->t);
	script_expect(s, METHOD_BINDING);
	script_begin(s, STUN_SUCCESS); /* no address at all */
	script_send(s);
	script_done(s, TURNC_OP_BINDING, TURNC_BROKEN);

	turnc_binding(&s->t); /* comprehension-optional ones are skipped */
	script_expect(s, METHOD_BINDING);
	script_begin(s, STUN_SUCCESS);
	build_u32(&s->answer, ATTR_LIFETIME, 1);
	bytes_put16(s->answer.pen.at - 8, 0xfabc);
	build_addr(&s->answer, ATTR_XOR_MAPPED_ADDRESS, &s->server);
	script_send(s);
	script_done(s, TURNC_OP_BINDING, TURNC_GOOD);
}

/* S-275: an RFC 3489 server, with the attributes that have been reserved since */
static void
classic_server_S_275(void **state)
{
	static const uint16_t reserved[] = {0x0002, 0x0004, 0x0005, 0x000b};
	union addr mapped = script_addr("198.51.100.7:4444");
	struct script *s = *state;

	turnc_binding(&s->t);
	script_expect(s, METHOD_BINDING);
	script_begin(s, STUN_SUCCESS);
	build_addr(&s->answer, ATTR_MAPPED_ADDRESS, &mapped);
	for (unsigned i = 0; i < 4; i++) {
		build_addr(&s->answer, ATTR_MAPPED_ADDRESS, &s->server);
		bytes_put16(s->answer.pen.at - 12, reserved[i]);
	}
	script_send(s);
	script_done(s, TURNC_OP_BINDING, TURNC_GOOD);
	assert_true(addr_equal(&s->t.mapped, &mapped));
}

/* S-277: at most four more tries, not at once */
static void
server_errors_S_277(void **state)
{
	struct script *s = *state;

	turnc_binding(&s->t);
	for (unsigned i = 0; i < 5; i++) {
		script_expect(s, METHOD_BINDING);
		script_error(s, 500);
		script_send(s);
		if (i == 4)
			break;
		assert_int_equal(s->ev.kind, TURNC_NOTHING);
		script_silent(s);
		assert_true(turnc_deadline(&s->t) >= s->now.mono + 500);
		s->now.mono = turnc_deadline(&s->t);
	}
	script_done(s, TURNC_OP_BINDING, 500);
}

static void
errors_are_told(void **state)
{
	static const unsigned codes[] = {300, 403, 420, 441, 442, 443, 486, 508, 600, 699};
	struct script *s = *state;

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		turnc_allocate(&s->t);
		script_expect(s, METHOD_ALLOCATE);
		script_error(s, codes[i]);
		if (codes[i] == 300)
			build_addr(&s->answer, ATTR_ALTERNATE_SERVER, &s->server);
		script_send(s);
		script_done(s, TURNC_OP_ALLOCATE, (int)codes[i]);
		assert_int_equal(s->ev.code, codes[i]);
		assert_int_equal(addr_family(&s->ev.peer), codes[i] == 300 ? AF_INET : 0);
	}
}

/* Success without what it must have; an address of another family than was asked for */
static void
half_an_allocation(void **state)
{
	struct script *s = *state;

	turnc_allocate(&s->t);
	script_expect(s, METHOD_ALLOCATE);
	script_begin(s, STUN_SUCCESS);
	build_addr(&s->answer, ATTR_XOR_MAPPED_ADDRESS, &s->server);
	build_u32(&s->answer, ATTR_LIFETIME, 600);
	script_send(s);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_BROKEN);
	assert_int_equal(addr_family(&s->t.relayed), 0);

	s->want.family = AF_INET6;
	turnc_allocate(&s->t);
	script_expect(s, METHOD_ALLOCATE);
	script_challenge(s, 401, SCRIPT_PLAIN_NONCE, both, 0);
	script_expect(s, METHOD_ALLOCATE);
	script_allocated(s, 600);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_BROKEN);
	script_expect(s, METHOD_REFRESH); /* and gives it back */
	script_success(s);
	script_done(s, TURNC_OP_DELETE, TURNC_GOOD);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, script_open, script_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(new_server_S_276),
		TEST(anonymous_S_276),
		TEST(old_server),
		TEST(wrong_password_S_276),
		TEST(other_realm_is_another_try),
		TEST(no_credentials),
		TEST(stale_nonce_438),
		TEST(endless_438),
		TEST(no_algorithm_S_276),
		TEST(unverifiable_S_276),
		TEST(verifiable_after_forged),
		TEST(silence_is_a_timeout),
		TEST(senseless_S_273),
		TEST(classic_server_S_275),
		TEST(server_errors_S_277),
		TEST(errors_are_told),
		TEST(half_an_allocation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
