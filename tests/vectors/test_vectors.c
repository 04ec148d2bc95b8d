/* Every vector in both directions: read and verified, and written again byte for byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/text.h"
#include "stun/key.h"
#include "stun/nonce.h"
#include "stun/seal.h"

#include "rebuild.h"
#include "vector.h"

static const char matrix[] =
	"\xe3\x83\x9e\xe3\x83\x88\xe3\x83\xaa\xe3\x83\x83\xe3\x82\xaf\xe3\x82\xb9";
static const char *const key_names[] = {"short", "md5", "sha256"};
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

/* S-188: the short-term key is the password itself */
static struct bytes
key_of(const char *name)
{
	static struct key k;
	bool md5 = strcmp(name, "md5") == 0;

	if (strcmp(name, "short") == 0)
		return bytes_text("VOkJxbRl1RmTxUk/WvJxBt");
	assert_true(key_long_term(d, md5 ? KEY_MD5 : KEY_SHA256, bytes_text(matrix),
	                          bytes_text("example.org"), bytes_text("TheMatrIX"), &k));
	return key_view(&k);
}

static struct parse
read_vector(const struct vector *v, uint8_t raw[static VECTOR_MAX])
{
	struct parse m;
	size_t n = vector_load(v->name, raw);

	assert_in_range(n, STUN_HEADER, VECTOR_MAX);
	assert_int_equal(parse_message(&m, bytes_view(raw, n)), v->sound ? PARSE_OK : PARSE_LENGTH);
	return m;
}

static void
verify(const struct parse *m, enum digest_kind kind, const char *right)
{
	enum stun_attr a =
		kind == DIGEST_SHA1 ? ATTR_MESSAGE_INTEGRITY : ATTR_MESSAGE_INTEGRITY_SHA256;
	bool whole = parse_value(m, a).n == digest_size(kind);

	assert_int_equal(parse_has(m, a), right != NULL);
	for (unsigned i = 0; i < sizeof key_names / sizeof key_names[0]; i++) {
		struct bytes key = key_of(key_names[i]);
		bool fits = right != NULL && strcmp(key_names[i], right) == 0;
		enum seal want = right == NULL ? SEAL_ABSENT : fits ? SEAL_OK : SEAL_WRONG;

		assert_int_equal(seal_check(m, d, kind, key, 16), want);
		/* derived-5 is accepted where truncation is permitted, and nowhere else (S-118) */
		if (want == SEAL_OK && !whole)
			want = SEAL_WRONG;
		assert_int_equal(seal_check(m, d, kind, key, 32), want);
	}
}

/* S-115, S-116, S-117, S-118, S-024, S-026, S-070 */
static void
verified(void **state)
{
	uint8_t raw[VECTOR_MAX];

	(void)state;
	for (unsigned i = 0; i < VECTORS; i++) {
		const struct vector *v = &vectors[i];
		struct parse m = read_vector(v, raw);
		if (!v->sound)
			continue;
		verify(&m, DIGEST_SHA1, v->sha1);
		verify(&m, DIGEST_SHA256, v->sha256);
		assert_int_equal(m.fingerprint, v->fingerprint);
	}
}

/* The seal of `a`, as long as it is in `m`, over what was built so far. */
static void
put_seal(struct build *b, const struct parse *m, enum stun_attr a, struct bytes key)
{
	enum digest_kind kind = a == ATTR_MESSAGE_INTEGRITY ? DIGEST_SHA1 : DIGEST_SHA256;
	size_t n = parse_value(m, a).n;
	struct bytes text = bytes_view(b->pen.start, build_end(b));
	uint8_t mac[DIGEST_MAX];

	if (n == digest_size(kind)) {
		build_integrity(b, d, kind, key);
		return;
	}
	/* a truncated one is not for the builder to write */
	bytes_put16(b->pen.start + 2, (unsigned)(text.n + 4 + n - STUN_HEADER));
	assert_true(digest_hmac(d, kind, key, &text, 1, mac));
	build_bytes(b, a, bytes_view(mac, n));
}

/* A type that the tables do not know, as it came. */
static void
put_unknown(struct build *b, const uint8_t *tlv, size_t n)
{
	pen_put(&b->pen, tlv, n);
	bytes_put16(b->pen.start + 2, (unsigned)build_end(b) - STUN_HEADER);
}

/* Attribute after attribute in the vector's order; only padding is taken from it unread. */
static size_t
write_again(const struct vector *v, const struct parse *m, uint8_t into[static VECTOR_MAX])
{
	struct build b;

	build_begin(&b, into, VECTOR_MAX, m->type, m->tid);
	for (size_t off = STUN_HEADER; off < m->raw.n;) {
		const uint8_t *tlv = m->raw.p + off;
		size_t n = bytes_u16(tlv + 2), whole = 4 + (n + 3) / 4 * 4;
		int a = name_attr_index(bytes_u16(tlv));

		if (a < 0)
			put_unknown(&b, tlv, whole);
		else if (a == ATTR_MESSAGE_INTEGRITY)
			put_seal(&b, m, ATTR_MESSAGE_INTEGRITY, key_of(v->sha1));
		else if (a == ATTR_MESSAGE_INTEGRITY_SHA256)
			put_seal(&b, m, ATTR_MESSAGE_INTEGRITY_SHA256, key_of(v->sha256));
		else if (a == ATTR_FINGERPRINT)
			build_fingerprint(&b);
		else
			rebuild_attr(&b, m, (enum stun_attr)a);
		memcpy(into + off + 4 + n, tlv + 4 + n, whole - 4 - n);
		off += whole;
	}
	return build_end(&b);
}

