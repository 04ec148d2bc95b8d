/* turn/keyring.c: users and REST secrets (T-048, T-262, T-370 to T-382, security E9, E10). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/text.h"
#include "turn/keyring.h"

static const int64_t now = 1700000000;
static struct digest *d;
static struct keyring *k;

static struct keyring *
ring(const char *realm, int64_t ttl)
{
	struct keyring_policy policy = {.realm = bytes_text(realm), .rest_separator = ':',
	                                .max_credential_ttl = ttl, .clock_skew = 30,
	                                .hash = {0x0123456789abcdef, 0xfedcba9876543210}};
	struct keyring *r = keyring_new(&policy);

	assert_non_null(r);
	return r;
}

static int
setup(void **state)
{
	(void)state;
	d = digest_new();
	k = ring("example.org", 0);
	return d == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	keyring_free(k);
	digest_free(d);
	return 0;
}

static bool
find(const char *name, int64_t when, struct keyring_match *m)
{
	memset(m, 0xee, sizeof *m);
	return keyring_find(k, d, KEY_SHA256, bytes_text(name), when, m);
}

static void
is_key_of(const struct key *key, enum key_algorithm a, const char *user, const char *realm,
          const char *password)
{
	struct key want;

	assert_true(key_long_term(d, a, bytes_text(user), bytes_text(realm), bytes_text(password), &want));
	assert_int_equal(key->n, want.n);
	assert_memory_equal(key->b, want.b, want.n);
}

static void
text_is(struct bytes got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

/* A key to try, of the right size, so that the caller does the same work (S-134). */
static void
is_dummy(const struct keyring_match *m, unsigned size)
{
	assert_int_equal(m->n, 1);
	assert_int_equal(m->key[0].n, size);
	assert_int_equal(m->expiry, 0);
	assert_false(m->expired);
}

static void
users(void **state)
{
	struct keyring_match m;

	(void)state;
	assert_true(keyring_empty(k));
	assert_null(keyring_add_password(k, d, bytes_text("alice"), bytes_text("pa")));
	assert_null(keyring_add_password(k, d, bytes_text("bob"), bytes_text("pb")));
	assert_false(keyring_empty(k));

	assert_true(find("alice", now, &m));
	text_is(m.name, "alice");
	text_is(m.quota, "alice");
	assert_int_equal(m.n, 1);
	assert_int_equal(m.expiry, 0);
	assert_false(m.expired);
	is_key_of(&m.key[0], KEY_SHA256, "alice", "example.org", "pa");
	assert_true(keyring_find(k, d, KEY_MD5, bytes_text("bob"), now, &m));
	is_key_of(&m.key[0], KEY_MD5, "bob", "example.org", "pb");

	assert_false(find("Alice", now, &m)); /* case matters */
	is_dummy(&m, 32);
	assert_false(find("alic", now, &m));
	assert_false(find("alicee", now, &m));
	assert_false(find("", now, &m));
	is_dummy(&m, 32);
	assert_false(keyring_find(k, d, KEY_MD5, bytes_text("carol"), now, &m));
	is_dummy(&m, 16);
}

/* trailing NULs and one surrounding pair of quotes. */
static void
plain(void **state)
{
	struct keyring_match m;

	(void)state;
	assert_null(keyring_add_password(k, d, bytes_text("alice"), bytes_text("pa")));
	assert_true(keyring_find(k, d, KEY_MD5, bytes_view("alice\0\0", 7), now, &m));
	text_is(m.name, "alice");
	assert_true(find("\"alice\"", now, &m));
	assert_false(find("\"\"alice\"\"", now, &m));
	assert_false(find("\"alice", now, &m));
	assert_false(keyring_find(k, d, KEY_MD5, bytes_view("ali\0ce", 6), now, &m));
	assert_int_equal(keyring_plain(bytes_view("\0\0", 2)).n, 0);
	assert_int_equal(keyring_plain(bytes_text("\"")).n, 1);
	assert_int_equal(keyring_plain(bytes_text("\"\"")).n, 0);
}

