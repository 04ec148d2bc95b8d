/* stun/build.c: messages written. The buffer is full of 0xa5 beforehand (security F5). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "common/text.h"
#include "stun/build.h"
#include "stun/parse.h"

static const uint8_t tid[STUN_TID] = "\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae";
static uint8_t buf[2048];
static struct build b;

static void
begin(void)
{
	memset(buf, 0xa5, sizeof buf);
	build_begin(&b, buf, sizeof buf, name_type(METHOD_BINDING, STUN_SUCCESS), tid);
}

/* What stands behind the header, in hex. */
static void
attributes_are(const char *hex)
{
	char got[2 * 256 + 1];
	size_t n = build_end(&b);

	assert_in_range(n, STUN_HEADER, STUN_HEADER + 256);
	assert_int_equal(bytes_u16(buf + 2), n - STUN_HEADER); /* S-003 */
	assert_string_equal(text_hex(bytes_view(buf + STUN_HEADER, n - STUN_HEADER), got), hex);
	assert_int_equal(buf[n], 0xa5);
}

static void
header(void **state)
{
	(void)state;
	begin();
	assert_int_equal(build_end(&b), STUN_HEADER);
	assert_memory_equal(buf, "\x01\x01\0\0\x21\x12\xa4\x42", 8);
	assert_memory_equal(buf + 8, tid, STUN_TID);
	assert_int_equal(buf[20], 0xa5);
}

/* S-027, security F5 */
static void
padding(void **state)
{
	(void)state;
	begin();
	build_bytes(&b, ATTR_SOFTWARE, bytes_text("abcde"));
	attributes_are("802200056162636465000000");
	build_bytes(&b, ATTR_SOFTWARE, bytes_text("abcdef"));
	build_bytes(&b, ATTR_SOFTWARE, bytes_text("abcdefg"));
	attributes_are("802200056162636465000000"
	               "802200066162636465660000"
	               "802200076162636465666700");
	begin();
	build_bytes(&b, ATTR_REALM, bytes_text("abcd"));
	build_bytes(&b, ATTR_DATA, BYTES_NONE);
	build_empty(&b, ATTR_DONT_FRAGMENT);
	attributes_are("0014000461626364"
	               "00130000"
	               "001a0000");
}

/* conformance-turn 1.2 */
static void
numbers(void **state)
{
	(void)state;
	begin();
	build_u8(&b, ATTR_REQUESTED_TRANSPORT, 17);
	build_u8(&b, ATTR_EVEN_PORT, 0x80);
	build_u16(&b, ATTR_CHANNEL_NUMBER, 0x4000);
	build_u16(&b, ATTR_RESPONSE_PORT, 3478);
	build_u32(&b, ATTR_LIFETIME, 600);
	build_u8(&b, ATTR_REQUESTED_ADDRESS_FAMILY, 2);
	attributes_are("0019000411000000"
	               "0018000180000000"
	               "000c000440000000"
	               "002700020d960000"
	               "000d000400000258"
	               "0017000402000000");
	begin();
	build_u8(&b, ATTR_REQUESTED_TRANSPORT, 6);
	attributes_are("0019000406000000");
}

/* S-046, S-047, S-050 */
static void
addresses(void **state)
{
	union addr v4, v6;

	(void)state;
	assert_null(addr_parse("192.0.2.1:32853", 0, &v4));
	assert_null(addr_parse("[2001:db8:1234:5678:11:2233:4455:6677]:32853", 0, &v6));
	begin();
	build_addr(&b, ATTR_XOR_MAPPED_ADDRESS, &v4);
	build_addr(&b, ATTR_MAPPED_ADDRESS, &v4);
	attributes_are("002000080001a147e112a643"
	               "0001000800018055c0000201");
	begin();
	build_addr(&b, ATTR_XOR_MAPPED_ADDRESS, &v6);
	build_addr(&b, ATTR_OTHER_ADDRESS, &v6);
	attributes_are("002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
	               "802c00140002805520010db8123456780011223344556677");
}

/* S-019, S-021, S-038 */
static void
errors(void **state)
{
	static const uint16_t types[] = {0x7001, 0x7002, 0x7003};

	(void)state;
	begin();
	build_error(&b, 420, BYTES_NONE);
	build_types(&b, types, 3);
	attributes_are("0009000400000414"
	               "000a00067001700270030000");
	begin();
	build_error(&b, 438, bytes_text("Stale Nonce"));
	build_types(&b, types, 1);
	attributes_are("0009000f000004265374616c65204e6f6e636500"
	               "000a000270010000");
	begin();
	build_error(&b, 300, BYTES_NONE);
	build_error(&b, 699, BYTES_NONE);
	attributes_are("0009000400000300"
	               "0009000400000663");
}

/* conformance-stun 1.10 */
static void
algorithms(void **state)
{
	static const uint16_t both[] = {2, 1};

	(void)state;
	begin();
	build_algorithms(&b, both, 2);
	build_algorithm(&b, 2);
	attributes_are("800200080002000000010000"
	               "001d000400020000");
}

