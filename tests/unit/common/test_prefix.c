/* common/prefix.h: prefixes and ranges compare as numbers, not byte by byte (security A5, A6). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/prefix.h"

__extension__ typedef unsigned __int128 number; /* the oracle's view of an address */

static uint64_t
next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005 + 1442695040888963407;
	return *seed >> 11 ^ *seed << 40;
}

static union addr
addr_of(number n, size_t size)
{
	uint8_t ip[16];

	for (size_t i = size; i-- > 0; n >>= 8)
		ip[i] = (uint8_t)n;
	return addr_make(bytes_view(ip, size), 0);
}

static union addr
ip(const char *text)
{
	union addr a;

	assert_null(addr_parse(text, 0, &a));
	return a;
}

static struct prefix
prefix(const char *text)
{
	struct prefix p;
	const char *complaint = prefix_parse(text, &p);

	if (complaint != NULL)
		fail_msg("%s: %s", text, complaint);
	return p;
}

static void
text_goes_both_ways(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"10.0.0.0/8", "10.0.0.0/8"},     {"0.0.0.0/0", "0.0.0.0/0"},
		{"192.0.2.1", "192.0.2.1/32"},    {"192.0.2.128/25", "192.0.2.128/25"},
		{"2001:db8::/32", "2001:db8::/32"}, {"::/0", "::/0"},
		{"::1", "::1/128"},               {"fe80::/10", "fe80::/10"},
		{"2001:DB8:0:0::/127", "2001:db8::/127"},
		{"::ffff:0:0/96", "::ffff:0.0.0.0/96"},
		{"1111:2222:3333:4444:5555:6666:7777:8888/128",
	         "1111:2222:3333:4444:5555:6666:7777:8888/128"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct prefix p = prefix(rows[i][0]), again;
		char text[PREFIX_TEXT];
		assert_string_equal(prefix_text(&p, text), rows[i][1]);
		again = prefix(text);
		assert_memory_equal(&again, &p, sizeof p);
	}
}

/* security A6: whatever is not understood is refused, and nothing is written. */
static void
bad_text_is_refused(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8",
		"10.0.0.0/ 8", "10.0.0.0/8 ", " 10.0.0.0/8", "10.0.0.0/8/8", "10.0.0.1/8",
		"10.0.0.0/x", "10.0.0.0/4294967304", "1.2.3", "1.2.3/24", "10/8", "10.0.0.0:80",
		"10.0.0.0:80/8", "2001:db8::/129", "2001:db8::1/32", "fe80::%eth0", "fe80::%1/64",
		"[2001:db8::]/32", "2001:db8:::/32", "::/1280", "example.org", "10.0.0.0/255.0.0.0",
		"0.0.0.1/31", "0.0.0.1/0", "8000::/0", "10.0.0.0/08", "10.0.0.0/008", "0.0.0.0/00",
		"2001:db8::/032",
	};
	static const char *const ranges[] = {
		"-", "10.0.0.0-", "-10.0.0.0", "10.0.0.1-10.0.0.0", "10.0.0.0-10.0.0.256",
		"10.0.0.0-::1", "::1-10.0.0.0", "10.0.0.0/8-10.0.0.1", "10.0.0.0-10.0.0.1/32",
		"10.0.0.0-10.0.0.1-10.0.0.2", "10.0.0.0 - 10.0.0.1", "::2-::1",
		"fe80::1%1-fe80::2%1", "10.0.0.0:1-10.0.0.1:1", "[::1]-[::2]",
	};
	struct prefix many[PREFIX_RANGE_MAX], p, before;
	unsigned n;

	memset(&before, 0x5a, sizeof before);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		p = before;
		if (prefix_parse(rows[i], &p) == NULL ||
		    prefix_parse_range(rows[i], many, &n) == NULL)
			fail_msg("\"%s\" is taken for a prefix", rows[i]);
		assert_memory_equal(&p, &before, sizeof p);
	}
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
		if (prefix_parse(ranges[i], &p) == NULL ||
		    prefix_parse_range(ranges[i], many, &n) == NULL)
			fail_msg("\"%s\" is taken for a range", ranges[i]);
	}
}

