/* turn/auth.c: the long-term mechanism, step by step (conformance-stun 2.1, L1 to L6). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "../../lib/rig.h"
#include "stun/nonce.h"

static struct rig r;
static struct rig_client c;

static int
setup(void **state)
{
	(void)state;
	rig_init(&r);
	rig_client(&r, &c, 1, "alice");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return rig_fini(&r) ? 0 : -1;
}

/* A Refresh: it needs credentials and, when they are good, answers 437 for want of an allocation. */
static void
begin(void)
{
	rig_begin(&r, &c, METHOD_REFRESH);
}

enum { USERNAME = 1, REALM = 2, NONCE = 4, LIST = 8, CHOICE = 16, ALL = 31 };

static void
put(unsigned which)
{
	if ((which & USERNAME) != 0)
		build_bytes(&r.b, ATTR_USERNAME, bytes_text(c.user));
	if ((which & REALM) != 0)
		build_bytes(&r.b, ATTR_REALM, r.policy.realm);
	if ((which & NONCE) != 0)
		build_bytes(&r.b, ATTR_NONCE, bytes_view(c.nonce, c.nonce_n));
	if ((which & LIST) != 0)
		build_algorithms(&r.b, r.policy.algorithms, r.policy.algorithms_n);
	if ((which & CHOICE) != 0)
		build_algorithm(&r.b, (uint16_t)c.algorithm);
}

static int
sealed(enum digest_kind kind)
{
	build_integrity(&r.b, r.digest, kind, key_view(&c.key));
	return rig_send(&r, &c);
}

static int
with(unsigned which, enum digest_kind kind)
{
	begin();
	put(which);
	return sealed(kind);
}

static void
nonce(void)
{
	begin();
	assert_int_equal(rig_send(&r, &c), 401); /* L1 */
	assert_int_equal(c.nonce_n, NONCE_SIZE);
}

static void
reason_is(enum turn_reason reason)
{
	assert_true(r.io.events_n > 0);
	assert_int_equal(r.io.events[r.io.events_n - 1].kind, TURN_EVENT_AUTH_FAILED);
	assert_int_equal(r.io.events[r.io.events_n - 1].reason, reason);
	r.io.events_n = 0;
}

/* L1, L2, and the four ways to be right */
static void
steps(void **state)
{
	(void)state;
	rig_start(&r);
	nonce();
	assert_int_equal(r.io.events_n, 0); /* everybody begins so */
	assert_int_equal(with(ALL, DIGEST_SHA256), 437);
	assert_true(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY_SHA256)); /* T-044 */
	assert_int_equal(with(ALL, DIGEST_SHA1), 437); /* key and seal are independent */
	assert_int_equal(with(ALL & ~USERNAME, DIGEST_SHA256), 400);
	assert_int_equal(with(ALL & ~REALM, DIGEST_SHA256), 400); /* S-139 */
	assert_int_equal(with(ALL & ~NONCE, DIGEST_SHA256), 400);
	assert_int_equal(with(ALL & ~LIST, DIGEST_SHA256), 400);
	assert_int_equal(with(ALL & ~CHOICE, DIGEST_SHA256), 400);
	assert_int_equal(r.io.events_n, 0);

	rig_client(&r, &c, 1, NULL);
	c.legacy = true;
	rig_password(&r, &c, "alice", "pa");
	nonce();
	assert_int_equal(with(ALL & ~LIST & ~CHOICE, DIGEST_SHA1), 437); /* S-129 */
	assert_true(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY));
	assert_false(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY_SHA256));
	c.algorithm = KEY_MD5;
	assert_int_equal(with(ALL, DIGEST_SHA256), 437); /* S-131 */
	assert_int_equal(with(ALL & ~LIST & ~CHOICE, DIGEST_SHA256), 437);
	assert_int_equal(rig_count(&r, TURN_ERRORS_437), 5);
}

