/*
 * Framing: any bytes as a stream, which must fall into the same messages however the network cuts
 * it; and as one ChannelData datagram.
 */
#include "fuzz.h"

#include <string.h>

#include "stun/frame.h"
#include "stun/name.h"

const char fuzz_name[] = "frame";

/* A prefix of a frame, in memory of its own size: says the same as the whole, or that more is
 * needed. */
static void
cut(struct bytes stream, size_t n, long size)
{
	uint8_t *exact = malloc(n + (n == 0));
	struct bytes message;

	FUZZ_MUST(exact != NULL);
	if (n > 0)
		memcpy(exact, stream.p, n);
	long got = frame_next(bytes_view(exact, n), &message);
	FUZZ_MUST(got == 0 || got == size);
	if (got <= 0 || n < (size_t)got)
		FUZZ_MUST(message.p == NULL && message.n == 0);
	else
		FUZZ_MUST(message.p == exact && message.n <= n);
	if (n >= STUN_HEADER)
		FUZZ_MUST(got == size); /* a header's worth of bytes always tells */
	free(exact);
}

static void
frame_of(struct bytes stream, long size, struct bytes message)
{
	if (size <= 0)
		return;
	FUZZ_MUST(size >= FRAME_CHANNEL_HEADER && size % 4 == 0);
	if ((size_t)size > stream.n) {
		FUZZ_MUST(message.p == NULL);
		return;
	}
	FUZZ_MUST(message.p == stream.p && message.n <= (size_t)size &&
	          message.n + 4 > (size_t)size);
	if (frame_kind(stream) == FRAME_STUN)
		FUZZ_MUST(message.n == (size_t)size && message.n >= STUN_HEADER);

	uint16_t channel;
	struct bytes payload;
	if (frame_kind(stream) == FRAME_CHANNEL) {
		FUZZ_MUST(frame_channel(message, &channel, &payload));
		FUZZ_MUST(channel >= FRAME_CHANNEL_MIN && channel <= FRAME_CHANNEL_MAX);
		FUZZ_MUST(payload.n == message.n - FRAME_CHANNEL_HEADER);
	}
}

static void
stream_of(struct bytes stream)
{
	enum { CUTS = 64 };
	long size;

	do {
		struct bytes message;
		size = frame_next(stream, &message);
		frame_of(stream, size, message);
		for (size_t n = 0; n <= stream.n && n < CUTS; n++)
			cut(stream, n, size);
		if (size > 0 && (size_t)size <= stream.n) {
			cut(stream, (size_t)size - 1, size);
			cut(stream, (size_t)size, size);
			stream = bytes_view(stream.p + size, stream.n - (size_t)size);
		} else {
			size = 0; /* closed, or waiting for more */
		}
	} while (size > 0);
}

static void
datagram_of(struct bytes datagram)
{
	uint8_t header[FRAME_CHANNEL_HEADER];
	uint16_t channel;
	struct bytes payload;

	if (!frame_channel(datagram, &channel, &payload)) {
		FUZZ_MUST(channel == 0 && payload.p == NULL && payload.n == 0);
		return;
	}
	FUZZ_MUST(payload.p == datagram.p + FRAME_CHANNEL_HEADER);
	FUZZ_MUST(payload.n + FRAME_CHANNEL_HEADER <= datagram.n);
	frame_channel_put(header, channel, payload.n);
	FUZZ_MUST(memcmp(header, datagram.p, sizeof header) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	stream_of(bytes_view(data, size));
	datagram_of(bytes_view(data, size));
	return 0;
}
