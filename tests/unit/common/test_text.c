/* common/text.h: the whole text or nothing (security F14, rule R6). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/text.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void
integers_are_read_whole(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t min, max;
		bool ok;
		int64_t value;
	} rows[] = {
		{"0", 0, 0, true, 0},
		{"3478", 1, 65535, true, 3478},
		{"-5", -10, 10, true, -5},
		{"65535", 1, 65535, true, 65535},
		{"65536", 1, 65535, false, 0},
		{"0", 1, 65535, false, 0},
		{"-1", 0, 65535, false, 0},
		{"9223372036854775807", INT64_MIN, INT64_MAX, true, INT64_MAX},
		{"-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN},
		{"9223372036854775808", INT64_MIN, INT64_MAX, false, 0},
		{"-9223372036854775809", INT64_MIN, INT64_MAX, false, 0},
		{"18446744073709551616", INT64_MIN, INT64_MAX, false, 0},
		{"99999999999999999999999999", INT64_MIN, INT64_MAX, false, 0},
		{"", 0, 9, false, 0},
		{"-", -9, 9, false, 0},
		{"-0", -9, 9, false, 0},
		{"+1", 0, 9, false, 0},
		{" 1", 0, 9, false, 0},
		{"1 ", 0, 9, false, 0},
		{"12x", 0, 99, false, 0},
		{"0x10", 0, 99, false, 0},
		{"1e1", 0, 99, false, 0},
		{"1.0", 0, 99, false, 0},
		{"--1", -9, 9, false, 0},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t value = 77;
		const char *complaint = text_int(rows[i].text, rows[i].min, rows[i].max, &value);
		assert_int_equal(complaint == NULL, rows[i].ok);
		assert_true(value == (rows[i].ok ? rows[i].value : 77));
	}
}

static void
durations_are_read_whole(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t ms;
	} good[] = {
		{"0", 0},
		{"90", 90000},
		{"0s", 0},
		{"10m", 600000},
		{"1h30m", 5400000},
		{"90s", 90000},
		{"250ms", 250},
		{"2d", 172800000},
		{"1d2h3m4s5ms", 93784005},
		{"1m1ms", 60001},
		{"18446744073709551615ms", UINT64_MAX},
		{"18446744073709551", 18446744073709551000u},
	};
	static const char *const bad[] = {
		"", " ", "m", "10 m", "10m ", " 10m", "-1s", "+1s", "1.5h", "10mm", "10M", "10min",
		"1h30", "30m1h", "1m1m", "1s1m", "10m-", "10m5", "1h,2m", "ms", "1mh", "1h-1m",
		"5x", "18446744073709551616ms", "18446744073709552", "213503982335d",
		"1d18446744073709551615ms", "99999999999999999999999",
	};
	for (size_t i = 0; i < COUNT(good); i++) {
		uint64_t ms = 77;
		assert_null(text_duration(good[i].text, &ms));
		assert_true(ms == good[i].ms);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		uint64_t ms = 77;
		if (text_duration(bad[i], &ms) == NULL)
			fail_msg("\"%s\" is taken for a duration", bad[i]);
		assert_true(ms == 77);
	}
}

static void
durations_are_written_short_and_read_back(void **state)
{
	(void)state;
	static const struct {
		uint64_t ms;
		const char *text;
	} rows[] = {
		{0, "0"},           {1, "1ms"},          {250, "250ms"},   {1000, "1s"},
		{90000, "90s"},     {600000, "10m"},     {3600000, "1h"},  {5400000, "90m"},
		{86400000, "1d"},   {172800000, "2d"},   {90001, "90s1ms"}, {93784005, "93784s5ms"},
		{129600000, "36h"},
	};
	char text[32];
	uint64_t back, seed = 3;

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(text_print_duration(rows[i].ms, text), rows[i].text);
	for (unsigned i = 0; i < 20000; i++) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		uint64_t ms = seed >> (i % 64);
		assert_null(text_duration(text_print_duration(ms, text), &back));
		assert_true(back == ms);
	}
	assert_null(text_duration(text_print_duration(UINT64_MAX, text), &back));
	assert_true(back == UINT64_MAX);
}

static void
sizes_are_read_whole(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t n;
	} good[] = {
		{"0", 0},           {"4096", 4096},       {"4096B", 4096},
		{"64KiB", 65536},   {"1MiB", 1048576},    {"1MB", 1000000},
		{"1kB", 1000},      {"1KB", 1000},        {"2GiB", 2147483648},
		{"3GB", 3000000000}, {"1TiB", 1099511627776}, {"1TB", 1000000000000},
		{"18446744073709551615", UINT64_MAX},
	};
	static const char *const bad[] = {
		"", "KiB", "64k", "64K", "64Kib", "64kib", "64 KiB", "64KiB ", "-1", "1.5MiB",
		"64KiBx", "18446744073709551616", "18014398509481984KiB", "16777216TiB", "64b",
	};
	for (size_t i = 0; i < COUNT(good); i++) {
		uint64_t n = 77;
		assert_null(text_size(good[i].text, &n));
		assert_true(n == good[i].n);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		uint64_t n = 77;
		if (text_size(bad[i], &n) == NULL)
			fail_msg("\"%s\" is taken for a size", bad[i]);
		assert_true(n == 77);
	}
}

static void
sizes_are_written_short_and_read_back(void **state)
{
	(void)state;
	static const struct {
		uint64_t n;
		const char *text;
	} rows[] = {
		{0, "0"}, {1, "1"}, {1000, "1kB"}, {4096, "4KiB"}, {65536, "64KiB"},
		{1000000, "1MB"}, {1048576, "1MiB"}, {1500, "1500"}, {500000, "500kB"},
		{(uint64_t)1 << 40, "1TiB"}, {UINT64_MAX, "18446744073709551615"},
	};
	char text[32];
	uint64_t back, seed = 9;

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(text_print_size(rows[i].n, text), rows[i].text);
	for (unsigned i = 0; i < 20000; i++) {
		seed = seed * 6364136223846793005 + 1442695040888963407;
		uint64_t n = seed >> (i % 64) << (i / 64 % 32);
		assert_null(text_size(text_print_size(n, text), &back));
		assert_true(back == n);
	}
}

static void
port_ranges_are_read_whole(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", "-", "0", "0-1", "1-0", "1-", "-1", "1-65536", "65536", "2-1", "1-2-3", "1 - 2",
		"1,2", "a", "1-a", "1x", "4294967297", "99999999999999999999",
	};
	uint16_t lo = 7, hi = 7;

	for (size_t i = 0; i < COUNT(bad); i++) {
		if (text_ports(bad[i], &lo, &hi) == NULL)
			fail_msg("\"%s\" is taken for a port range", bad[i]);
		assert_true(lo == 7 && hi == 7);
	}
	assert_null(text_ports("49152-65535", &lo, &hi));
	assert_true(lo == 49152 && hi == 65535);
	assert_null(text_ports("1-1", &lo, &hi));
	assert_true(lo == 1 && hi == 1);
	assert_null(text_ports("3478", &lo, &hi));
	assert_true(lo == 3478 && hi == 3478);
}

static void
hex_goes_both_ways(void **state)
{
	(void)state;
	uint8_t all[256], back[256];
	char text[513];

	for (unsigned i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	assert_string_equal(text_hex(bytes_view("\x00\x7f\xff", 3), text), "007fff");
	assert_string_equal(text_hex(BYTES_NONE, text), "");
	text_hex(bytes_view(all, 256), text);
	assert_true(text_unhex(text, back, 256));
	assert_memory_equal(all, back, 256);
	assert_true(text_unhex("aAfF09", back, 3));
	assert_memory_equal(back, "\xaa\xff\x09", 3);
	assert_true(text_unhex("", back, 0));
	assert_false(text_unhex("aaf", back, 1));
	assert_false(text_unhex("aaff", back, 1));
	assert_false(text_unhex("aa", back, 2));
	assert_false(text_unhex("ag", back, 1));
	assert_false(text_unhex("a ", back, 1));
	assert_false(text_unhex("0x", back, 1));
}

/* RFC 4648, 10 */
static void
base64_matches_the_rfc(void **state)
{
	(void)state;
	static const struct {
		const char *plain, *standard, *url;
	} rows[] = {
		{"", "", ""},
		{"f", "Zg==", "Zg"},
		{"fo", "Zm8=", "Zm8"},
		{"foo", "Zm9v", "Zm9v"},
		{"foob", "Zm9vYg==", "Zm9vYg"},
		{"fooba", "Zm9vYmE=", "Zm9vYmE"},
		{"foobar", "Zm9vYmFy", "Zm9vYmFy"},
		{"\xfb\xff\xfe", "+//+", "-__-"},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int url = 0; url < 2; url++) {
			const char *coded = url ? rows[i].url : rows[i].standard;
			struct bytes plain = bytes_text(rows[i].plain);
			char text[TEXT_BASE64_SIZE(6)];
			uint8_t back[6];
			assert_int_equal(text_base64(plain, url, text), strlen(coded));
			assert_string_equal(text, coded);
			int n = text_unbase64(bytes_text(coded), url, back, sizeof back);
			assert_int_equal(n, plain.n);
			assert_memory_equal(back, plain.p, plain.n);
		}
}