/* S-132, S-133, S-134, security E10: 401 for everybody, the same bytes but nonce and id. */
static void
no_oracle(void **state)
{
	uint8_t first[TURN_REPLY];
	size_t n;

	(void)state;
	rig_start(&r);
	rig_password(&r, &c, "alice", "wrong");
	nonce();
	assert_int_equal(with(ALL, DIGEST_SHA256), 401);
	reason_is(TURN_REASON_BAD_INTEGRITY);
	n = r.out.data.n;
	memcpy(first, r.out.data.p, n);
	rig_password(&r, &c, "carol", "pa");
	c.requests--;
	assert_int_equal(with(ALL, DIGEST_SHA256), 401);
	reason_is(TURN_REASON_UNKNOWN_USER);
	assert_int_equal(r.out.data.n, n);
	assert_memory_equal(r.out.data.p, first, n);
	assert_true(parse_has(&r.answer, ATTR_PASSWORD_ALGORITHMS)); /* */
	assert_false(parse_has(&r.answer, ATTR_USERNAME));
	assert_false(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY_SHA256));
	assert_false(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY));
}

/* L3, E7: the list is ours, or 400; a stripped cookie ends as a foreign nonce. */
static void
bid_down(void **state)
{
	const uint16_t changed[] = {KEY_MD5, KEY_SHA256}, shorter[] = {KEY_MD5};

	(void)state;
	rig_start(&r);
	nonce();
	begin();
	put(USERNAME | REALM | NONCE);
	build_algorithms(&r.b, changed, 2);
	build_algorithm(&r.b, KEY_SHA256);
	assert_int_equal(sealed(DIGEST_SHA256), 400);
	begin();
	put(USERNAME | REALM | NONCE);
	build_algorithms(&r.b, shorter, 1);
	build_algorithm(&r.b, KEY_MD5);
	assert_int_equal(sealed(DIGEST_SHA256), 400);
	begin(); /* S-138: also for nobody */
	build_bytes(&r.b, ATTR_USERNAME, bytes_text("nobody"));
	put(REALM | NONCE);
	build_algorithms(&r.b, changed, 2);
	build_algorithm(&r.b, KEY_SHA256);
	assert_int_equal(sealed(DIGEST_SHA256), 400);
	begin();
	put(ALL & ~CHOICE);
	build_algorithm(&r.b, 3);
	assert_int_equal(sealed(DIGEST_SHA256), 400);
	begin();
	put(ALL & ~CHOICE);
	build_bytes(&r.b, ATTR_PASSWORD_ALGORITHM, bytes_view("\0\2\0\4abcd", 8));
	assert_int_equal(sealed(DIGEST_SHA256), 400);

	c.legacy = true;
	rig_password(&r, &c, "alice", "pa");
	memcpy(c.nonce + 9, "AAAA", 4);
	assert_int_equal(with(ALL & ~LIST & ~CHOICE, DIGEST_SHA1), 438);
	reason_is(TURN_REASON_STALE_NONCE);
}

/* without MD5 on the list legacy mode ends at 401. */
static void
md5_off(void **state)
{
	(void)state;
	r.policy.algorithms_n = 1;
	c.legacy = true;
	rig_start(&r);
	nonce();
	rig_password(&r, &c, "alice", "pa");
	assert_int_equal(with(ALL & ~LIST & ~CHOICE, DIGEST_SHA1), 401);
	c.legacy = false;
	rig_password(&r, &c, "alice", "pa");
	assert_int_equal(with(ALL, DIGEST_SHA256), 437);
}

/* no list was offered. */
static void
no_algorithms(void **state)
{
	(void)state;
	r.policy.algorithms_n = 0;
	c.legacy = true;
	rig_password(&r, &c, "alice", "pa");
	rig_start(&r);
	nonce();
	assert_false(parse_has(&r.answer, ATTR_PASSWORD_ALGORITHMS));
	assert_int_equal(with(USERNAME | REALM | NONCE, DIGEST_SHA1), 437);
	c.algorithm = KEY_SHA256;
	assert_int_equal(with(USERNAME | REALM | NONCE | CHOICE, DIGEST_SHA256), 400);
	c.algorithm = KEY_MD5;
	assert_int_equal(with(USERNAME | REALM | NONCE | CHOICE, DIGEST_SHA256), 437);
}

