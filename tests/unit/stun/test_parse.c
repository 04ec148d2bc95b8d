/* stun/parse.c: the index over one message. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "stun/crc.h"
#include "stun/parse.h"

/* A message put together by hand, so that it can be wrong. */
struct raw {
	uint8_t b[2048];
	size_t n;
};

static void
put(struct raw *r, uint16_t type, const void *value, size_t n)
{
	bytes_put16(r->b + r->n, type);
	bytes_put16(r->b + r->n + 2, (unsigned)n);
	if (n > 0)
		memcpy(r->b + r->n + 4, value, n);
	r->n += 4 + (n + 3) / 4 * 4;
	bytes_put16(r->b + 2, (unsigned)r->n - 20);
}

static struct raw
begin(uint16_t type)
{
	struct raw r = {.n = 20};

	bytes_put16(r.b, type);
	bytes_put32(r.b + 4, STUN_COOKIE);
	memcpy(r.b + 8, "abcdefghijkl", 12);
	return r;
}

static void
put_fingerprint(struct raw *r)
{
	put(r, 0x8028, "\0\0\0\0", 4);
	bytes_put32(r->b + r->n - 4, crc_fingerprint(bytes_view(r->b, r->n - 8)));
}

static enum parse_fault
parse(struct parse *m, const struct raw *r)
{
	memset(m, 0xa5, sizeof *m); /* nothing may depend on what was there */
	return parse_message(m, bytes_view(r->b, r->n));
}

/* S-001, S-004 */
static void
bare_header(void **state)
{
	struct raw r = begin(0x0001);
	struct parse m;

	(void)state;
	assert_int_equal(parse(&m, &r), PARSE_OK);
	assert_int_equal(m.type, 0x0001);
	assert_int_equal(m.method, METHOD_BINDING);
	assert_int_equal(m.class, STUN_REQUEST);
	assert_memory_equal(m.tid, "abcdefghijkl", STUN_TID);
	assert_int_equal(m.unknown, 0);
	assert_int_equal(m.covered, 20);
	assert_false(m.fingerprint);
	for (int a = 0; a < ATTR_COUNT; a++) {
		assert_false(parse_has(&m, (enum stun_attr)a));
		assert_false(parse_sound(&m, (enum stun_attr)a));
		assert_null(parse_value(&m, (enum stun_attr)a).p);
	}
}

/* S-005, S-006, S-007, S-008, S-009, S-010, T-005 */
static void
framing(void **state)
{
	struct raw r = begin(0x0001), good;
	struct parse m;

	(void)state;
	put(&r, 0x8022, "abcd", 4);
	good = r;
	for (r.n = 0; r.n < 20; r.n++)
		assert_int_equal(parse(&m, &r), PARSE_SHORT);
	for (r.n = 20; r.n < 36; r.n++)
		assert_int_equal(parse(&m, &r), r.n == 28 ? PARSE_OK : PARSE_LENGTH);
	r = good;
	for (unsigned top = 0x40; top <= 0xc0; top += 0x40) {
		r.b[0] = (uint8_t)top;
		assert_int_equal(parse(&m, &r), PARSE_NOT_STUN);
	}
	for (unsigned i = 4; i < 8; i++) {
		r = good;
		r.b[i] ^= 1;
		assert_int_equal(parse(&m, &r), PARSE_COOKIE);
	}
	for (unsigned length = 0; length < 64; length++) {
		r = good;
		r.b[3] = (uint8_t)length;
		assert_int_equal(parse(&m, &r), length == 8 ? PARSE_OK : PARSE_LENGTH);
	}
	/* a length that is odd, and true */
	r = good;
	r.n = 29;
	r.b[3] = 9;
	assert_int_equal(parse(&m, &r), PARSE_LENGTH);
}

/* S-029, A-16 */
static void
overrun(void **state)
{
	struct raw r;
	struct parse m;

	(void)state;
	for (unsigned n = 0; n <= 12; n++) {
		r = begin(0x0001);
		put(&r, 0x8022, "abcdefgh", 8);
		r.b[23] = (uint8_t)n;
		/* 5..8 fill the message; shorter values leave bytes that read as attributes of no
		 * sense */
		enum parse_fault f = parse(&m, &r);
		assert_int_equal(f, n >= 5 && n <= 8 ? PARSE_OK : PARSE_ATTRIBUTE);
	}
	r = begin(0x0001);
	put(&r, 0x8022, "abcdefgh", 8);
	bytes_put16(r.b + 22, 0xffff);
	assert_int_equal(parse(&m, &r), PARSE_ATTRIBUTE);
	/* also behind an integrity attribute, where nothing is indexed */
	r = begin(0x0001);
	put(&r, 0x0008, "0123456789abcdefghij", 20);
	put(&r, 0x8022, "abcd", 4);
	r.b[r.n - 5] = 9;
	assert_int_equal(parse(&m, &r), PARSE_ATTRIBUTE);
}

