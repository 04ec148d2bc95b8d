/* common/digest.h: known hashes and MACs, and no memory of what came before. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/digest.h"
#include "common/text.h"

static int
open_context(void **state)
{
	*state = digest_new();
	return *state == NULL;
}

static int
close_context(void **state)
{
	digest_free(*state);
	digest_free(NULL);
	return 0;
}

static void
check_hash(struct digest *d, enum digest_kind kind, const char *message, const char *expected)
{
	struct bytes part = bytes_text(message);
	uint8_t hash[DIGEST_MAX];
	char hex[2 * DIGEST_MAX + 1];

	assert_true(digest_hash(d, kind, &part, 1, hash));
	assert_string_equal(text_hex(bytes_view(hash, digest_size(kind)), hex), expected);
}

/* RFC 1321, A.5; FIPS 180-4 */
static void
known_hashes(void **state)
{
	struct digest *d = *state;

	for (unsigned round = 0; round < 2; round++) {
		check_hash(d, DIGEST_MD5, "", "d41d8cd98f00b204e9800998ecf8427e");
		check_hash(d, DIGEST_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72");
		check_hash(d, DIGEST_SHA1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709");
		check_hash(d, DIGEST_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
		check_hash(d, DIGEST_SHA256, "",
		           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
		check_hash(d, DIGEST_SHA256, "abc",
		           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	}
	assert_int_equal(digest_size(DIGEST_MD5), 16);
	assert_int_equal(digest_size(DIGEST_SHA1), 20);
	assert_int_equal(digest_size(DIGEST_SHA256), 32);
}

static void
parts_are_one_message(void **state)
{
	struct digest *d = *state;
	struct bytes whole = bytes_text("user:realm:pass");
	struct bytes parts[] = {bytes_text("user"), bytes_text(":"), BYTES_NONE,
	                        bytes_text("realm"), bytes_text(":"), bytes_text("pass")};

	for (unsigned kind = 0; kind < DIGEST_KINDS; kind++) {
		uint8_t a[DIGEST_MAX], b[DIGEST_MAX];
		assert_true(digest_hash(d, kind, &whole, 1, a));
		assert_true(digest_hash(d, kind, parts, 6, b));
		assert_memory_equal(a, b, digest_size(kind));
		if (kind == DIGEST_MD5)
			continue;
		assert_true(digest_hmac(d, kind, bytes_text("key"), &whole, 1, a));
		assert_true(digest_hmac(d, kind, bytes_text("key"), parts, 6, b));
		assert_memory_equal(a, b, digest_size(kind));
	}
}

struct vector {
	struct bytes key, message;
	const char *sha1, *sha256;
};

/* RFC 2202, 3 and RFC 4231, 4; the rest was computed by Python's hmac. */
static unsigned
vectors(struct vector into[static 6])
{
	static uint8_t b20[20], aa131[131];
	unsigned n = 0;

	memset(b20, 0x0b, sizeof b20);
	memset(aa131, 0xaa, sizeof aa131);
	into[n++] = (struct vector){
		bytes_view(b20, 20), bytes_text("Hi There"),
		"b617318655057264e28bc0b6fb378c8ef146be00",
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"};
	into[n++] = (struct vector){
		bytes_text("Jefe"), bytes_text("what do ya want for nothing?"),
		"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"};
	into[n++] = (struct vector){
		bytes_view(aa131, 80),
		bytes_text("Test Using Larger Than Block-Size Key - Hash Key First"),
		"aa4ae5e15272d00e95705637ce8a3b55ed402112",
		"6953025ed96f0c09f80a96f78e6538dbe2e7b820e3dd970e7ddd39091b32352f"};
	into[n++] = (struct vector){
		bytes_view(aa131, 131),
		bytes_text("Test Using Larger Than Block-Size Key - Hash Key First"),
		"90d0dace1c1bdc957339307803160335bde6df2b",
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"};
	into[n++] = (struct vector){
		BYTES_NONE, BYTES_NONE,
		"fbdb1d1b18aa6c08324b7d64b71fb76370690e1d",
		"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"};
	into[n++] = (struct vector){
		bytes_view(aa131, 64), bytes_text("sixty-four"),
		"5baff5a5aca663757bac8fcf20439c84acb32f1e",
		"f63a934bfd91993cd396d99bf5ddfdf6f4d2aaf45d51457305d26325a0037e96"};
	return n;
}

static void
check_hmac(struct digest *d, const struct vector *v, enum digest_kind kind)
{
	uint8_t mac[DIGEST_MAX];
	char hex[2 * DIGEST_MAX + 1];

	assert_true(digest_hmac(d, kind, v->key, &v->message, 1, mac));
	text_hex(bytes_view(mac, digest_size(kind)), hex);
	assert_string_equal(hex, kind == DIGEST_SHA1 ? v->sha1 : v->sha256);
}

/* Every key after every other one and after itself: the remembered key is never a wrong one. */
static void
known_hmacs_in_every_order(void **state)
{
	struct digest *d = *state;
	struct vector v[6];
	unsigned n = vectors(v);

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < n; j++)
			for (enum digest_kind kind = DIGEST_SHA1; kind <= DIGEST_SHA256; kind++) {
				check_hmac(d, &v[i], kind);
				check_hmac(d, &v[j], kind);
				check_hmac(d, &v[j], kind);
			}
}

static void
keys_that_differ_only_in_length_differ(void **state)
{
	struct digest *d = *state;
	static const uint8_t key[70] = {1, 2, 3, 4, 5, 6, 7, 8};
	struct bytes message = bytes_text("m");
	uint8_t a[DIGEST_MAX], b[DIGEST_MAX];

	/* HMAC pads short keys with zeroes, so only the non-zero part can tell them apart. */
	for (size_t n = 1; n <= 8; n++) {
		assert_true(digest_hmac(d, DIGEST_SHA1, bytes_view(key, n), &message, 1, a));
		assert_true(digest_hmac(d, DIGEST_SHA1, bytes_view(key, n - 1), &message, 1, b));
		assert_memory_not_equal(a, b, 20);
	}
	/* Longer than a block it is hashed first. */
	assert_true(digest_hmac(d, DIGEST_SHA1, bytes_view(key, 64), &message, 1, a));
	assert_true(digest_hmac(d, DIGEST_SHA1, bytes_view(key, 65), &message, 1, b));
	assert_memory_not_equal(a, b, 20);
}

static void
the_library_names_itself(void **state)
{
	(void)state;
	assert_memory_equal(digest_library(), "OpenSSL ", 8);
}

static void
equal_looks_at_every_byte(void **state)
{
	(void)state;
	uint8_t a[32] = {0}, b[32] = {0};

	assert_true(digest_equal(a, b, 32));
	for (unsigned i = 0; i < 32; i++) {
		b[i] = 0x80;
		assert_false(digest_equal(a, b, 32));
		assert_true(digest_equal(a, b, i));
		b[i] = 0;
	}
	assert_true(digest_equal(NULL, NULL, 0));
}

static void
wipe_leaves_nothing(void **state)
{
	(void)state;
	char secret[16] = "hunter2 hunter2", zero[16] = {0};

	digest_wipe(secret, 15);
	assert_memory_equal(secret, zero, 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_hashes),
		cmocka_unit_test(parts_are_one_message),
		cmocka_unit_test(known_hmacs_in_every_order),
		cmocka_unit_test(keys_that_differ_only_in_length_differ),
		cmocka_unit_test(the_library_names_itself),
		cmocka_unit_test(equal_looks_at_every_byte),
		cmocka_unit_test(wipe_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, open_context, close_context);
}