/* L6 comes last: S-135, S-136, S-137. */
static void
stale(void **state)
{
	struct rig_client other;

	(void)state;
	r.policy.nonce_lifetime = 60;
	rig_start(&r);
	nonce();
	r.now.unix_s += 60;
	assert_int_equal(with(ALL, DIGEST_SHA256), 437);
	r.now.unix_s += 1;
	rig_password(&r, &c, "alice", "wrong");
	assert_int_equal(with(ALL, DIGEST_SHA256), 401);
	r.now.unix_s += 61;
	rig_password(&r, &c, "carol", "pa");
	assert_int_equal(with(ALL, DIGEST_SHA256), 401);
	r.now.unix_s += 61;
	rig_password(&r, &c, "alice", "pa");
	r.io.events_n = 0;
	assert_int_equal(with(ALL, DIGEST_SHA256), 438);
	reason_is(TURN_REASON_STALE_NONCE);
	assert_false(parse_has(&r.answer, ATTR_USERNAME));
	assert_int_equal(with(ALL, DIGEST_SHA256), 437);

	rig_client(&r, &other, 2, "alice"); /* E6: the nonce of another address */
	memcpy(other.nonce, c.nonce, c.nonce_n);
	other.nonce_n = c.nonce_n;
	c = other;
	assert_int_equal(with(ALL, DIGEST_SHA256), 438);
}

static void
seal_lengths(void **state)
{
	uint8_t mac[36] = {0};

	(void)state;
	rig_start(&r);
	nonce();
	for (size_t n = 0; n <= sizeof mac; n++) {
		bool legal = n >= 16 && n <= 32 && n % 4 == 0;

		begin();
		put(ALL);
		build_bytes(&r.b, ATTR_MESSAGE_INTEGRITY_SHA256, bytes_view(mac, n));
		assert_int_equal(rig_send(&r, &c), legal ? 401 : 400);
	}
	for (size_t n = 18; n <= 22; n++) {
		begin();
		put(ALL);
		build_bytes(&r.b, ATTR_MESSAGE_INTEGRITY, bytes_view(mac, n));
		assert_int_equal(rig_send(&r, &c), n == 20 ? 401 : 400);
	}
	/* truncation is not negotiated here: the leftmost half of the right seal is wrong */
	begin();
	put(ALL);
	build_integrity(&r.b, r.digest, DIGEST_SHA256, key_view(&c.key));
	r.b.pen.at -= 16;
	bytes_put16(r.b.pen.at - 18, 16);
	bytes_put16(r.wire + 2, (unsigned)(pen_used(&r.b.pen) - STUN_HEADER));
	assert_int_equal(rig_send(&r, &c), 401);
}

/* S-140: of two seals the stronger one counts. */
static void
both_seals(void **state)
{
	uint8_t wrong[32] = {1};

	(void)state;
	rig_start(&r);
	nonce();
	begin();
	put(ALL);
	build_integrity(&r.b, r.digest, DIGEST_SHA1, key_view(&c.key));
	build_integrity(&r.b, r.digest, DIGEST_SHA256, key_view(&c.key));
	assert_int_equal(rig_send(&r, &c), 437);
	begin();
	put(ALL);
	build_bytes(&r.b, ATTR_MESSAGE_INTEGRITY, bytes_view(wrong, 20));
	build_integrity(&r.b, r.digest, DIGEST_SHA256, key_view(&c.key));
	assert_int_equal(rig_send(&r, &c), 437);
	begin();
	put(ALL);
	build_integrity(&r.b, r.digest, DIGEST_SHA1, key_view(&c.key));
	build_bytes(&r.b, ATTR_MESSAGE_INTEGRITY_SHA256, bytes_view(wrong, 32));
	assert_int_equal(rig_send(&r, &c), 401);
}