/* S-028, T-013, security F7 */
static void
first_counts(void **state)
{
	struct raw r = begin(0x0001);
	struct parse m;
	size_t at = 0;
	struct bytes v;

	(void)state;
	put(&r, 0x0006, "ann", 3);
	put(&r, 0x0006, "bob", 3);
	put(&r, 0x0006, "carol", 5);
	assert_int_equal(parse(&m, &r), PARSE_OK);
	assert_true(bytes_equal(parse_value(&m, ATTR_USERNAME), bytes_text("ann")));

	assert_true(parse_next(&m, ATTR_USERNAME, &at, &v));
	assert_true(bytes_equal(v, bytes_text("ann")));
	assert_true(parse_next(&m, ATTR_USERNAME, &at, &v));
	assert_true(bytes_equal(v, bytes_text("bob")));
	assert_true(parse_next(&m, ATTR_USERNAME, &at, &v));
	assert_true(bytes_equal(v, bytes_text("carol")));
	assert_false(parse_next(&m, ATTR_USERNAME, &at, &v));
	assert_false(parse_next(&m, ATTR_USERNAME, &at, &v));
	at = 0;
	assert_false(parse_next(&m, ATTR_REALM, &at, &v));
}

/* S-031 */
static void
zero_length(void **state)
{
	struct raw r = begin(0x0001);
	struct parse m;

	(void)state;
	put(&r, 0xff00, "", 0);
	put(&r, 0x001a, "", 0);
	put(&r, 0x8022, "", 0);
	assert_int_equal(parse(&m, &r), PARSE_OK);
	assert_true(parse_has(&m, ATTR_DONT_FRAGMENT));
	assert_true(parse_sound(&m, ATTR_DONT_FRAGMENT));
	assert_non_null(parse_value(&m, ATTR_SOFTWARE).p);
	assert_int_equal(parse_value(&m, ATTR_SOFTWARE).n, 0);
	assert_true(parse_sound(&m, ATTR_SOFTWARE));
}

/* S-017, S-019, S-020, S-022, S-263, A-26, T-009, T A37 */
static void
unknown(void **state)
{
	static const uint16_t reserved[] = {0x0000, 0x0002, 0x0004, 0x0005, 0x0007, 0x000b,
	                                    0x0010, 0x0021, 0x0024, 0x0025, 0x7ffe};
	struct raw r = begin(0x0001);
	struct parse m;

	(void)state;
	put(&r, 0x7001, "", 0);
	put(&r, 0xff00, "1", 1);
	put(&r, 0x7002, "12", 2);
	put(&r, 0x7001, "", 0);
	put(&r, 0x8031, "1234567", 7);
	put(&r, 0x7003, "", 0);
	assert_int_equal(parse(&m, &r), PARSE_OK);
	assert_int_equal(m.unknown, 3);
	assert_int_equal(m.unknown_type[0], 0x7001);
	assert_int_equal(m.unknown_type[1], 0x7002);
	assert_int_equal(m.unknown_type[2], 0x7003);

	r = begin(0x0001);
	for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
		put(&r, reserved[i], "12345678", 8);
	assert_int_equal(parse(&m, &r), PARSE_OK);
	assert_int_equal(m.unknown, sizeof reserved / sizeof reserved[0]);
	assert_memory_equal(m.unknown_type, reserved, sizeof reserved);

	r = begin(0x0001);
	for (unsigned i = 0; i < 100; i++)
		put(&r, (uint16_t)(0x7000 + i), "", 0);
	assert_int_equal(parse(&m, &r), PARSE_OK);
	assert_int_equal(m.unknown, PARSE_UNKNOWN_MAX);
	for (unsigned i = 0; i < PARSE_UNKNOWN_MAX; i++)
		assert_int_equal(m.unknown_type[i], 0x7000 + i);
}

static const char mac[33] = "0123456789abcdef0123456789abcdef";