static void
prepared(void **state)
{
	struct keyring_match m;

	(void)state;
	/* spaces of any kind to U+0020, then NFC: e and a combining acute accent */
	assert_null(keyring_add_password(k, d, bytes_text("Ren\x65\xcc\x81\xe3\x80\x80X"),
	                                 bytes_text("p\xc2\xa0w")));
	assert_true(find("Ren\xc3\xa9 X", now, &m));
	is_key_of(&m.key[0], KEY_SHA256, "Ren\xc3\xa9 X", "example.org", "p w");
	assert_string_equal(keyring_add_password(k, d, bytes_text("Ren\xc3\xa9 X"), bytes_text("x")),
	                    "user is there twice");
	assert_non_null(keyring_add_password(k, d, bytes_text(""), bytes_text("x")));
	assert_non_null(keyring_add_password(k, d, bytes_text("x"), bytes_text("")));
	assert_non_null(keyring_add_password(k, d, bytes_text("\xff"), bytes_text("x")));
	assert_non_null(keyring_add_password(k, d, bytes_text("a\nb"), bytes_text("x")));
	assert_non_null(keyring_add_password(k, d, bytes_text("x"), bytes_text("a\001b")));
	assert_non_null(keyring_add_key(k, d, bytes_text("a\001b"), &(struct key){.n = 16}));
	assert_false(find("x", now, &m)); /* a refused user is not there at all */
	assert_true(keyring_serves_sha256(k));
}

/* T-382, S-170: names as long as USERNAME may be. */
static void
long_names(void **state)
{
	static char name[800];
	struct keyring_match m;

	(void)state;
	memset(name, 'n', 763);
	assert_null(keyring_add_password(k, d, bytes_text(name), bytes_text("p")));
	assert_true(find(name, now, &m));
	assert_int_equal(m.name.n, 763);
	name[763] = 'n';
	assert_non_null(keyring_add_password(k, d, bytes_text(name), bytes_text("p")));
	assert_false(find(name, now, &m));
}

static void
ready_keys(void **state)
{
	struct key md5 = {.n = 16, .b = {1, 2, 3}}, sha = {.n = 32, .b = {4, 5, 6}}, odd = {.n = 20};
	struct keyring_match m;

	(void)state;
	assert_true(keyring_serves_sha256(k)); /* nobody there whom it could not serve */
	assert_null(keyring_add_key(k, d, bytes_text("old"), &md5));
	assert_false(keyring_serves_sha256(k));
	assert_true(keyring_enumerable(k));
	assert_true(keyring_find(k, d, KEY_MD5, bytes_text("old"), now, &m));
	assert_memory_equal(m.key[0].b, md5.b, 16);
	assert_int_equal(m.key[0].n, 16);
	assert_false(find("old", now, &m)); /* no such key: as if unknown */
	is_dummy(&m, 32);

	assert_null(keyring_add_key(k, d, bytes_text("old"), &sha));
	assert_true(keyring_serves_sha256(k));
	assert_true(find("old", now, &m));
	assert_memory_equal(m.key[0].b, sha.b, 32);

	assert_string_equal(keyring_add_key(k, d, bytes_text("old"), &md5), "user is there twice");
	assert_string_equal(keyring_add_key(k, d, bytes_text("old"), &sha), "user is there twice");
	assert_non_null(keyring_add_key(k, d, bytes_text("other"), &odd));
	assert_false(find("other", now, &m));
	assert_string_equal(keyring_add_password(k, d, bytes_text("old"), bytes_text("p")),
	                    "user is there twice");
	assert_null(keyring_add_password(k, d, bytes_text("new"), bytes_text("p")));
	assert_string_equal(keyring_add_key(k, d, bytes_text("new"), &md5), "user is there twice");
	assert_true(keyring_serves_sha256(k));
}

/* T-370, known answers of the draft's formula. */
static void
rest_known(void **state)
{
	char password[KEY_REST_PASSWORD];
	uint8_t want[16];
	struct keyring_match m;

	(void)state;
	keyring_free(k);
	k = ring("north.gov", 0);
	assert_null(keyring_add_secret(k, bytes_text("north")));
	assert_true(keyring_find(k, d, KEY_MD5, bytes_text("1735689600:alice"), 1735689599, &m));
	assert_true(text_unhex("ec6b372522a79271b75db5b96565041a", want, 16));
	assert_int_equal(m.n, 1);
	assert_int_equal(m.key[0].n, 16);
	assert_memory_equal(m.key[0].b, want, 16);
	text_is(m.name, "1735689600:alice");
	text_is(m.quota, "alice"); /* T-262 */
	assert_int_equal(m.expiry, 1735689600);

	assert_true(key_rest_password(d, bytes_text("north"), bytes_text("1735689600"), password));
	assert_string_equal(password, "vK3VkdJkUwA4MxbPUZFTbu9UJhk=");
	assert_true(keyring_find(k, d, KEY_SHA256, bytes_text("1735689600"), 1735689599, &m));
	is_key_of(&m.key[0], KEY_SHA256, "1735689600", "north.gov", password);
	text_is(m.quota, "1735689600");
}