/* S-073, S-075, S-115, S-117 */
static void
written_again(void **state)
{
	uint8_t raw[VECTOR_MAX], again[VECTOR_MAX];

	(void)state;
	for (unsigned i = 0; i < VECTORS; i++) {
		if (!vectors[i].sound)
			continue;
		struct parse m = read_vector(&vectors[i], raw);
		memset(again, 0xa5, sizeof again);
		assert_int_equal(write_again(&vectors[i], &m, again), m.raw.n);
		assert_memory_equal(again, raw, m.raw.n);
	}
}

/* as printed the MAC fits its own wrong header, so a lenient reader might take it */
static void
as_printed(void **state)
{
	uint8_t raw[VECTOR_MAX], mac[DIGEST_MAX];
	size_t n = vector_load("rfc8489-B.1-as-printed", raw);
	struct bytes text = bytes_view(raw, 120);
	struct parse m;

	(void)state;
	assert_int_equal(n, 156);
	assert_true(digest_hmac(d, DIGEST_SHA256, key_of("sha256"), &text, 1, mac));
	assert_memory_equal(mac, raw + 124, 32);
	assert_int_equal(parse_message(&m, bytes_view(raw, n)), PARSE_LENGTH);
	raw[3] = 0x88; /* the length repaired, the MAC is wrong */
	assert_int_equal(parse_message(&m, bytes_view(raw, n)), PARSE_OK);
	assert_int_equal(seal_check(&m, d, DIGEST_SHA256, key_of("sha256"), 32), SEAL_WRONG);
	assert_int_equal(seal_check(&m, d, DIGEST_SHA256, key_of("md5"), 32), SEAL_WRONG);
}

static struct parse
named(const char *name, uint8_t raw[static VECTOR_MAX])
{
	for (unsigned i = 0; i < VECTORS; i++)
		if (strcmp(vectors[i].name, name) == 0)
			return read_vector(&vectors[i], raw);
	fail_msg("no vector %s", name);
	return (struct parse){0};
}

static void
value_is(const struct parse *m, enum stun_attr a, const char *text)
{
	assert_true(bytes_equal(parse_value(m, a), bytes_text(text)));
}

/* What the vectors say, by the README. */
static void
contents(void **state)
{
	uint8_t raw[VECTOR_MAX], hash[32];
	union addr got, want;
	char hex[65];

	(void)state;
	struct parse m = named("rfc5769-2.1-request-shortterm", raw);
	assert_int_equal(m.type, 0x0001);
	value_is(&m, ATTR_SOFTWARE, "STUN test client");
	value_is(&m, ATTR_USERNAME, "evtj:h6vY");
	assert_string_equal(text_hex(parse_value(&m, ATTR_ICE_CONTROLLED), hex),
	                    "932ff9b151263b36");
	assert_int_equal(m.unknown, 1); /* PRIORITY: a plain server answers 420 (S-263) */
	assert_int_equal(m.unknown_type[0], 0x0024);

	m = named("rfc5769-2.2-response-ipv4", raw); /* S-046 */
	assert_int_equal(m.type, 0x0101);
	value_is(&m, ATTR_SOFTWARE, "test vector");
	assert_null(addr_parse("192.0.2.1:32853", 0, &want));
	assert_true(parse_addr(&m, ATTR_XOR_MAPPED_ADDRESS, &got));
	assert_true(addr_equal(&got, &want));

	m = named("rfc5769-2.3-response-ipv6", raw); /* S-047 */
	assert_null(addr_parse("[2001:db8:1234:5678:11:2233:4455:6677]:32853", 0, &want));
	assert_true(parse_addr(&m, ATTR_XOR_MAPPED_ADDRESS, &got));
	assert_true(addr_equal(&got, &want));

	m = named("rfc5769-2.4-request-longterm", raw);
	value_is(&m, ATTR_USERNAME, matrix);
	value_is(&m, ATTR_REALM, "example.org");
	value_is(&m, ATTR_NONCE, "f//499k954d6OL34oL9FSTvy64sA");

	m = named("rfc8489-B.1-erratum6268", raw); /* S-162 */
	assert_true(key_userhash(d, bytes_text(matrix), bytes_text("example.org"), hash));
	assert_true(bytes_equal(parse_value(&m, ATTR_USERHASH), bytes_view(hash, 32)));
	assert_string_equal(text_hex(parse_value(&m, ATTR_PASSWORD_ALGORITHM), hex), "00020000");
	assert_int_equal(nonce_features(parse_value(&m, ATTR_NONCE)), NONCE_USERNAME_ANONYMITY);

	m = named("derived-2-longterm-sha256-userhash-full", raw);
	assert_true(bytes_equal(parse_value(&m, ATTR_USERHASH), bytes_view(hash, 32)));
	assert_string_equal(text_hex(parse_value(&m, ATTR_PASSWORD_ALGORITHMS), hex),
	                    "0001000000020000");
	assert_int_equal(nonce_features(parse_value(&m, ATTR_NONCE)),
	                 NONCE_PASSWORD_ALGORITHMS | NONCE_USERNAME_ANONYMITY);

	m = named("derived-4-shortterm-mi-misha256-trailing-unknown", raw); /* S-024 */
	assert_int_equal(m.unknown, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verified),
		cmocka_unit_test(written_again),
		cmocka_unit_test(as_printed),
		cmocka_unit_test(contents),
	};

	return cmocka_run_group_tests_name("vectors", tests, setup, teardown);
}
