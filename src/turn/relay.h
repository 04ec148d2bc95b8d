/*
 * turn/relay.h -- pure, shard thread; private to turn/. The data path: ChannelData and Send from
 * the client, datagrams from peers (RFC 8656, 11 and 12). No heap, no copy of payload.
 */
#ifndef NATSRV_TURN_RELAY_H
#define NATSRV_TURN_RELAY_H

#include "stun/parse.h"
#include "turn/machine.h"

/* Each fills the rest of `out` when it does not return TURN_DROP. */
enum turn_verdict relay_channel_data(struct turn *t, const struct turn_in *in,
                                     struct turn_out *out);
enum turn_verdict relay_send(struct turn *t, const struct turn_in *in, const struct parse *m,
                             struct turn_out *out);
enum turn_verdict relay_from_peer(struct turn *t, const struct turn_in *in, struct turn_out *out);

#endif
