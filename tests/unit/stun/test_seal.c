/* stun/seal.c: integrity of received messages. The vectors are in tests/vectors. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stun/build.h"
#include "stun/seal.h"

static const uint8_t tid[STUN_TID] = "abcdefghijkl";
static const struct bytes key = {(const uint8_t *)"key", 3};
static struct digest *d;
static uint8_t buf[512];

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

static struct build
begin(void)
{
	struct build b;

	build_begin(&b, buf, sizeof buf, name_type(METHOD_REFRESH, STUN_REQUEST), tid);
	build_bytes(&b, ATTR_USERNAME, bytes_text("ann"));
	return b;
}

static enum seal
check(size_t n, enum digest_kind kind, struct bytes with, unsigned shortest)
{
	struct parse m;

	assert_int_equal(parse_message(&m, bytes_view(buf, n)), PARSE_OK);
	return seal_check(&m, d, kind, with, shortest);
}

static void
both_kinds(void **state)
{
	struct build b = begin();

	(void)state;
	assert_int_equal(check(build_end(&b), DIGEST_SHA1, key, 32), SEAL_ABSENT);
	assert_int_equal(check(build_end(&b), DIGEST_SHA256, key, 32), SEAL_ABSENT);
	build_integrity(&b, d, DIGEST_SHA1, key);
	assert_int_equal(check(build_end(&b), DIGEST_SHA1, key, 32), SEAL_OK);
	assert_int_equal(check(build_end(&b), DIGEST_SHA256, key, 32), SEAL_ABSENT);
	build_integrity(&b, d, DIGEST_SHA256, key);
	build_fingerprint(&b); /* S-075, S-121: each is judged up to its own end */
	assert_int_equal(check(build_end(&b), DIGEST_SHA1, key, 32), SEAL_OK);
	assert_int_equal(check(build_end(&b), DIGEST_SHA256, key, 32), SEAL_OK);
	assert_int_equal(check(build_end(&b), DIGEST_SHA1, bytes_text("kex"), 32), SEAL_WRONG);
	assert_int_equal(check(build_end(&b), DIGEST_SHA256, bytes_text("kex"), 32), SEAL_WRONG);
}

/* Any flipped bit of what is covered, type and transaction id included, is seen. */
static void
every_bit(void **state)
{
	(void)state;
	for (enum digest_kind kind = DIGEST_SHA1; kind <= DIGEST_SHA256; kind++) {
		struct build b = begin();
		build_integrity(&b, d, kind, key);
		size_t n = build_end(&b), mac = n - digest_size(kind) - 4;

		for (size_t bit = 0; bit < 8 * n; bit++) {
			size_t at = bit / 8;
			if (at >= 2 && at < 8) /* length and cookie: not a message any more */
				continue;
			if ((at >= 20 && at < 24) || (at >= mac && at < mac + 4))
				continue; /* the attributes' own headers: test_parse and test_sweep
				           */
			if (at == 0 && bit % 8 >= 6)
				continue;
			buf[at] ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(check(n, kind, key, 32), SEAL_WRONG);
			buf[at] ^= (uint8_t)(1 << bit % 8);
		}
		assert_int_equal(check(n, kind, key, 32), SEAL_OK);
	}
}

/* A MAC of `n` bytes cut from the right one for such a message. */
static size_t
truncated(unsigned n)
{
	struct build b = begin();
	uint8_t mac[DIGEST_MAX + 8] = {0};
	size_t off = build_end(&b);

	bytes_put16(buf + 2, (unsigned)off + 4 + n - STUN_HEADER);
	struct bytes text = bytes_view(buf, off);
	assert_true(digest_hmac(d, DIGEST_SHA256, key, &text, 1, mac));
	build_bytes(&b, ATTR_MESSAGE_INTEGRITY_SHA256, bytes_view(mac, n));
	/* lengths that are not in fours are padded, which the header counts; so be it */
	return build_end(&b);
}

/* S-030, S-118, A-21 */
static void
truncation(void **state)
{
	(void)state;
	for (unsigned n = 0; n <= 36; n++) {
		size_t size = truncated(n);
		bool legal = n >= 16 && n <= 32 && n % 4 == 0;
		enum seal strict = !legal ? SEAL_LENGTH : n == 32 ? SEAL_OK : SEAL_WRONG;

		assert_int_equal(check(size, DIGEST_SHA256, key, 32), strict);
		assert_int_equal(check(size, DIGEST_SHA256, key, 16),
		                 legal ? SEAL_OK : SEAL_LENGTH);
		assert_int_equal(check(size, DIGEST_SHA256, key, 24), !legal    ? SEAL_LENGTH
		                                                      : n >= 24 ? SEAL_OK
		                                                                : SEAL_WRONG);
	}
}

/* S-030 */
static void
sha1_sizes(void **state)
{
	(void)state;
	for (unsigned n = 0; n <= 36; n++) {
		struct build b = begin();
		uint8_t mac[36] = {0};
		build_bytes(&b, ATTR_MESSAGE_INTEGRITY, bytes_view(mac, n));
		assert_int_equal(check(build_end(&b), DIGEST_SHA1, key, 32),
		                 n == 20 ? SEAL_WRONG : SEAL_LENGTH);
	}
}

/* S-026: padding is covered as it came */
static void
padding_covered(void **state)
{
	struct build b = begin();

	(void)state;
	buf[27] = 0x20; /* behind "ann" */
	build_integrity(&b, d, DIGEST_SHA1, key);
	assert_int_equal(check(build_end(&b), DIGEST_SHA1, key, 32), SEAL_OK);
	buf[27] = 0;
	assert_int_equal(check(build_end(&b), DIGEST_SHA1, key, 32), SEAL_WRONG);
}

/* A message may begin anywhere (security F2). */
static void
any_alignment(void **state)
{
	struct build b = begin();
	uint8_t space[512 + 8];
	struct parse m;

	(void)state;
	build_integrity(&b, d, DIGEST_SHA256, key);
	build_fingerprint(&b);
	for (size_t at = 0; at < 8; at++) {
		memcpy(space + at, buf, build_end(&b));
		assert_int_equal(parse_message(&m, bytes_view(space + at, build_end(&b))),
		                 PARSE_OK);
		assert_int_equal(seal_check(&m, d, DIGEST_SHA256, key, 32), SEAL_OK);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_kinds),      cmocka_unit_test(every_bit),
		cmocka_unit_test(truncation),      cmocka_unit_test(sha1_sizes),
		cmocka_unit_test(padding_covered), cmocka_unit_test(any_alignment),
	};

	return cmocka_run_group_tests_name("stun/seal", tests, setup, teardown);
}
