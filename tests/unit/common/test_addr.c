/* common/addr.h: text both ways, canonical form, kinds and keys of addresses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "common/addr.h"

static union addr
parsed(const char *text)
{
	union addr a;
	const char *complaint = addr_parse(text, 3478, &a);

	if (complaint != NULL)
		fail_msg("%s: %s", text, complaint);
	return a;
}

static void
text_goes_both_ways(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out, *ip;
	} rows[] = {
		{"192.0.2.1", "192.0.2.1:3478", "192.0.2.1"},
		{"192.0.2.1:0", "192.0.2.1:0", "192.0.2.1"},
		{"255.255.255.255:65535", "255.255.255.255:65535", "255.255.255.255"},
		{"2001:db8::1", "[2001:db8::1]:3478", "2001:db8::1"},
		{"[2001:db8::1]", "[2001:db8::1]:3478", "2001:db8::1"},
		{"[2001:DB8:0::1]:5349", "[2001:db8::1]:5349", "2001:db8::1"},
		{"::", "[::]:3478", "::"},
		{"[::ffff:192.0.2.1]:1", "[::ffff:192.0.2.1]:1", "::ffff:192.0.2.1"},
		{"[fe80::1%7]:9", "[fe80::1%7]:9", "fe80::1%7"},
		{"fe80::1%4294967295", "[fe80::1%4294967295]:3478", "fe80::1%4294967295"},
		{"fe80:1111:2222:3333:4444:5555:6666:7777%4294967295",
	         "[fe80:1111:2222:3333:4444:5555:6666:7777%4294967295]:3478",
	         "fe80:1111:2222:3333:4444:5555:6666:7777%4294967295"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		union addr a = parsed(rows[i].in);
		char text[ADDR_TEXT];
		assert_string_equal(addr_text(&a, text), rows[i].out);
		assert_string_equal(addr_ip_text(&a, text), rows[i].ip);
		union addr again = parsed(rows[i].out);
		assert_memory_equal(&again, &a, sizeof a);
	}
}

static void
a_zone_may_be_a_name(void **state)
{
	(void)state;
	union addr a = parsed("fe80::1%lo");

	assert_int_not_equal(a.v6.sin6_scope_id, 0);
}

static void
bad_text_is_refused(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"", " ", ":", "::1::", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", " 1.2.3.4",
		"1.2.3.4 ", "1.2.3.4:", "1.2.3.4:x", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:-0",
		"1.2.3.4:+1", "1.2.3.4: 1", "0x7f.1", "127.1", "2130706433", "[", "[]", "[::1",
		"[::1]x", "[::1]:", "[::1]:65536", "[1.2.3.4]:5", "::1]:5", "2001:db8::1%2",
		"fe80::1%", "fe80::1%0", "fe80::1%no-such-if", "fe80::1%4294967296", "1.2.3.4%1",
		"example.org", "example.org:3478", "::g", "1:2:3:4:5:6:7:8:9",
		"1111111111111111111111111111111111111111111111111111111111111111111111111111111",
		"[1111111111111111111111111111111111111111111111111111111111111111111111111111]",
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		union addr a = parsed("192.0.2.7"), before = a;
		if (addr_parse(rows[i], 1, &a) == NULL)
			fail_msg("\"%s\" is taken for an address", rows[i]);
		assert_memory_equal(&a, &before, sizeof a);
	}
}

static void
none_prints_as_none(void **state)
{
	(void)state;
	union addr a = addr_make(bytes_view("12345", 5), 7);
	char text[ADDR_TEXT];
	uint8_t key[ADDR_KEY];

	assert_int_equal(addr_family(&a), 0);
	assert_int_equal(addr_size(&a), 0);
	assert_int_equal(addr_ip(&a).n, 0);
	assert_int_equal(addr_key(&a, key), 0);
	assert_string_equal(addr_text(&a, text), "none");
	assert_string_equal(addr_ip_text(&a, text), "none");
	assert_false(addr_is_any(&a) || addr_is_loopback(&a) || addr_is_multicast(&a));
}

/* S-049 */
static void
a_mapped_address_becomes_ipv4(void **state)
{
	(void)state;
	union addr a = parsed("[::ffff:192.0.2.1]:77"), plain = parsed("192.0.2.1:77");

	assert_false(addr_equal(&a, &plain));
	addr_unmap(&a);
	assert_true(addr_equal(&a, &plain));
	assert_int_equal(addr_size(&a), sizeof a.v4);
	addr_unmap(&a);
	assert_true(addr_equal(&a, &plain));

	static const char *const others[] = {
		"::192.0.2.1", "::fffe:192.0.2.1", "::ffff:0:192.0.2.1", "64:ff9b::192.0.2.1",
		"1::ffff:192.0.2.1", "192.0.2.1",
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		union addr b = parsed(others[i]), before = b;
		addr_unmap(&b);
		assert_memory_equal(&b, &before, sizeof b);
	}
}