/* Every message that does not fit is refused whole, and nothing is written past the end. */
static void
too_small(void **state)
{
	struct digest *d = digest_new();
	union addr v6;

	(void)state;
	assert_non_null(d);
	assert_null(addr_parse("[2001:db8::1]:1", 0, &v6));
	for (size_t cap = 0; cap <= 20 + 24 + 12 + 8 + 24 + 36 + 8; cap++) {
		uint8_t *exact = malloc(cap + 1);
		assert_non_null(exact);
		exact[cap] = 0x5a;
		build_begin(&b, exact, cap, 0x0101, tid);
		build_addr(&b, ATTR_XOR_MAPPED_ADDRESS, &v6);
		build_bytes(&b, ATTR_SOFTWARE, bytes_text("abcde"));
		build_u32(&b, ATTR_LIFETIME, 1);
		build_integrity(&b, d, DIGEST_SHA1, bytes_text("key"));
		build_integrity(&b, d, DIGEST_SHA256, bytes_text("key"));
		build_fingerprint(&b);
		size_t n = build_end(&b);
		assert_int_equal(n, cap < 132 ? 0 : 132);
		if (n == 0 && cap >= 20) { /* and it stays refused */
			build_empty(&b, ATTR_DONT_FRAGMENT);
			assert_int_equal(build_end(&b), 0);
		}
		assert_int_equal(exact[cap], 0x5a);
		free(exact);
	}
	digest_free(d);
}

/* The length field has 16 bits and counts in fours. */
static void
too_long(void **state)
{
	size_t cap = 3 * 65536;
	uint8_t *big = malloc(cap);
	uint8_t *value = calloc(1, 65536 + 4);

	(void)state;
	assert_non_null(big);
	assert_non_null(value);
	for (size_t n = 65520; n <= 65540; n++) {
		build_begin(&b, big, cap, 0x0016, tid);
		build_bytes(&b, ATTR_DATA, bytes_view(value, n));
		assert_int_equal(build_end(&b), n <= 65528 ? 24 + (n + 3) / 4 * 4 : 0);
	}
	build_begin(&b, big, cap, 0x0016, tid);
	build_bytes(&b, ATTR_DATA, bytes_view(value, 40000));
	build_bytes(&b, ATTR_DATA, bytes_view(value, 40000));
	assert_int_equal(build_end(&b), 0);
	free(value);
	free(big);
}

/* Header length is final after every call (S-075): the MAC of vector-like text is checked by
 * test_seal. */
static void
sealed_reads_back(void **state)
{
	struct digest *d = digest_new();
	struct parse m;

	(void)state;
	assert_non_null(d);
	begin();
	build_bytes(&b, ATTR_USERNAME, bytes_text("ann"));
	build_integrity(&b, d, DIGEST_SHA1, bytes_text("key"));
	build_fingerprint(&b);
	assert_int_equal(parse_message(&m, bytes_view(buf, build_end(&b))), PARSE_OK);
	assert_true(m.fingerprint);
	assert_int_equal(parse_value(&m, ATTR_MESSAGE_INTEGRITY).n, 20);
	digest_free(d);
}

/* A Data indication around a payload that stays where it is. */
static void
before(void **state)
{
	static const char *const peers[] = {"192.0.2.1:32853", "[2001:db8::1]:5"};
	uint8_t space[BUILD_BEFORE_MAX + 64];

	(void)state;
	for (unsigned v = 0; v < 2; v++) {
		for (size_t payload = 0; payload < 32; payload++) {
			union addr peer, got;
			unsigned pad;
			struct parse m;
			uint8_t *data = space + BUILD_BEFORE_MAX;

			assert_null(addr_parse(peers[v], 0, &peer));
			memset(space, 0xa5, sizeof space);
			size_t n = build_before(data, name_type(METHOD_DATA, STUN_INDICATION), tid,
			                        &peer, payload, &pad);
			assert_int_equal(n, v == 0 ? 36 : 48);
			assert_int_equal((payload + pad) % 4, 0);
			assert_in_range(pad, 0, 3);
			for (uint8_t *p = space; p < data - n; p++)
				assert_int_equal(*p, 0xa5);
			assert_int_equal(*data, 0xa5); /* the payload was not touched */
			memset(data + payload, 0, pad);
			assert_int_equal(parse_message(&m, bytes_view(data - n, n + payload + pad)),
			                 PARSE_OK);
			assert_int_equal(m.method, METHOD_DATA);
			assert_int_equal(m.class, STUN_INDICATION);
			assert_memory_equal(m.tid, tid, STUN_TID);
			assert_true(parse_addr(&m, ATTR_XOR_PEER_ADDRESS, &got));
			assert_true(addr_equal(&got, &peer));
			assert_ptr_equal(parse_value(&m, ATTR_DATA).p, data);
			assert_int_equal(parse_value(&m, ATTR_DATA).n, payload);
		}
	}
}

static void
before_too_long(void **state)
{
	uint8_t space[BUILD_BEFORE_MAX];
	union addr v4, v6;
	unsigned pad;

	(void)state;
	assert_null(addr_parse("192.0.2.1:1", 0, &v4));
	assert_null(addr_parse("[::1]:1", 0, &v6));
	assert_int_equal(build_before(space + sizeof space, 0x0017, tid, &v4, 65516, &pad), 36);
	assert_int_equal(build_before(space + sizeof space, 0x0017, tid, &v4, 65517, &pad), 0);
	assert_int_equal(build_before(space + sizeof space, 0x0017, tid, &v6, 65504, &pad), 48);
	assert_int_equal(build_before(space + sizeof space, 0x0017, tid, &v6, 65505, &pad), 0);
	assert_int_equal(build_before(space + sizeof space, 0x0017, tid, &v6, 65535, &pad), 0);
	assert_int_equal(build_before(space + sizeof space, 0x0017, tid, &v6, SIZE_MAX, &pad), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header),
		cmocka_unit_test(padding),
		cmocka_unit_test(numbers),
		cmocka_unit_test(addresses),
		cmocka_unit_test(errors),
		cmocka_unit_test(algorithms),
		cmocka_unit_test(too_small),
		cmocka_unit_test(too_long),
		cmocka_unit_test(sealed_reads_back),
		cmocka_unit_test(before),
		cmocka_unit_test(before_too_long),
	};

	return cmocka_run_group_tests_name("stun/build", tests, NULL, NULL);
}
