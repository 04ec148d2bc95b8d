#include "turn/relay.h"

#include "stun/build.h"
#include "turn/channel.h"
#include "turn/gate.h"
#include "turn/permission.h"

enum { RELAY_LARGEST = 65535 - BUILD_BEFORE_MAX }; /* what a Data indication can carry */

static enum turn_verdict
to_peer(struct alloc *a, const union addr *peer, struct bytes payload, struct turn_out *out)
{
	struct turn *t = a->turn;

	a->client_packets++;
	a->client_bytes += payload.n;
	machine_count(t, TURN_CLIENT_PACKETS, 1);
	machine_count(t, TURN_CLIENT_BYTES, payload.n);
	out->relay = a->relay;
	out->peer = *peer;
	out->data = payload;
	return TURN_TO_PEER;
}

enum turn_verdict
relay_channel_data(struct turn *t, const struct turn_in *in, struct turn_out *out)
{
	struct alloc *a = alloc_find(t, in->flow);
	msec now = t->now.mono;
	uint16_t number;
	struct bytes payload;

	if (a == NULL || now >= a->expires)
		return machine_drop(t, TURN_DROPPED_NO_ALLOCATION);
	if (!frame_channel(in->data, &number, &payload))
		return machine_drop(t, TURN_DROPPED_MALFORMED);

	const struct channel *c = channel_at(a, number);
	if (!channel_holds(c, now)) /* its permission may be over: 12.6 does not ask (T-199) */
		return machine_drop(t, TURN_DROPPED_NO_CHANNEL);
	return to_peer(a, &c->peer, payload, out);
}

/* The gate's answer for a port is remembered, so that a run of packets asks it once. */
static enum turn_verdict
gate_send(struct alloc *a, struct permission *p, const union addr *peer)
{
	uint16_t port = addr_port(peer);
	enum peers_verdict verdict;

	if (p->port == port)
		return TURN_TO_PEER;
	if (gate_judge(a, peer, &verdict) != 0)
		return machine_drop(a->turn, verdict == PEERS_DENIED_PORT
		                                     ? TURN_DROPPED_PEER_PORT
		                                     : TURN_DROPPED_PEER_DENIED);
	p->port = port;
	return TURN_TO_PEER;
}

enum turn_verdict
relay_send(struct turn *t, const struct turn_in *in, const struct parse *m, struct turn_out *out)
{
	struct alloc *a = alloc_find(t, in->flow);
	msec now = t->now.mono;
	union addr peer;

	if (a == NULL || now >= a->expires)
		return machine_drop(t, TURN_DROPPED_NO_ALLOCATION);
	if (!parse_addr(m, ATTR_XOR_PEER_ADDRESS, &peer) || !parse_has(m, ATTR_DATA) ||
	    addr_port(&peer) == 0)
		return machine_drop(t, TURN_DROPPED_MALFORMED);
	if (addr_family(&peer) != addr_family(&a->relay->relayed))
		return machine_drop(t, TURN_DROPPED_NO_PERMISSION);

	struct permission *p = permission_find(a, &peer);
	if (!permission_holds(p, now))
		return machine_drop(t, TURN_DROPPED_NO_PERMISSION);
	if (gate_send(a, p, &peer) != TURN_TO_PEER)
		return TURN_DROP;
	return to_peer(a, &peer, parse_value(m, ATTR_DATA), out);
}

enum turn_verdict
relay_from_peer(struct turn *t, const struct turn_in *in, struct turn_out *out)
{
	struct alloc *a = in->relay->alloc;
	msec now = t->now.mono;
	size_t head = FRAME_CHANNEL_HEADER;

	if (a == NULL || now >= a->expires)
		return machine_drop(t, TURN_DROPPED_NO_ALLOCATION);
	struct permission *p = permission_find(a, &in->peer);
	if (!permission_holds(p, now))
		return machine_drop(t, TURN_DROPPED_NO_PERMISSION);
	if (in->data.n > RELAY_LARGEST)
		return machine_drop(t, TURN_DROPPED_TOO_LARGE);

	const struct channel *c = channel_of(a, p, &in->peer);
	if (channel_holds(c, now))
		frame_channel_put(in->room_end - head, c->number, in->data.n);
	else
		head = build_before(in->room_end, name_type(METHOD_DATA, STUN_INDICATION),
		                    machine_tid(t), &in->peer, in->data.n, &out->pad);

	a->peer_packets++;
	a->peer_bytes += in->data.n;
	machine_count(t, TURN_PEER_PACKETS, 1);
	machine_count(t, TURN_PEER_BYTES, in->data.n);
	out->flow = a->flow;
	out->head = bytes_view(in->room_end - head, head);
	out->data = in->data;
	return TURN_TO_CLIENT;
}