/* S-024, S-121, T-014, A-10, security E2 */
static void
behind_integrity(void **state)
{
	static const uint16_t first[] = {0x0008, 0x001c};
	static const uint8_t lifetime[] = {0, 0, 2, 88}, later[] = {0, 0, 0, 1};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		uint16_t one = first[i], two = first[1 - i];
		struct raw r = begin(0x0004);
		struct parse m;
		size_t at = 0;
		struct bytes v;
		uint32_t seconds;

		put(&r, 0x000d, lifetime, 4);
		size_t covered = r.n;
		put(&r, one, mac, one == 0x0008 ? 20 : 32);
		put(&r, 0x000d, later, 4);
		put(&r, 0x0012, "\0\1abcdef", 8);
		put(&r, 0x7ffe, "", 0);
		put(&r, two, mac, two == 0x0008 ? 20 : 32);
		put(&r, 0x0006, "eve", 3);
		put(&r, one, mac + 1, 20); /* a second one of the same type */
		put_fingerprint(&r);
		assert_int_equal(parse(&m, &r), PARSE_OK);

		assert_int_equal(m.covered, covered);
		assert_true(parse_has(&m, ATTR_MESSAGE_INTEGRITY));
		assert_true(parse_has(&m, ATTR_MESSAGE_INTEGRITY_SHA256));
		assert_int_equal(*parse_value(&m, (enum stun_attr)name_attr_index(one)).p, mac[0]);
		assert_true(m.fingerprint);
		assert_true(parse_has(&m, ATTR_FINGERPRINT));
		assert_false(parse_has(&m, ATTR_XOR_PEER_ADDRESS));
		assert_false(parse_has(&m, ATTR_USERNAME));
		assert_int_equal(m.unknown, 0);
		assert_true(parse_u32(&m, ATTR_LIFETIME, &seconds));
		assert_int_equal(seconds, 600);
		assert_true(parse_next(&m, ATTR_LIFETIME, &at, &v));
		assert_false(parse_next(&m, ATTR_LIFETIME, &at, &v));
		at = 0;
		assert_false(parse_next(&m, ATTR_XOR_PEER_ADDRESS, &at, &v));
	}
}

/* S-070, S-074, A-24, T-007 */
static void
fingerprint(void **state)
{
	struct raw r = begin(0x0001), good;
	struct parse m;

	(void)state;
	put(&r, 0x8022, "abc", 3);
	put_fingerprint(&r);
	good = r;
	assert_int_equal(parse(&m, &r), PARSE_OK);
	assert_true(m.fingerprint);

	for (size_t bit = 0; bit < 8 * r.n; bit++) { /* every flipped bit is noticed */
		r = good;
		r.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		enum parse_fault f = parse(&m, &r);
		/* in FINGERPRINT's type, or where a longer SOFTWARE swallows it, there is none left
		 */
		if (f == PARSE_OK) {
			assert_false(m.fingerprint);
			assert_true((bit / 8 | 1) == 23 || (bit / 8 | 1) == 29);
		}
	}

	r = good; /* not the last */
	put(&r, 0x8022, "", 0);
	assert_int_equal(parse(&m, &r), PARSE_FINGERPRINT);
	/* not even if it counts what follows */
	bytes_put32(r.b + 32, crc_fingerprint(bytes_view(r.b, 28)));
	assert_int_equal(parse(&m, &r), PARSE_FINGERPRINT);
	r = begin(0x0001); /* twice */
	put_fingerprint(&r);
	put_fingerprint(&r);
	assert_int_equal(parse(&m, &r), PARSE_FINGERPRINT);
	for (size_t n = 0; n <= 8; n++) { /* other lengths */
		r = begin(0x0001);
		put(&r, 0x8028, "\0\0\0\0\0\0\0\0", n);
		if (n >= 4)
			bytes_put32(r.b + 24, crc_fingerprint(bytes_view(r.b, 20)));
		assert_int_equal(parse(&m, &r), n == 4 ? PARSE_OK : PARSE_FINGERPRINT);
	}
}