static void
base64_is_strict(void **state)
{
	(void)state;
	static const char *const standard[] = {
		"Z", "Zg", "Zg=", "Zg===", "Zm8", "Zm9v=", "Zm9vY", "=", "==", "====", "Z===",
		"Zh==", "Zm9=", "Zg==Zg==", "Zm9v\n", " Zm9v", "Zm 9", "Zm9-", "Zm9_", "Zm=v",
		"Z=9v", "Zm9v====",
	};
	static const char *const url[] = {
		"Z", "Zm9vY", "Zg==", "Zm8=", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm v", "Zm9v ",
	};
	uint8_t back[64];

	for (size_t i = 0; i < COUNT(standard); i++)
		if (text_unbase64(bytes_text(standard[i]), false, back, sizeof back) != -1)
			fail_msg("\"%s\" is taken for base64", standard[i]);
	for (size_t i = 0; i < COUNT(url); i++)
		if (text_unbase64(bytes_text(url[i]), true, back, sizeof back) != -1)
			fail_msg("\"%s\" is taken for base64url", url[i]);
	assert_int_equal(text_unbase64(bytes_view("Zm9v\0", 5), false, back, sizeof back), -1);
	assert_int_equal(text_unbase64(bytes_view("Zm\0v", 4), false, back, sizeof back), -1);
}

