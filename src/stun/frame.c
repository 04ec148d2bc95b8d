#include "stun/frame.h"

#include "stun/name.h"

enum frame_kind
frame_kind(struct bytes packet)
{
	if (packet.n == 0)
		return FRAME_EMPTY;

	unsigned first = packet.p[0];
	if (first <= 3)
		return FRAME_STUN;
	if (first <= 15)
		return FRAME_OTHER;
	if (first <= 19)
		return FRAME_ZRTP;
	if (first <= 63)
		return FRAME_DTLS;
	if (first <= 79)
		return FRAME_CHANNEL;
	if (first <= 127)
		return FRAME_QUIC;
	return first <= 191 ? FRAME_RTP : FRAME_QUIC;
}

bool
frame_channel(struct bytes datagram, uint16_t *channel, struct bytes *payload)
{
	*channel = 0;
	*payload = BYTES_NONE;
	if (datagram.n < FRAME_CHANNEL_HEADER)
		return false;

	size_t n = bytes_u16(datagram.p + 2);
	if (datagram.n < FRAME_CHANNEL_HEADER + n)
		return false;
	*channel = bytes_u16(datagram.p);
	*payload = bytes_view(datagram.p + FRAME_CHANNEL_HEADER, n);
	return true;
}

/* Sizes are size_t from the first step: lengths near 65535 must not wrap (security F1). */
static long
next_stun(struct bytes stream)
{
	enum { COOKIE = 4, TID = 8 };
	static const uint8_t cookie[] = {0x21, 0x12, 0xa4, 0x42};

	if (stream.n >= COOKIE && bytes_u16(stream.p + 2) % 4 != 0)
		return -1;
	for (size_t i = COOKIE; i < TID && i < stream.n; i++)
		if (stream.p[i] != cookie[i - COOKIE])
			return -1;
	return stream.n < TID ? 0 : STUN_HEADER + (long)bytes_u16(stream.p + 2);
}

long
frame_next(struct bytes stream, struct bytes *message)
{
	size_t bare, size;

	*message = BYTES_NONE;
	if (stream.n == 0)
		return 0;

	unsigned first = stream.p[0];
	if (first <= 3) {
		long n = next_stun(stream);
		if (n <= 0)
			return n;
		bare = size = (size_t)n;
	} else if (first >= FRAME_CHANNEL_MIN >> 8 && first <= FRAME_CHANNEL_OLD_MAX >> 8) {
		if (stream.n < FRAME_CHANNEL_HEADER)
			return 0;
		bare = FRAME_CHANNEL_HEADER + (size_t)bytes_u16(stream.p + 2);
		size = (bare + 3) & ~(size_t)3;
	} else {
		return -1;
	}
	if (stream.n >= size)
		*message = bytes_view(stream.p, bare);
	return (long)size;
}
