/* stun/frame.c: first byte, ChannelData, streams. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "stun/frame.h"

static enum frame_kind
kind_of(unsigned first)
{
	if (first <= 3)
		return FRAME_STUN;
	if (first >= 16 && first <= 19)
		return FRAME_ZRTP;
	if (first >= 20 && first <= 63)
		return FRAME_DTLS;
	if (first >= 64 && first <= 79)
		return FRAME_CHANNEL;
	if (first >= 128 && first <= 191)
		return FRAME_RTP;
	return first >= 80 ? FRAME_QUIC : FRAME_OTHER;
}

/* S-005, S-113, T-006 */
static void
first_byte(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		uint8_t b = (uint8_t)first;
		assert_int_equal(frame_kind(bytes_view(&b, 1)), kind_of(first));
	}
	assert_int_equal(frame_kind(BYTES_NONE), FRAME_EMPTY); /* S-010 */
}

/* T-190, T-192, T-193, T-194 */
static void
channel_datagram(void **state)
{
	static const uint8_t packet[] = {0x40, 0x01, 0x00, 0x05, 'h', 'e', 'l', 'l', 'o', 0, 0, 0};
	uint16_t channel;
	struct bytes payload;

	(void)state;
	for (size_t n = 0; n < 9; n++) {
		assert_false(frame_channel(bytes_view(packet, n), &channel, &payload));
		assert_null(payload.p);
	}
	for (size_t n = 9; n <= sizeof packet; n++) {
		assert_true(frame_channel(bytes_view(packet, n), &channel, &payload));
		assert_int_equal(channel, 0x4001);
		assert_ptr_equal(payload.p, packet + 4);
		assert_int_equal(payload.n, 5);
	}

	static const uint8_t empty[] = {0x4f, 0xff, 0x00, 0x00};
	assert_true(frame_channel(bytes_view(empty, 4), &channel, &payload));
	assert_int_equal(channel, FRAME_CHANNEL_MAX);
	assert_int_equal(payload.n, 0);
}

static void
channel_put(void **state)
{
	uint8_t header[FRAME_CHANNEL_HEADER];

	(void)state;
	frame_channel_put(header, 0x4abc, 0x1234);
	assert_memory_equal(header, "\x4a\xbc\x12\x34", 4);
}

static void
next_is(const void *p, size_t n, long size, size_t bare)
{
	uint8_t *exact = malloc(n + 1); /* own memory, so that a sanitizer sees a read too far */
	struct bytes message;

	assert_non_null(exact);
	if (n > 0)
		memcpy(exact, p, n);
	assert_int_equal(frame_next(bytes_view(exact, n), &message), size);
	if (bare == 0) {
		assert_null(message.p);
	} else {
		assert_ptr_equal(message.p, exact);
		assert_int_equal(message.n, bare);
	}
	free(exact);
}

/* S-078, S-079, S-085, S-066 */
static void
stream_stun(void **state)
{
	uint8_t m[32] = {0x00, 0x01, 0x00, 0x04, 0x21, 0x12, 0xa4, 0x42};

	(void)state;
	for (size_t n = 0; n < 8; n++)
		next_is(m, n, 0, 0);
	for (size_t n = 8; n < 24; n++)
		next_is(m, n, 24, 0);
	for (size_t n = 24; n <= sizeof m; n++)
		next_is(m, n, 24, 24);

	m[3] = 5; /* length % 4 */
	next_is(m, 3, 0, 0);
	next_is(m, 4, -1, 0);
	m[3] = 4;
	for (size_t i = 4; i < 8;
	     i++) { /* the cookie: known to be wrong as soon as the byte is there */
		m[i] ^= 1;
		next_is(m, i, 0, 0);
		next_is(m, i + 1, -1, 0);
		next_is(m, sizeof m, -1, 0);
		m[i] ^= 1;
	}
}

/* T-195, T-196, A8 */
static void
stream_channel(void **state)
{
	uint8_t m[16] = {0x40, 0x00};

	(void)state;
	for (unsigned length = 0; length <= 8; length++) {
		size_t whole = 4 + (length + 3) / 4 * 4;
		m[3] = (uint8_t)length;
		for (size_t n = 0; n < 4; n++)
			next_is(m, n, 0, 0);
		for (size_t n = 4; n < whole; n++)
			next_is(m, n, (long)whole, 0);
		next_is(m, whole, (long)whole, 4 + length);
		next_is(m, sizeof m, (long)whole, 4 + length);
	}
	m[0] = 0x7f; /* old and reserved channels are framed, to be skipped (T-197) */
	next_is(m, sizeof m, 12, 12);
}

/* S-114, T-197 */
static void
stream_other(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		uint8_t b = (uint8_t)first;
		bool ours = first <= 3 || (first >= 0x40 && first <= 0x7f);
		next_is(&b, 1, ours ? 0 : -1, 0);
	}
}

/* security F1, S-088, T-200: 16-bit lengths at their end must not wrap */
static void
stream_largest(void **state)
{
	uint8_t m[8] = {0x00, 0x01, 0xff, 0xff, 0x21, 0x12, 0xa4, 0x42};

	(void)state;
	for (unsigned length = 65500; length <= 65535; length++) {
		m[0] = 0x00;
		m[2] = (uint8_t)(length >> 8);
		m[3] = (uint8_t)length;
		next_is(m, 8, length % 4 == 0 ? 20 + (long)length : -1, 0);
		m[0] = 0x40;
		next_is(m, 8, 4 + ((long)length + 3) / 4 * 4, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_byte),     cmocka_unit_test(channel_datagram),
		cmocka_unit_test(channel_put),    cmocka_unit_test(stream_stun),
		cmocka_unit_test(stream_channel), cmocka_unit_test(stream_other),
		cmocka_unit_test(stream_largest),
	};

	return cmocka_run_group_tests_name("stun/frame", tests, NULL, NULL);
}