/* A36, T-371, T-372: over when the second is reached. */
static void
expiry(void **state)
{
	struct keyring_match m;
	char password[KEY_REST_PASSWORD];

	(void)state;
	assert_null(keyring_add_secret(k, bytes_text("s")));
	assert_true(find("1700000000:u", now - 1, &m));
	assert_false(m.expired);
	assert_false(find("1700000000:u", now, &m));
	assert_true(m.expired);
	assert_int_equal(m.n, 1);
	/* The real key is there, so that the log can tell a late credential from a forged one. */
	assert_true(key_rest_password(d, bytes_text("s"), bytes_text("1700000000:u"), password));
	is_key_of(&m.key[0], KEY_SHA256, "1700000000:u", "example.org", password);
	assert_false(find("1699999999:u", now, &m));
	assert_true(m.expired);
	assert_false(find("0:u", now, &m));
	assert_true(m.expired);
}

/* T-379 */
static void
too_far(void **state)
{
	struct keyring_match m;
	char name[64];

	(void)state;
	keyring_free(k);
	k = ring("example.org", 3600);
	assert_null(keyring_add_secret(k, bytes_text("s")));
	snprintf(name, sizeof name, "%lld:u", (long long)now + 3600 + 30);
	assert_true(find(name, now, &m));
	snprintf(name, sizeof name, "%lld:u", (long long)now + 3600 + 31);
	assert_false(find(name, now, &m));
	is_dummy(&m, 32);
	text_is(m.quota, name);
	assert_false(find("9223372036854775807:u", now, &m));
	is_dummy(&m, 32);
	assert_false(find("9223372036854775807:u", -5, &m));
	assert_false(find("1699999999:u", now, &m)); /* the past is another matter */
	assert_true(m.expired);
}

/* T-377 */
static void
secrets(void **state)
{
	struct keyring_match m;
	char password[KEY_REST_PASSWORD], secret[16];

	(void)state;
	assert_non_null(keyring_add_secret(k, BYTES_NONE));
	assert_true(keyring_empty(k));
	for (int i = 0; i < KEYRING_CANDIDATES; i++) {
		snprintf(secret, sizeof secret, "s%d", i);
		assert_null(keyring_add_secret(k, bytes_text(secret)));
	}
	assert_non_null(keyring_add_secret(k, bytes_text("s16")));
	assert_false(keyring_empty(k));
	assert_true(find("1700000001:u", now, &m));
	assert_int_equal(m.n, KEYRING_CANDIDATES);
	for (int i = 0; i < KEYRING_CANDIDATES; i++) { /* in the order they were added */
		snprintf(secret, sizeof secret, "s%d", i);
		assert_true(key_rest_password(d, bytes_text(secret), bytes_text("1700000001:u"), password));
		is_key_of(&m.key[i], KEY_SHA256, "1700000001:u", "example.org", password);
	}
	/* secrets are bytes, not text */
	keyring_free(k);
	k = ring("example.org", 0);
	assert_null(keyring_add_secret(k, bytes_view("\0\xff\n", 3)));
	assert_true(key_rest_password(d, bytes_view("\0\xff\n", 3), bytes_text("1700000001:u"), password));
	assert_true(find("1700000001:u", now, &m));
	is_key_of(&m.key[0], KEY_SHA256, "1700000001:u", "example.org", password);
}

/* Security E9, T-373, T-380: none of these is a REST name. */
static void
hostile_names(void **state)
{
	static const char *const names[] = {
		":", "9999999999999999999:u", "99999999999999999999:u", "-1:u", "+1:u", " 1800000000:u",
		"12x:u", "u:12", "u:1800000000", "1800000000:", "1800000000:a\nb", "1800000000:a\r\nb",
		"1800000000:\xff\xfe", "1800000000:\x7f", "%s%n", "a\r\nb", "/", "*", "1800000000;u",
		"0x6b49d200:u", "18446744073709551616:u",
	};
	static char longest[600];
	struct keyring_match m;

	(void)state;
	assert_null(keyring_add_secret(k, bytes_text("s")));
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (find(names[i], now, &m))
			fail_msg("%zu was taken: %s", i, names[i]);
		is_dummy(&m, 32);
		text_is(m.quota, names[i]);
	}
	assert_false(keyring_find(k, d, KEY_MD5, BYTES_NONE, now, &m));
	assert_false(keyring_find(k, d, KEY_MD5, bytes_view("1800000000:u\0x", 14), now, &m));
	is_dummy(&m, 16);
	assert_true(find("1800000000:%s%n", now, &m)); /* a name is bytes; nobody prints by it */
	assert_true(find("1800000000:a:b/*", now, &m));
	text_is(m.quota, "a:b/*");
	assert_true(find("01800000000:u", now, &m));
	/* T-382 */
	assert_true(find("1800000000:Ren\xc3\xa9", now, &m));
	text_is(m.quota, "Ren\xc3\xa9");
	memset(longest, 'u', sizeof longest - 1);
	memcpy(longest, "1800000000:", 11);
	longest[509] = '\0';
	assert_true(find(longest, now, &m));
	longest[509] = 'u';
	longest[510] = '\0';
	assert_false(find(longest, now, &m));
	is_dummy(&m, 32);
}