static void
comparing_looks_at_ip_and_port_only(void **state)
{
	(void)state;
	union addr a = parsed("[fe80::1%7]:9"), b = parsed("[fe80::1%8]:9");

	b.v6.sin6_flowinfo = 5;
	assert_true(addr_equal(&a, &b));
	addr_set_port(&b, 10);
	assert_false(addr_equal(&a, &b));
	assert_true(addr_same_ip(&a, &b));
	union addr c = parsed("192.0.2.1:9"), d = parsed("192.0.2.2:9");
	assert_false(addr_same_ip(&c, &d));
	assert_false(addr_equal(&c, &d));
	assert_false(addr_same_ip(&a, &c));
}

static void
kinds_are_told_apart(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool any, loopback, multicast;
	} rows[] = {
		{"0.0.0.0", true, false, false},         {"::", true, false, false},
		{"0.0.0.1", false, false, false},        {"::2", false, false, false},
		{"127.0.0.1", false, true, false},       {"127.255.255.255", false, true, false},
		{"126.255.255.255", false, false, false}, {"128.0.0.1", false, false, false},
		{"::1", false, true, false},             {"::1:1", false, false, false},
		{"224.0.0.0", false, false, true},       {"239.255.255.255", false, false, true},
		{"223.255.255.255", false, false, false}, {"240.0.0.0", false, false, false},
		{"255.255.255.255", false, false, true}, {"255.255.255.254", false, false, false},
		{"ff02::1", false, false, true},         {"fe80::1", false, false, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		union addr a = parsed(rows[i].text);
		assert_int_equal(addr_is_any(&a), rows[i].any);
		assert_int_equal(addr_is_loopback(&a), rows[i].loopback);
		assert_int_equal(addr_is_multicast(&a), rows[i].multicast);
	}
}

static void
a_key_holds_ip_and_port(void **state)
{
	(void)state;
	uint8_t key[ADDR_KEY];
	union addr a = parsed("192.0.2.1:258");

	assert_int_equal(addr_key(&a, key), 6);
	assert_memory_equal(key, "\xc0\x00\x02\x01\x01\x02", 6);
	a = parsed("[2001:db8::7]:258");
	assert_int_equal(addr_key(&a, key), 18);
	assert_memory_equal(key, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07\x01\x02", 18);
}

/* security F2: bytes from the wire stand anywhere. */
static void
bytes_of_any_alignment_make_an_address(void **state)
{
	(void)state;
	uint8_t wire[32];

	for (size_t at = 0; at < 8; at++) {
		memset(wire, 0, sizeof wire);
		memcpy(wire + at, "\xc0\x00\x02\x05", 4);
		union addr a = addr_make(bytes_view(wire + at, 4), 99), b = parsed("192.0.2.5:99");
		assert_memory_equal(&a, &b, sizeof a);
		memcpy(wire + at, "\x20\x01\x0d\xb8", 4);
		union addr c = addr_make(bytes_view(wire + at, 16), 99),
			   d = parsed("[2001:db8::]:99");
		assert_memory_equal(&c, &d, sizeof c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_goes_both_ways),
		cmocka_unit_test(a_zone_may_be_a_name),
		cmocka_unit_test(bad_text_is_refused),
		cmocka_unit_test(none_prints_as_none),
		cmocka_unit_test(a_mapped_address_becomes_ipv4),
		cmocka_unit_test(comparing_looks_at_ip_and_port_only),
		cmocka_unit_test(kinds_are_told_apart),
		cmocka_unit_test(a_key_holds_ip_and_port),
		cmocka_unit_test(bytes_of_any_alignment_make_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
