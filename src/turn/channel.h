/*
 * turn/channel.h -- pure, shard thread; private to turn/. The channels of an allocation
 * (RFC 8656, 12) and the ChannelBind method (12.2).
 */
#ifndef NATSRV_TURN_CHANNEL_H
#define NATSRV_TURN_CHANNEL_H

#include "stun/frame.h"
#include "turn/request.h"

struct channel *channel_search(struct alloc *a, unsigned number);

/*
 * The binding of a channel number, expired ones included; NULL when there is none. Clients count
 * up from 0x4000, so the number mostly is the index.
 */
static inline struct channel *
channel_at(struct alloc *a, unsigned number)
{
	unsigned guess = number - FRAME_CHANNEL_MIN;

	if (guess < a->channels_n && a->channels[guess].number == number)
		return &a->channels[guess];
	return channel_search(a, number);
}

/* The binding of a peer whose IP has the permission entry `p` (may be NULL), likewise. */
static inline struct channel *
channel_of(struct alloc *a, const struct permission *p, const union addr *peer)
{
	struct channel *c;

	for (unsigned n = p == NULL ? 0 : p->channel; n != 0; n = c->next) {
		c = channel_at(a, n);
		if (c->peer.v4.sin_port == peer->v4.sin_port)
			return c;
	}
	return NULL;
}

static inline bool
channel_holds(const struct channel *c, msec now)
{
	return c != NULL && now < c->until;
}

unsigned channel_count(const struct alloc *a, msec now);

/* ChannelBind. 0 or 400, 403, 443, 508. */
unsigned channel_bind(struct request *r);

#endif
