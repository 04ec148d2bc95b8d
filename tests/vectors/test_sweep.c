/*
 * Security F3 and F2, S-016: every vector cut at every length, with every bit flipped, and with
 * each length field set to values that hurt, at every alignment, with an unreadable page right
 * behind it. A read past the end is a crash here; a wrong answer would be a message that is none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stun/frame.h"
#include "stun/seal.h"

#include "rebuild.h"
#include "vector.h"

enum { MORE = 10, SEEDS_MAX = 2 * (VECTORS + MORE) };

static const uint16_t lengths[] = {0, 1, 2, 3, 4, 0x7fff, 0x8000, 0xfffc, 0xfffd, 0xfffe, 0xffff};

static struct {
	uint8_t raw[VECTOR_MAX];
	size_t n;
} seeds[SEEDS_MAX];
static unsigned seeds_n;

static uint8_t *guarded; /* VECTOR_MAX bytes that end before a page that nobody may touch */
static struct digest *d;
static unsigned long cases, taken;

/* Messages as TURN has them, which the vectors have not. */
static void
turn_attributes(struct build *b, unsigned which)
{
	static const uint16_t list[] = {0x7001, 0x7002, 0x7003};
	union addr v4, v6;

	assert_null(addr_parse("192.0.2.1:32853", 0, &v4));
	assert_null(addr_parse("[2001:db8::1]:3478", 0, &v6));
	switch (which) {
	case 0:
		build_u8(b, ATTR_REQUESTED_TRANSPORT, 17);
		build_u8(b, ATTR_EVEN_PORT, 0x80);
		build_empty(b, ATTR_DONT_FRAGMENT);
		build_u32(b, ATTR_LIFETIME, 600);
		break;
	case 1:
		build_u16(b, ATTR_CHANNEL_NUMBER, 0x4000);
		build_addr(b, ATTR_XOR_PEER_ADDRESS, &v6);
		break;
	case 2:
		build_addr(b, ATTR_XOR_PEER_ADDRESS, &v4);
		build_addr(b, ATTR_XOR_PEER_ADDRESS, &v6);
		build_addr(b, ATTR_XOR_PEER_ADDRESS, &v4);
		break;
	case 3:
		build_addr(b, ATTR_XOR_PEER_ADDRESS, &v4);
		build_bytes(b, ATTR_DATA, bytes_text("hello"));
		break;
	case 4:
		build_error(b, 420, bytes_text("Unknown Attribute"));
		build_types(b, list, 3);
		break;
	case 5:
		build_error(b, 300, BYTES_NONE);
		build_addr(b, ATTR_ALTERNATE_SERVER, &v6);
		build_bytes(b, ATTR_ALTERNATE_DOMAIN, bytes_text("example.net"));
		break;
	case 6:
		build_addr(b, ATTR_XOR_RELAYED_ADDRESS, &v4);
		build_addr(b, ATTR_XOR_RELAYED_ADDRESS, &v6);
		build_addr(b, ATTR_XOR_MAPPED_ADDRESS, &v4);
		build_u32(b, ATTR_LIFETIME, 600);
		build_bytes(b, ATTR_RESERVATION_TOKEN, bytes_text("12345678"));
		break;
	case 7:
		build_error(b, 401, BYTES_NONE);
		build_bytes(b, ATTR_REALM, bytes_text("example.org"));
		build_bytes(b, ATTR_NONCE, bytes_text("obMatJos2wAADAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
		build_algorithms(b, list, 2);
		break;
	case 8:
		build_addr(b, ATTR_XOR_PEER_ADDRESS, &v6);
		build_bytes(b, ATTR_ICMP, bytes_view("\0\0\2\0\0\0\5\0", 8));
		break;
	default:
		build_u32(b, ATTR_CHANGE_REQUEST, 6);
		build_u16(b, ATTR_RESPONSE_PORT, 3478);
		build_bytes(b, ATTR_PADDING, bytes_text("0123456789"));
		build_u8(b, ATTR_ADDITIONAL_ADDRESS_FAMILY, 2);
		build_bytes(b, ATTR_MOBILITY_TICKET, BYTES_NONE);
		break;
	}
}

static size_t
turn_message(unsigned which, uint8_t into[static VECTOR_MAX])
{
	static const uint8_t tid[STUN_TID] = "abcdefghijkl";
	static const struct {
		enum stun_method method;
		enum stun_class class;
	} types[MORE] = {
		{METHOD_ALLOCATE, STUN_REQUEST},
		{METHOD_CHANNEL_BIND, STUN_REQUEST},
		{METHOD_CREATE_PERMISSION, STUN_REQUEST},
		{METHOD_SEND, STUN_INDICATION},
		{METHOD_REFRESH, STUN_ERROR},
		{METHOD_ALLOCATE, STUN_ERROR},
		{METHOD_ALLOCATE, STUN_SUCCESS},
		{METHOD_ALLOCATE, STUN_ERROR},
		{METHOD_DATA, STUN_INDICATION},
		{METHOD_BINDING, STUN_REQUEST},
	};
	struct build b;

	build_begin(&b, into, VECTOR_MAX, name_type(types[which].method, types[which].class), tid);
	turn_attributes(&b, which);
	if (types[which].class != STUN_INDICATION)
		build_integrity(&b, d, which % 2 == 0 ? DIGEST_SHA1 : DIGEST_SHA256,
		                bytes_text("key"));
	build_fingerprint(&b);
	return build_end(&b);
}

/* A seed, and where it has a FINGERPRINT, which catches nearly all damage, the same without. */
static void
seed(const uint8_t *raw, size_t n)
{
	memcpy(seeds[seeds_n].raw, raw, n);
	seeds[seeds_n++].n = n;
	if (bytes_u32(raw + n - 8) != 0x80280004u)
		return;
	memcpy(seeds[seeds_n].raw, raw, n - 8);
	bytes_put16(seeds[seeds_n].raw + 2, (unsigned)n - 8 - STUN_HEADER);
	seeds[seeds_n++].n = n - 8;
}

static int
setup(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *two =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint8_t raw[VECTOR_MAX];

	(void)state;
	d = digest_new();
	if (d == NULL || two == MAP_FAILED || mprotect(two + page, page, PROT_NONE) != 0)
		return -1;
	guarded = two + page - VECTOR_MAX;
	for (unsigned i = 0; i < VECTORS; i++) {
		size_t n = vector_load(vectors[i].name, raw);
		if (n == 0)
			return -1;
		seed(raw, n);
	}
	for (unsigned i = 0; i < MORE; i++)
		seed(raw, turn_message(i, raw));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	digest_free(d);
	return 0;
}

/* Asks everything that can be asked of a parsed message. */
static void
ask(const struct parse *m)
{
	uint8_t space[VECTOR_MAX + 64];
	struct build b;
	struct bytes value;

	build_begin(&b, space, sizeof space, m->type, m->tid);
	for (int a = 0; a < ATTR_COUNT; a++) {
		size_t at = 0;
		if (parse_has(m, (enum stun_attr)a))
			rebuild_attr(&b, m, (enum stun_attr)a);
		while (parse_next(m, (enum stun_attr)a, &at, &value))
			assert_true(value.p >= m->raw.p &&
			            value.p + value.n <= m->raw.p + m->raw.n);
	}
	assert_in_range(m->unknown, 0, PARSE_UNKNOWN_MAX);
	taken++;
}

/* One case: the bytes end at the guard page. Sealed checks are dear, so only now and then. */
static void
try(const uint8_t *p, size_t n)
{
	uint8_t *at = guarded + VECTOR_MAX - n;
	struct bytes packet = bytes_view(at, n), part;
	uint16_t channel;
	struct parse m;

	memcpy(at, p, n);
	cases++;
	frame_kind(packet);
	frame_channel(packet, &channel, &part);
	frame_next(packet, &part);
	if (parse_message(&m, packet) != PARSE_OK)
		return;
	ask(&m);
	if (taken % 64 == 0) {
		seal_check(&m, d, DIGEST_SHA1, bytes_text("key"), 32);
		seal_check(&m, d, DIGEST_SHA256, bytes_text("key"), 16);
	}
}

/* As it is, and with a header that fits, so that the attributes are looked at as well. */
static void
try_both(uint8_t *p, size_t n)
{
	uint8_t was[2] = {p[2], p[3]};

	try(p, n);
	if (n < STUN_HEADER)
		return;
	bytes_put16(p + 2, (unsigned)n - STUN_HEADER);
	try(p, n);
	memcpy(p + 2, was, 2);
}

static void
truncated(void **state)
{
	uint8_t copy[VECTOR_MAX];

	(void)state;
	for (unsigned i = 0; i < seeds_n; i++) {
		memcpy(copy, seeds[i].raw, VECTOR_MAX);
		for (size_t n = 0; n <= seeds[i].n; n++)
			try_both(copy, n);
	}
}

/* Any two bytes may be a length: one of an attribute, or of an entry inside a value. */
static void
lengths_set(void **state)
{
	uint8_t copy[VECTOR_MAX];

	(void)state;
	for (unsigned i = 0; i < seeds_n; i++) {
		for (size_t at = 0; at + 2 <= seeds[i].n; at += 2) {
			for (unsigned k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
				memcpy(copy, seeds[i].raw, VECTOR_MAX);
				bytes_put16(copy + at, lengths[k]);
				try_both(copy, seeds[i].n);
			}
		}
	}
}

/* Cut in the middle of an attribute, with the length of the attribute before it turned up. */
static void
lengths_set_and_cut(void **state)
{
	uint8_t copy[VECTOR_MAX];

	(void)state;
	for (unsigned i = 0; i < seeds_n; i++) {
		for (size_t n = STUN_HEADER + 4; n <= seeds[i].n; n += 4) {
			for (size_t at = STUN_HEADER + 2; at + 2 <= n; at += 4) {
				for (unsigned k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
					memcpy(copy, seeds[i].raw, VECTOR_MAX);
					bytes_put16(copy + 2, (unsigned)n - STUN_HEADER);
					bytes_put16(copy + at, lengths[k]);
					try(copy, n);
				}
			}
		}
	}
}

static void
bits_flipped(void **state)
{
	uint8_t copy[VECTOR_MAX];

	(void)state;
	for (unsigned i = 0; i < seeds_n; i++) {
		memcpy(copy, seeds[i].raw, VECTOR_MAX);
		for (size_t bit = 0; bit < 8 * seeds[i].n; bit++) {
			copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
			try(copy, seeds[i].n);
			copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
}

/* F2: where a message begins makes no difference. */
static void
anywhere(void **state)
{
	uint8_t space[VECTOR_MAX + 8];

	(void)state;
	for (unsigned i = 0; i < seeds_n; i++) {
		for (size_t at = 0; at < 8; at++) {
			struct parse m;
			memcpy(space + at, seeds[i].raw, seeds[i].n);
			bool sound = bytes_u16(seeds[i].raw + 2) == seeds[i].n - STUN_HEADER;
			assert_int_equal(parse_message(&m, bytes_view(space + at, seeds[i].n)),
			                 sound ? PARSE_OK : PARSE_LENGTH);
			if (sound)
				ask(&m);
		}
	}
}

/* The sweep is worth something only if it is wide, and if much of it passes the header. */
static void
enough(void **state)
{
	(void)state;
	print_message("# %u seeds, %lu cases, %lu messages\n", seeds_n, cases, taken);
	assert_true(seeds_n >= 40);
	assert_true(cases > 200000);
	assert_true(taken > 50000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truncated),
		cmocka_unit_test(lengths_set),
		cmocka_unit_test(lengths_set_and_cut),
		cmocka_unit_test(bits_flipped),
		cmocka_unit_test(anywhere),
		cmocka_unit_test(enough),
	};

	return cmocka_run_group_tests_name("sweep", tests, setup, teardown);
}