/* Every length, in rooms of exactly the size that is promised to be enough. */
static void
base64_keeps_to_its_room(void **state)
{
	(void)state;
	for (size_t n = 0; n < 100; n++)
		for (int url = 0; url < 2; url++) {
			uint8_t *plain = malloc(n + 1), *back = malloc(n + 1);
			char *text = malloc(TEXT_BASE64_SIZE(n));
			memset(plain, 0xc3, n + 1);
			size_t size = text_base64(bytes_view(plain, n), url, text);
			assert_true(size < TEXT_BASE64_SIZE(n));
			assert_int_equal(strlen(text), size);
			back[n] = 0x77;
			assert_int_equal(text_unbase64(bytes_view(text, size), url, back, n), n);
			assert_int_equal(back[n], 0x77);
			assert_memory_equal(back, plain, n);
			int short_by_one = n == 0 ? -1 : text_unbase64(bytes_view(text, size), url,
			                                               back, n - 1);
			assert_int_equal(short_by_one, -1);
			free(plain);
			free(back);
			free(text);
		}
}

/* An independent reading of RFC 3629: decode, then look at the number. */
static bool
oracle_utf8(const uint8_t *p, size_t n, size_t *points)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

	for (*points = 0; n > 0; ++*points) {
		unsigned size = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3
		                                                : p[0] >> 3 == 30 ? 4 : 0;
		if (size == 0 || size > n)
			return false;
		uint32_t point = size == 1 ? p[0] : p[0] & (0x7fu >> size);
		for (unsigned i = 1; i < size; i++) {
			if (p[i] >> 6 != 2)
				return false;
			point = point << 6 | (p[i] & 0x3f);
		}
		if (point < least[size] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
			return false;
		p += size;
		n -= size;
	}
	return true;
}

