/* stun/crc.c: S-073 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stun/crc.h"

static void
known_answers(void **state)
{
	(void)state;
	assert_int_equal(crc_bytes(bytes_text("123456789")),
	                 0xcbf43926u); /* conformance-stun 1.8 */
	assert_int_equal(crc_bytes(BYTES_NONE), 0);
	assert_int_equal(crc_fingerprint(bytes_text("123456789")), 0xcbf43926u ^ 0x5354554eu);
}

/* The definition, a bit at a time. */
static uint32_t
slow(const uint8_t *p, size_t n)
{
	uint32_t crc = 0xffffffffu;

	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* Every size and alignment (security F2), every byte value in every column of the tables. */
static void
against_definition(void **state)
{
	uint8_t b[4096 + 8];
	uint32_t x = 1;

	(void)state;
	for (size_t i = 0; i < sizeof b; i++) {
		x = x * 1664525u + 1013904223u;
		b[i] = (uint8_t)(x >> 24);
	}
	for (size_t at = 0; at < 8; at++)
		for (size_t n = 0; n < 80; n++)
			assert_int_equal(crc_bytes(bytes_view(b + at, n)), slow(b + at, n));
	assert_int_equal(crc_bytes(bytes_view(b, sizeof b)), slow(b, sizeof b));
	for (unsigned value = 0; value < 256; value++) {
		for (unsigned column = 0; column < 8; column++) {
			uint8_t eight[8] = {0};
			eight[column] = (uint8_t)value;
			assert_int_equal(crc_bytes(bytes_view(eight, 8)), slow(eight, 8));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers),
		cmocka_unit_test(against_definition),
	};

	return cmocka_run_group_tests_name("stun/crc", tests, NULL, NULL);
}