static void
separator(void **state)
{
	struct keyring_policy policy = {.realm = bytes_text("example.org"), .rest_separator = '_'};
	struct keyring_match m;

	(void)state;
	keyring_free(k);
	k = keyring_new(&policy);
	assert_non_null(k);
	assert_null(keyring_add_secret(k, bytes_text("s")));
	assert_true(find("1800000000_u", now, &m));
	text_is(m.quota, "u");
	assert_false(find("1800000000:u", now, &m));
}

/* A listed user who looks like a REST name is the listed user. */
static void
both_sources(void **state)
{
	struct keyring_match m;

	(void)state;
	assert_null(keyring_add_secret(k, bytes_text("s")));
	assert_false(keyring_enumerable(k)); /* */
	assert_true(keyring_serves_sha256(k));
	assert_null(keyring_add_password(k, d, bytes_text("1:u"), bytes_text("p")));
	assert_true(find("1:u", now, &m));
	assert_int_equal(m.expiry, 0);
	is_key_of(&m.key[0], KEY_SHA256, "1:u", "example.org", "p");
	assert_false(keyring_enumerable(k));
}

/* S-168 */
static void
hashes(void **state)
{
	enum { MANY = 3000 };
	struct keyring_match m;
	uint8_t hash[32];
	char name[16];

	(void)state;
	assert_false(keyring_enumerable(k)); /* a list without anybody on it is not one */
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "user%d", i);
		assert_null(keyring_add_password(k, d, bytes_text(name), bytes_text(name)));
	}
	assert_true(keyring_enumerable(k));
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "user%d", i);
		assert_true(key_userhash(d, bytes_text(name), bytes_text("example.org"), hash));
		assert_true(keyring_find_hash(k, d, KEY_SHA256, hash, &m));
		text_is(m.name, name);
		is_key_of(&m.key[0], KEY_SHA256, name, "example.org", name);
		assert_true(find(name, now, &m));
	}
	hash[31] ^= 1;
	assert_false(keyring_find_hash(k, d, KEY_SHA256, hash, &m));
	is_dummy(&m, 32);
	assert_false(keyring_find_hash(k, d, KEY_MD5, hash, &m));
	is_dummy(&m, 16);
	assert_int_equal(m.name.n, 0);
}

/* The realm is a copy; what the caller does with his afterwards is his affair. */
static void
realm_is_copied(void **state)
{
	char realm[] = "example.org";
	struct keyring_match m;

	(void)state;
	keyring_free(k);
	k = ring(realm, 0);
	memset(realm, 'x', sizeof realm - 1);
	assert_null(keyring_add_password(k, d, bytes_text("alice"), bytes_text("pa")));
	assert_true(find("alice", now, &m));
	is_key_of(&m.key[0], KEY_SHA256, "alice", "example.org", "pa");
	keyring_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(users, setup, teardown),
		cmocka_unit_test_setup_teardown(plain, setup, teardown),
		cmocka_unit_test_setup_teardown(prepared, setup, teardown),
		cmocka_unit_test_setup_teardown(long_names, setup, teardown),
		cmocka_unit_test_setup_teardown(ready_keys, setup, teardown),
		cmocka_unit_test_setup_teardown(rest_known, setup, teardown),
		cmocka_unit_test_setup_teardown(expiry, setup, teardown),
		cmocka_unit_test_setup_teardown(too_far, setup, teardown),
		cmocka_unit_test_setup_teardown(secrets, setup, teardown),
		cmocka_unit_test_setup_teardown(hostile_names, setup, teardown),
		cmocka_unit_test_setup_teardown(separator, setup, teardown),
		cmocka_unit_test_setup_teardown(both_sources, setup, teardown),
		cmocka_unit_test_setup_teardown(hashes, setup, teardown),
		cmocka_unit_test_setup_teardown(realm_is_copied, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