static void
check_utf8(const uint8_t *p, size_t n)
{
	size_t points = 99, expected;
	bool ok = oracle_utf8(p, n, &expected);

	assert_int_equal(text_utf8(bytes_view(p, n), &points), ok);
	if (ok)
		assert_int_equal(points, expected);
}

static void
utf8_agrees_with_an_oracle(void **state)
{
	(void)state;
	static const uint8_t edges[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
	                                0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4,
	                                0xf5, 0xff};
	enum { N = sizeof edges };

	for (unsigned i = 0; i < 65536; i++) {
		const uint8_t p[] = {(uint8_t)(i >> 8), (uint8_t)i};
		check_utf8(p, 1);
		check_utf8(p, 2);
	}
	for (unsigned i = 0; i < N * N * N * N; i++) {
		const uint8_t p[] = {edges[i % N], edges[i / N % N], edges[i / N / N % N],
		                     edges[i / N / N / N]};
		check_utf8(p, 3);
		check_utf8(p, 4);
	}
	assert_true(text_utf8(BYTES_NONE, NULL));
	assert_true(text_utf8(bytes_text("gr\xc3\xbc\xc3\x9f"), NULL));
	assert_int_equal(text_utf8_size(BYTES_NONE), 0);
	assert_int_equal(text_utf8_size(bytes_text("\xe2\x82\xac!")), 3);
	assert_int_equal(text_utf8_size(bytes_text("\xe2\x82")), 0);
}

static void
distance_counts_slips_of_the_hand(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		unsigned distance;
	} rows[] = {
		{"", "", 0},           {"relay", "relay", 0},  {"", "abc", 3},
		{"realy", "relay", 1}, {"relai", "relay", 1},  {"rely", "relay", 1},
		{"relayy", "relay", 1}, {"ca", "abc", 2},      {"kitten", "sitting", 3},
		{"abcdef", "badcfe", 3}, {"a", "b", 1},        {"ab", "ba", 1},
		{"listner", "listeners", 2}, {"usrename", "username", 1}, {"xyz", "abc", 3},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(text_distance(rows[i].a, rows[i].b, 20), rows[i].distance);
		assert_int_equal(text_distance(rows[i].b, rows[i].a, 20), rows[i].distance);
	}
	assert_int_equal(text_distance("kitten", "sitting", 2), 3);
	assert_int_equal(text_distance("kitten", "xxxxxxxxxxx", 2), 3);

	char longest[65], other[65];
	memset(longest, 'a', 64);
	memset(other, 'b', 64);
	longest[63] = other[63] = '\0';
	assert_int_equal(text_distance(longest, other, 100), 63);
	assert_int_equal(text_distance(longest, "", 100), 63);
	longest[63] = 'a';
	longest[64] = '\0';
	assert_int_equal(text_distance(longest, longest, 5), 6); /* too long to be a name */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_are_read_whole),
		cmocka_unit_test(durations_are_read_whole),
		cmocka_unit_test(durations_are_written_short_and_read_back),
		cmocka_unit_test(sizes_are_read_whole),
		cmocka_unit_test(sizes_are_written_short_and_read_back),
		cmocka_unit_test(port_ranges_are_read_whole),
		cmocka_unit_test(hex_goes_both_ways),
		cmocka_unit_test(base64_matches_the_rfc),
		cmocka_unit_test(base64_is_strict),
		cmocka_unit_test(base64_keeps_to_its_room),
		cmocka_unit_test(utf8_agrees_with_an_oracle),
		cmocka_unit_test(distance_counts_slips_of_the_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