/* S-141 */
static void
realms(void **state)
{
	(void)state;
	rig_start(&r);
	nonce();
	begin();
	put(ALL & ~REALM);
	build_bytes(&r.b, ATTR_REALM, bytes_text("example.com"));
	assert_int_equal(sealed(DIGEST_SHA256), 401);
	begin();
	put(ALL & ~REALM);
	build_bytes(&r.b, ATTR_REALM, bytes_text("\"example.org\"")); /* */
	assert_int_equal(sealed(DIGEST_SHA256), 437);
}

static int
hashed(const char *name, const char *also)
{
	uint8_t hash[32];

	assert_true(key_userhash(r.digest, bytes_text(name), r.policy.realm, hash));
	begin();
	build_bytes(&r.b, ATTR_USERHASH, bytes_view(hash, 32));
	if (also != NULL)
		build_bytes(&r.b, ATTR_USERNAME, bytes_text(also));
	put(ALL & ~USERNAME);
	return sealed(DIGEST_SHA256);
}

/* S-160 to S-168 */
static void
userhash(void **state)
{
	(void)state;
	rig_start(&r);
	nonce();
	assert_true(nonce_features(bytes_view(c.nonce, c.nonce_n)) & NONCE_USERNAME_ANONYMITY);
	assert_int_equal(hashed("alice", NULL), 437);
	assert_int_equal(hashed("alice", "alice"), 437);
	assert_int_equal(hashed("alice", "bob"), 400);
	assert_int_equal(hashed("bob", NULL), 401); /* with the key of alice */
	assert_int_equal(hashed("carol", NULL), 401);
	begin();
	build_bytes(&r.b, ATTR_USERHASH, bytes_view("short", 5));
	put(ALL & ~USERNAME);
	assert_int_equal(sealed(DIGEST_SHA256), 400);
	begin();
	build_bytes(&r.b, ATTR_USERNAME, BYTES_NONE);
	put(ALL & ~USERNAME);
	assert_int_equal(sealed(DIGEST_SHA256), 400);

	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_int_equal(hashed("alice", NULL), 0); /* by the allocation */
	rig_password(&r, &c, "bob", "pb");
	assert_int_equal(hashed("bob", NULL), 441);
}

static void
rest_client(int64_t expiry, const char *secret)
{
	char name[64], password[KEY_REST_PASSWORD];

	snprintf(name, sizeof name, "%lld:dora", (long long)expiry);
	assert_true(key_rest_password(r.digest, bytes_text(secret), bytes_text(name), password));
	rig_password(&r, &c, name, password);
}

static void
start_rest(void)
{
	r.keys = keyring_new(&r.ring);
	assert_non_null(r.keys);
	assert_null(keyring_add_secret(r.keys, bytes_text("first")));
	assert_null(keyring_add_secret(r.keys, bytes_text("second")));
	assert_null(keyring_add_password(r.keys, r.digest, bytes_text("alice"), bytes_text("pa")));
	rig_start(&r);
}

/* T-371 to T-378 */
static void
rest(void **state)
{
	(void)state;
	start_rest();
	nonce();
	assert_false(nonce_features(bytes_view(c.nonce, c.nonce_n)) & NONCE_USERNAME_ANONYMITY);
	assert_int_equal(hashed("alice", NULL), 401); /* S-166 */
	rest_client(r.now.unix_s + 100, "first");
	assert_int_equal(with(ALL, DIGEST_SHA256), 437);
	rest_client(r.now.unix_s + 100, "second");
	assert_int_equal(with(ALL, DIGEST_SHA256), 437);
	rest_client(r.now.unix_s + 100, "third");
	assert_int_equal(with(ALL, DIGEST_SHA256), 401);
	rest_client(r.now.unix_s, "first");
	r.io.events_n = 0;
	assert_int_equal(with(ALL, DIGEST_SHA256), 401);
	reason_is(TURN_REASON_CREDENTIAL_EXPIRED);
	rest_client(r.now.unix_s, "third"); /* over and forged */
	assert_int_equal(with(ALL, DIGEST_SHA256), 401);
	reason_is(TURN_REASON_BAD_INTEGRITY);
	rest_client(r.now.unix_s + 100, "first");
	memcpy(c.user, "1900", 4); /* T-378 */
	assert_int_equal(with(ALL, DIGEST_SHA256), 401);
}

