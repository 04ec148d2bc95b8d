/* stun/key.c: long-term keys, user hashes, REST credentials. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "common/text.h"
#include "stun/key.h"

static struct digest *d;

static int
setup(void **state)
{
	(void)state;
	d = digest_new();
	return d == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	digest_free(d);
	return 0;
}

static void
key_is(enum key_algorithm a, struct bytes user, struct bytes realm, const char *password,
       const char *hex)
{
	uint8_t want[KEY_MAX];
	struct key k;
	size_t n = strlen(hex) / 2;

	assert_true(text_unhex(hex, want, n));
	assert_true(key_long_term(d, a, user, realm, bytes_text(password), &k));
	assert_int_equal(k.n, n);
	assert_int_equal(key_view(&k).n, n);
	assert_memory_equal(k.b, want, n);
}

/* S-120, S-188: conformance-stun 1.7, 7.4, 7.5 */
static void
formula(void **state)
{
	const struct bytes user = bytes_text("user"), realm = bytes_text("realm");
	const struct bytes matrix = bytes_text(
		"\xe3\x83\x9e\xe3\x83\x88\xe3\x83\xaa\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9");
	const struct bytes example = bytes_text("example.org");

	(void)state;
	key_is(KEY_MD5, user, realm, "pass", "8493fbc53ba582fb4c044c456bdc40eb");
	key_is(KEY_SHA256, user, realm, "pass",
	       "07e934117abd40836e7c6329b54731b2b2d2a5f9a71f544922d75e0730d8251b");
	key_is(KEY_MD5, matrix, example, "TheMatrIX", "e8ca7ad59d5eb0518e312911d2dab2a9");
	key_is(KEY_SHA256, matrix, example, "TheMatrIX",
	       "dd295a613b9058c3c23d6dc7165bda072304d989c9d0af3a8c7e184b4f9bb4a1");
}

/* S-120, S-181, A-25 */
static void
stripping(void **state)
{
	static const char md5[] = "8493fbc53ba582fb4c044c456bdc40eb";

	(void)state;
	key_is(KEY_MD5, bytes_text("\"user\""), bytes_text("\"realm\""), "pass", md5);
	key_is(KEY_MD5, bytes_view("user\0\0", 6), bytes_view("realm\0", 6), "pass", md5);
	key_is(KEY_MD5, bytes_view("\"user\"\0", 7), bytes_text("realm"), "pass", md5);

	struct key one, other;
	/* one pair only, both ends only, never from the password */
	assert_true(key_long_term(d, KEY_MD5, bytes_text("\"\"user\"\""), bytes_text("realm"),
	                          bytes_text("pass"), &one));
	assert_true(key_long_term(d, KEY_MD5, bytes_text("user"), bytes_text("realm"),
	                          bytes_text("pass"), &other));
	assert_memory_not_equal(one.b, other.b, 16);
	assert_true(key_long_term(d, KEY_MD5, bytes_text("\"user"), bytes_text("realm"),
	                          bytes_text("pass"), &one));
	assert_memory_not_equal(one.b, other.b, 16);
	key_is(KEY_MD5, bytes_text("\""), bytes_text("realm"), "pass",
	       "13c4b06323d287359951d37dd3934e5d");
	assert_true(key_long_term(d, KEY_MD5, bytes_text("user"), bytes_text("realm"),
	                          bytes_text("\"pass\""), &one));
	assert_true(key_long_term(d, KEY_MD5, bytes_text("user"), bytes_text("realm"),
	                          bytes_text("pass"), &other));
	assert_memory_not_equal(one.b, other.b, 16);
}

/* S-120: a colon is a byte like any other */
static void
colons(void **state)
{
	struct key one, other;

	(void)state;
	assert_true(key_long_term(d, KEY_SHA256, bytes_text("a"), bytes_text("b:c"),
	                          bytes_text("d"), &one));
	assert_true(key_long_term(d, KEY_SHA256, bytes_text("a"), bytes_text("b"),
	                          bytes_text("c:d"), &other));
	assert_memory_equal(one.b, other.b, 32);
}

/* S-162: vector B.1, conformance-stun 1.7 */
static void
userhash(void **state)
{
	uint8_t got[32], want[32];

	(void)state;
	assert_true(key_userhash(d, bytes_text("user"), bytes_text("realm"), got));
	assert_true(text_unhex("6a3029116b47aa98bcaa325399733dc1a23cd57e26b81bef3ff6531ce624e2da",
	                       want, 32));
	assert_memory_equal(got, want, 32);
}

/* T-370 */
static void
rest_password(void **state)
{
	char password[KEY_REST_PASSWORD];

	(void)state;
	assert_true(key_rest_password(d, bytes_text("north"), bytes_text("1735689600:alice"),
	                              password));
	assert_string_equal(password, "HbvWA6hGDtdv3wflBolXLhvzs0w=");
	key_is(KEY_MD5, bytes_text("1735689600:alice"), bytes_text("north.gov"), password,
	       "ec6b372522a79271b75db5b96565041a");
	assert_true(key_rest_password(d, bytes_text("north"), bytes_text("1735689600"), password));
	assert_string_equal(password, "vK3VkdJkUwA4MxbPUZFTbu9UJhk=");
}

static void
rest_name(const char *name, char separator, int64_t expiry, const char *user)
{
	int64_t got;
	struct bytes part;

	assert_true(key_rest_name(bytes_text(name), separator, &got, &part));
	assert_int_equal(got, expiry);
	assert_true(bytes_equal(part, bytes_text(user)));
}

/* T-373, T-380, security E9 */
static void
rest_names(void **state)
{
	static const char *const bad[] = {
		"",
		":",
		":u",
		"u",
		"u:12",
		"-1:u",
		"+1:u",
		" 1:u",
		"12x:u",
		"0x12:u",
		"12;u",
		"1 2:u",
		"9223372036854775808:u",   /* 2^63 */
		"9999999999999999999:u",   /* 19 digits, too large */
		"18446744073709551617:u",  /* 2^64 + 1 */
		"000000000000000000001:u", /* 21 digits */
		"\xd9\xa1:u",              /* a digit, but not ASCII */
	};
	int64_t expiry = 7;
	struct bytes user;

	(void)state;
	rest_name("1735689600:alice", ':', 1735689600, "alice");
	rest_name("1735689600", ':', 1735689600, "1735689600");
	rest_name("1735689600:", ':', 1735689600, "");
	rest_name("1:a:b", ':', 1, "a:b");
	rest_name("1#a:b", '#', 1, "a:b");
	rest_name("0:u", ':', 0, "u");
	rest_name("00000000000000000012:u", ':', 12, "u");
	rest_name("9223372036854775807:u", ':', INT64_MAX, "u");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(key_rest_name(bytes_text(bad[i]), ':', &expiry, &user));
		assert_int_equal(expiry, 0);
	}
	assert_false(key_rest_name(bytes_view("12\0:u", 5), ':', &expiry, &user));
	assert_false(key_rest_name(bytes_text("12:u"), '#', &expiry, &user));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formula),       cmocka_unit_test(stripping),
		cmocka_unit_test(colons),        cmocka_unit_test(userhash),
		cmocka_unit_test(rest_password), cmocka_unit_test(rest_names),
	};

	return cmocka_run_group_tests_name("stun/key", tests, setup, teardown);
}