/* T-015, T-027, conformance-turn 1.2, S-229 */
static void
values(void **state)
{
	struct raw r = begin(0x0003);
	struct parse m;
	uint32_t u32;
	uint16_t u16;
	uint8_t u8;

	(void)state;
	put(&r, 0x0019, "\x11\xff\xff\xff", 4);
	put(&r, 0x000c, "\x40\x00\xff\xff", 4);
	put(&r, 0x000d, "\0\0\x02\x58", 4);
	put(&r, 0x0018, "\xff", 1);
	put(&r, 0x0027, "\x0d\x96\xff\xff", 4);
	put(&r, 0x0017, "\x02", 1);
	put(&r, 0x0003, "\xff\xff\xff\xf9\0", 5);
	assert_int_equal(parse(&m, &r), PARSE_OK);
	assert_true(parse_u8(&m, ATTR_REQUESTED_TRANSPORT, &u8));
	assert_int_equal(u8, 17);
	assert_true(parse_u8(&m, ATTR_EVEN_PORT, &u8));
	assert_int_equal(u8, 0xff);
	assert_true(parse_u16(&m, ATTR_CHANNEL_NUMBER, &u16));
	assert_int_equal(u16, 0x4000);
	assert_true(parse_u16(&m, ATTR_RESPONSE_PORT, &u16));
	assert_int_equal(u16, 3478);
	assert_true(parse_u32(&m, ATTR_LIFETIME, &u32));
	assert_int_equal(u32, 600);
	/* present and of a wrong size */
	assert_true(parse_has(&m, ATTR_REQUESTED_ADDRESS_FAMILY));
	assert_false(parse_sound(&m, ATTR_REQUESTED_ADDRESS_FAMILY));
	assert_false(parse_u8(&m, ATTR_REQUESTED_ADDRESS_FAMILY, &u8));
	assert_int_equal(u8, 0);
	assert_false(parse_u32(&m, ATTR_CHANGE_REQUEST, &u32));
	assert_int_equal(u32, 0);
	/* absent */
	assert_false(parse_u32(&m, ATTR_CONNECTION_ID, &u32));
	assert_int_equal(u32, 0);
}

static bool
addr_of(uint16_t type, enum stun_attr a, const void *value, size_t n, const char *want)
{
	struct raw r = begin(0x0101);
	struct parse m;
	union addr got, expected;

	memcpy(r.b + 8, "\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae", 12);
	put(&r, type, value, n);
	assert_int_equal(parse(&m, &r), PARSE_OK);
	memset(&got, 0xa5, sizeof got);
	if (!parse_addr(&m, a, &got)) {
		assert_int_equal(addr_family(&got), 0);
		return false;
	}
	assert_null(addr_parse(want, 0, &expected));
	return addr_equal(&got, &expected);
}

/* S-046, S-047, S-050, T-027, conformance-stun 1.5 */
static void
addresses(void **state)
{
	static const uint8_t v4[] = {0, 1, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};
	static const uint8_t v6[] = {0,    2,    0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa, 0xa5, 0xd3,
	                             0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9};
	uint8_t odd[24] = {0x77, 1, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43};

	(void)state;
	assert_true(addr_of(0x0020, ATTR_XOR_MAPPED_ADDRESS, v4, 8, "192.0.2.1:32853"));
	assert_true(addr_of(0x0020, ATTR_XOR_MAPPED_ADDRESS, v6, 20,
	                    "[2001:db8:1234:5678:11:2233:4455:6677]:32853"));
	assert_true(addr_of(0x0001, ATTR_MAPPED_ADDRESS, v4, 8, "225.18.166.67:41287"));
	assert_true(addr_of(0x8023, ATTR_ALTERNATE_SERVER, v4, 8, "225.18.166.67:41287"));
	assert_true(addr_of(0x0012, ATTR_XOR_PEER_ADDRESS, odd, 8,
	                    "192.0.2.1:32853")); /* first byte ignored */
	for (size_t n = 0; n <= 24; n++) {
		for (uint8_t family = 0; family < 5; family++) {
			if ((n == 8 && family == 1) || (n == 20 && family == 2))
				continue;
			odd[1] = family;
			assert_false(addr_of(0x0012, ATTR_XOR_PEER_ADDRESS, odd, n, "0.0.0.0:0"));
		}
	}
	/* not unmapped here */
	static const uint8_t mapped[20] = {0, 2, 0x0d, 0x96, 0,    0,    0,   0, 0, 0,
	                                   0, 0, 0,    0,    0xff, 0xff, 192, 0, 2, 1};
	assert_true(addr_of(0x0001, ATTR_MAPPED_ADDRESS, mapped, 20, "[::ffff:192.0.2.1]:3478"));
}

static unsigned
error_of(const void *value, size_t n, struct bytes *reason)
{
	static struct raw r; /* `reason` looks into it */
	struct parse m;

	r = begin(0x0111);
	put(&r, 0x0009, value, n);
	assert_int_equal(parse(&m, &r), PARSE_OK);
	return parse_error(&m, reason);
}