static void
a_prefix_holds_its_addresses(void **state)
{
	(void)state;
	struct prefix p = prefix("192.0.2.64/27"), all = prefix("0.0.0.0/0"), v6 = prefix("::/0");
	static const struct {
		const char *text;
		bool inside;
	} rows[] = {
		{"192.0.2.63", false}, {"192.0.2.64", true},   {"192.0.2.95", true},
		{"192.0.2.96", false}, {"193.0.2.64", false},  {"::192.0.2.64", false},
		{"64.2.0.192", false}, {"::ffff:192.0.2.64", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		union addr a = ip(rows[i].text);
		assert_int_equal(prefix_holds(&p, &a), rows[i].inside);
		assert_int_equal(prefix_holds(&all, &a), addr_family(&a) == AF_INET);
		assert_int_equal(prefix_holds(&v6, &a), addr_family(&a) == AF_INET6);
	}
	union addr none = addr_make(BYTES_NONE, 0);
	struct prefix nothing = {0};
	assert_false(prefix_holds(&all, &none));
	assert_false(prefix_holds(&nothing, &none));
}

/* Every length of both families, at both edges. */
static void
every_length_has_sharp_edges(void **state)
{
	(void)state;
	const number base = (number)0xfedcba9876543210 << 64 | 0x0f1e2d3c4b5a6978;

	for (unsigned size = 4; size <= 16; size += 12)
		for (unsigned bits = 0; bits <= 8 * size; bits++) {
			number ones = bits == 0 && size == 16
					      ? ~(number)0
					      : ((number)1 << (8 * size - bits)) - 1;
			number first = base & ~ones, last = base | ones;
			union addr a = addr_of(first, size), z = addr_of(last, size);
			struct prefix p = {.family = (uint8_t)addr_family(&a),
					   .bits = (uint8_t)bits};
			memcpy(p.ip, addr_ip(&a).p, size);
			assert_true(prefix_holds(&p, &a));
			assert_true(prefix_holds(&p, &z));
			if (bits == 0)
				continue;
			union addr below = addr_of(first - 1, size),
				   above = addr_of(last + 1, size);
			assert_false(prefix_holds(&p, &below));
			assert_false(prefix_holds(&p, &above));
		}
}

static void
within_is_a_partial_order(void **state)
{
	(void)state;
	struct prefix all = prefix("0.0.0.0/0"), ten = prefix("10.0.0.0/8"),
		      part = prefix("10.1.0.0/16"), other = prefix("11.0.0.0/16"),
		      v6 = prefix("::/0");

	assert_true(prefix_within(&ten, &ten));
	assert_true(prefix_within(&part, &ten));
	assert_true(prefix_within(&part, &all));
	assert_false(prefix_within(&ten, &part));
	assert_false(prefix_within(&other, &ten));
	assert_false(prefix_within(&all, &ten));
	assert_false(prefix_within(&v6, &all));
	assert_false(prefix_within(&all, &v6));
}

static bool
any_holds(const struct prefix *p, unsigned n, const union addr *a)
{
	for (unsigned i = 0; i < n; i++)
		if (prefix_holds(&p[i], a))
			return true;
	return false;
}

static unsigned
split(const union addr *lo, const union addr *hi, struct prefix into[static PREFIX_RANGE_MAX])
{
	char text[2 * ADDR_TEXT + 1], ip_text[ADDR_TEXT];
	size_t n;
	unsigned count;

	addr_ip_text(lo, ip_text);
	n = strlen(ip_text);
	memcpy(text, ip_text, n);
	text[n++] = '-';
	addr_ip_text(hi, ip_text);
	memcpy(text + n, ip_text, strlen(ip_text) + 1);
	const char *complaint = prefix_parse_range(text, into, &count);
	if (complaint != NULL)
		fail_msg("%s: %s", text, complaint);
	return count;
}

/* The probes that security A5 names. */
static void
an_unaligned_range_is_exact(void **state)
{
	(void)state;
	struct prefix p[PREFIX_RANGE_MAX];
	unsigned n;

	assert_null(prefix_parse_range("2001:db8:0:10::5-2001:db8:0:20::3", p, &n));
	static const struct {
		const char *text;
		bool inside;
	} rows[] = {
		{"2001:db8:0:10::4", false}, {"2001:db8:0:10::5", true}, {"2001:db8:0:10::6", true},
		{"2001:db8:0:18::ff", true}, {"2001:db8:0:20::2", true}, {"2001:db8:0:20::3", true},
		{"2001:db8:0:20::4", false}, {"2001:db8::ffff", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		union addr a = ip(rows[i].text);
		assert_int_equal(any_holds(p, n, &a), rows[i].inside);
	}
}

static void
known_ranges_give_the_fewest_prefixes(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned n;
		const char *first, *last;
	} rows[] = {
		{"10.0.0.0-10.255.255.255", 1, "10.0.0.0/8", "10.0.0.0/8"},
		{"0.0.0.0-255.255.255.255", 1, "0.0.0.0/0", "0.0.0.0/0"},
		{"::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1, "::/0", "::/0"},
		{"10.0.0.1-10.0.0.1", 1, "10.0.0.1/32", "10.0.0.1/32"},
		{"10.0.0.1-10.0.0.6", 4, "10.0.0.1/32", "10.0.0.6/32"},
		{"0.0.0.1-255.255.255.254", 62, "0.0.0.1/32", "255.255.255.254/32"},
		{"::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe", PREFIX_RANGE_MAX, "::1/128",
	         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/128"},
		{"10.0.0.0/8", 1, "10.0.0.0/8", "10.0.0.0/8"},
		{"10.0.0.0", 1, "10.0.0.0/32", "10.0.0.0/32"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct prefix p[PREFIX_RANGE_MAX];
		char text[PREFIX_TEXT];
		unsigned n;
		assert_null(prefix_parse_range(rows[i].text, p, &n));
		assert_int_equal(n, rows[i].n);
		assert_string_equal(prefix_text(&p[0], text), rows[i].first);
		assert_string_equal(prefix_text(&p[n - 1], text), rows[i].last);
	}
}

/*
 * Random ranges: the prefixes follow each other without gap or overlap, from lo to hi, and no two
 * neighbours could be one. Then random points, in and around: 10^5 triples (security A5).
 */
static void
random_ranges_agree_with_integers(void **state)
{
	(void)state;
	uint64_t seed = 2026;

	for (unsigned round = 0; round < 5000; round++) {
		size_t size = round % 2 == 0 ? 4 : 16;
		unsigned width = (unsigned)size * 8;
		number mask = width == 128 ? ~(number)0 : ((number)1 << width) - 1;
		number lo = ((number)next_random(&seed) << 64 | next_random(&seed)) & mask;
		number span = ((number)next_random(&seed) << 64 | next_random(&seed)) >>
		              (128 - width + next_random(&seed) % width);
		number hi = lo + span > mask || lo + span < lo ? mask : lo + span;
		union addr first = addr_of(lo, size), last = addr_of(hi, size);
		struct prefix p[PREFIX_RANGE_MAX];
		unsigned n = split(&first, &last, p);

		number at = lo;
		for (unsigned i = 0; i < n; i++) {
			union addr start = addr_of(at, size);
			assert_memory_equal(p[i].ip, addr_ip(&start).p, size);
			number count = (number)1 << (width - p[i].bits);
			assert_true((at & (count - 1)) == 0);
			bool pair = i > 0 && p[i - 1].bits == p[i].bits && (at & count) != 0;
			assert_false(pair);
			at += count;
		}
		assert_true(((at - 1) & mask) == hi);

		for (unsigned probe = 0; probe < 20; probe++) {
			number x = (probe % 2 == 0 ? lo : hi) + next_random(&seed) % 5 - 2;
			if (probe >= 10)
				x = lo - span / 2 + (span == 0 ? 0 : next_random(&seed) % span * 2);
			x &= mask;
			union addr a = addr_of(x, size);
			assert_int_equal(any_holds(p, n, &a), x >= lo && x <= hi);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_goes_both_ways),
		cmocka_unit_test(bad_text_is_refused),
		cmocka_unit_test(a_prefix_holds_its_addresses),
		cmocka_unit_test(every_length_has_sharp_edges),
		cmocka_unit_test(within_is_a_partial_order),
		cmocka_unit_test(an_unaligned_range_is_exact),
		cmocka_unit_test(known_ranges_give_the_fewest_prefixes),
		cmocka_unit_test(random_ranges_agree_with_integers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
