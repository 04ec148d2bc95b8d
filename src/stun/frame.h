/*
 * stun/frame.h -- pure, any thread: what a packet is by its first byte (RFC 7983, 9443),
 * ChannelData (RFC 8656, 12.4), and where a message ends in a stream (RFC 8489, 6.2.2).
 */
#ifndef NATSRV_STUN_FRAME_H
#define NATSRV_STUN_FRAME_H

#include "common/bytes.h"

enum frame_kind {
	FRAME_EMPTY,
	FRAME_STUN,
	FRAME_ZRTP,
	FRAME_DTLS,
	FRAME_CHANNEL,
	FRAME_QUIC,
	FRAME_RTP,
	FRAME_OTHER,
};

/* By the first byte; 64..79 is FRAME_CHANNEL; 80..127 and 192..255 FRAME_QUIC. */
enum frame_kind frame_kind(struct bytes packet);

enum {
	FRAME_CHANNEL_HEADER = 4,
	FRAME_CHANNEL_MIN = 0x4000,
	FRAME_CHANNEL_MAX = 0x4fff,
	FRAME_CHANNEL_OLD_MAX = 0x7fff, /* RFC 5766 */
};

/*
 * ChannelData in one datagram: channel and payload. False when shorter than it says (T-192,
 * T-193). Bytes after the payload are padding (T-194). The channel's range is not judged here.
 */
bool frame_channel(struct bytes datagram, uint16_t *channel, struct bytes *payload);

/* The 4-byte header before a payload. */
static inline void
frame_channel_put(uint8_t into[static FRAME_CHANNEL_HEADER], uint16_t channel, size_t payload)
{
	bytes_put16(into, channel);
	bytes_put16(into + 2, (unsigned)payload);
}

/*
 * The frame at the start of a stream's bytes. Returns the frame's whole size on the stream,
 * padding included (never 0 then); 0 when more bytes are needed to tell; -1 when this is not
 * a STUN/TURN stream any more and must be closed (A8: 0x5000-0x7fff is framed like ChannelData
 * and skipped). `message` is the frame without padding, valid when `stream` holds all of it.
 */
long frame_next(struct bytes stream, struct bytes *message);

#endif