/* S-038, conformance-stun 1.6, security F4 */
static void
errors(void **state)
{
	struct raw r = begin(0x0111);
	struct parse m;
	struct bytes reason;

	(void)state;
	assert_int_equal(parse(&m, &r), PARSE_OK);
	assert_int_equal(parse_error(&m, &reason), 0);
	assert_int_equal(error_of("\0\0\x04\x14", 4, &reason), 420);
	assert_int_equal(reason.n, 0);
	assert_int_equal(error_of("\0\0\x04\x26Stale Nonce", 15, &reason), 438);
	assert_true(bytes_equal(reason, bytes_text("Stale Nonce")));
	assert_int_equal(error_of("\0\0\x03\0", 4, NULL), 300);
	assert_int_equal(error_of("\xff\xff\xfb\0", 4, NULL), 300); /* reserved bits */
	assert_int_equal(error_of("\0\0\x06\x63", 4, NULL), 699);
	assert_int_equal(error_of("\0\0\x06\x64", 4, NULL), 0);
	assert_int_equal(error_of("\0\0\x02\0", 4, NULL), 0);
	assert_int_equal(error_of("\0\0\x07\0", 4, NULL), 0);
	for (size_t n = 0; n < 4; n++)
		assert_int_equal(error_of("\0\0\x04", n, &reason), 0);
}

/* S-032, S-015, S-088: a stream's largest message, full of the smallest attributes */
static void
largest(void **state)
{
	size_t n = 20 + 65532;
	uint8_t *b = calloc(1, n);
	struct parse m;

	(void)state;
	assert_non_null(b);
	bytes_put16(b, 0x0001);
	bytes_put16(b + 2, 65532);
	bytes_put32(b + 4, STUN_COOKIE);
	for (size_t off = 20; off < n; off += 4)
		bytes_put32(b + off, 0x70000000u + (off << 14 & 0x0fff0000u));
	bytes_put32(b + n - 8, 0x80290008u); /* overrun by four */
	assert_int_equal(parse_message(&m, bytes_view(b, n)), PARSE_ATTRIBUTE);
	bytes_put32(b + n - 8, 0x000d0004u); /* the last one is found */
	bytes_put32(b + n - 4, 77);
	uint32_t seconds;
	assert_int_equal(parse_message(&m, bytes_view(b, n)), PARSE_OK);
	assert_int_equal(m.unknown, PARSE_UNKNOWN_MAX);
	assert_true(parse_u32(&m, ATTR_LIFETIME, &seconds));
	assert_int_equal(seconds, 77);
	free(b);
}

/* S-015: one attribute as large as it can be */
static void
longest_value(void **state)
{
	size_t n = 20 + 65532;
	uint8_t *b = calloc(1, n);
	struct parse m;

	(void)state;
	assert_non_null(b);
	bytes_put16(b, 0x0016);
	bytes_put16(b + 2, 65532);
	bytes_put32(b + 4, STUN_COOKIE);
	bytes_put32(b + 20, 0x00130000u + 65528);
	assert_int_equal(parse_message(&m, bytes_view(b, n)), PARSE_OK);
	assert_int_equal(parse_value(&m, ATTR_DATA).n, 65528);
	for (unsigned more = 65529; more <= 65535; more++) {
		bytes_put32(b + 20, 0x00130000u + more);
		assert_int_equal(parse_message(&m, bytes_view(b, n)), PARSE_ATTRIBUTE);
	}
	free(b);
}

static void
fault_names(void **state)
{
	(void)state;
	for (int f = PARSE_OK; f <= PARSE_FINGERPRINT; f++)
		assert_non_null(parse_fault_name((enum parse_fault)f));
	assert_string_equal(parse_fault_name(PARSE_COOKIE), "cookie");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bare_header),      cmocka_unit_test(framing),
		cmocka_unit_test(overrun),          cmocka_unit_test(first_counts),
		cmocka_unit_test(zero_length),      cmocka_unit_test(unknown),
		cmocka_unit_test(behind_integrity), cmocka_unit_test(fingerprint),
		cmocka_unit_test(values),           cmocka_unit_test(addresses),
		cmocka_unit_test(errors),           cmocka_unit_test(largest),
		cmocka_unit_test(longest_value),    cmocka_unit_test(fault_names),
	};

	return cmocka_run_group_tests_name("stun/parse", tests, NULL, NULL);
}