/* T-374, T-375, T-262 */
static void
rest_allocation(void **state)
{
	struct rig_client first;

	(void)state;
	start_rest();
	rest_client(r.now.unix_s + 100, "second");
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_int_equal(fake_io_used(&r.io, "dora"), 1);
	rig_wait(&r, 200);
	assert_int_equal(rig_refresh(&r, &c, 600), 0); /* over, but the allocation knows it */
	first = c;
	rest_client(r.now.unix_s + 100, "first");
	assert_int_equal(rig_refresh(&r, &c, 600), 441);
	rig_client(&r, &c, 2, NULL);
	rest_client(r.now.unix_s + 100, "first");
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_int_equal(fake_io_used(&r.io, "dora"), 2);
	r.policy.strict_expiry = true;
	assert_int_equal(rig_refresh(&r, &first, 600), 401);
	assert_int_equal(rig_permit(&r, &first, &(union addr){.v4 = {.sin_family = AF_INET, .sin_addr.s_addr = 8}}, 1), 0);
}

/* T-040, T-041, T-049, E5: the live allocation decides by the key it was made with. */
static void
others(void **state)
{
	struct rig_client bob;

	(void)state;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	rig_client(&r, &bob, 1, "bob");
	assert_int_equal(rig_refresh(&r, &bob, 0), 441);
	rig_password(&r, &bob, "bob", "guess");
	assert_int_equal(rig_refresh(&r, &bob, 0), 401);
	assert_int_equal(rig_allocate(&r, &bob, AF_INET), 401);
	rig_client(&r, &bob, 1, "bob");
	assert_int_equal(rig_allocate(&r, &bob, AF_INET), 437); /* T-042 */
	bob.legacy = true; /* alice under another algorithm is still alice */
	rig_password(&r, &bob, "alice", "pa");
	assert_int_equal(rig_refresh(&r, &bob, 600), 0);
	assert_int_equal(rig_refresh(&r, &c, 600), 0);
}

static void
anonymous(void **state)
{
	(void)state;
	r.policy.anonymous = true;
	rig_start(&r);
	rig_client(&r, &c, 1, NULL);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_false(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY));
	assert_false(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY_SHA256));
	rig_client(&r, &c, 1, "alice"); /* credentials change nothing */
	c.nonce_n = 1;
	assert_int_equal(rig_refresh(&r, &c, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(steps, setup, teardown),
		cmocka_unit_test_setup_teardown(no_oracle, setup, teardown),
		cmocka_unit_test_setup_teardown(bid_down, setup, teardown),
		cmocka_unit_test_setup_teardown(md5_off, setup, teardown),
		cmocka_unit_test_setup_teardown(no_algorithms, setup, teardown),
		cmocka_unit_test_setup_teardown(stale, setup, teardown),
		cmocka_unit_test_setup_teardown(seal_lengths, setup, teardown),
		cmocka_unit_test_setup_teardown(both_seals, setup, teardown),
		cmocka_unit_test_setup_teardown(realms, setup, teardown),
		cmocka_unit_test_setup_teardown(userhash, setup, teardown),
		cmocka_unit_test_setup_teardown(rest, setup, teardown),
		cmocka_unit_test_setup_teardown(rest_allocation, setup, teardown),
		cmocka_unit_test_setup_teardown(others, setup, teardown),
		cmocka_unit_test_setup_teardown(anonymous, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
