/*
 * The machine: the input is a program of requests, packets, time and changes of the world, played
 * by eight clients, some of whom can sign; so the fuzzer gets behind the door. After every step
 * the machine must agree with itself and with the world, and everything that leaves it is judged:
 * answers are well-formed, what goes to a peer belongs to its sender and is allowed, what comes
 * from a peer goes to the owner of the relay. At the end everything is given back.
 *
 * A step is one byte, operation in the lower half and its argument in the upper one, and operands.
 */
#include "fuzz.h"

#include <string.h>

#include "../lib/rig.h"
#include "stun/frame.h"

const char fuzz_name[] = "machine";

enum {
	ALLOCATE, REFRESH, PERMIT, BIND, CHANNEL_DATA, SEND, PEER, TIME, CLIENT, RAW, REQUEST, AGAIN,
	WORLD, ATTRIBUTES, NONCE, LARGE,
};

enum { CLIENTS = 8, PEERS = 10, LARGEST = 65507, KEPT = 4096 };

struct play {
	struct cursor in;
	struct rig_client clients[CLIENTS], *c;
	union addr peers[PEERS];
	unsigned arg;
	uint8_t kept[KEPT];  /* the last request, to be sent again */
	size_t kept_n;
};

static struct rig r;
static uint8_t large[LARGEST];

static void
policy(unsigned bits)
{
	union addr own = rig_addr("192.0.2.1:3478");

	r.policy.rfc5766_channels = bits & 1;
	r.policy.permission_follows_channel = bits & 2;
	r.policy.strict_expiry = bits & 4;
	r.policy.anonymous = (bits & 0x38) == 0x38;
	r.policy.stun_auth = bits & 0x40;
	r.policy.algorithms_n = bits >> 7 & 1 ? 2 : bits >> 8 & 1;
	r.policy.permissions_max = bits & 0x200 ? 3 : 64;
	r.policy.channels_max = bits & 0x400 ? 2 : 0;
	r.policy.nonce_lifetime = bits & 0x800 ? 60 : 3600;
	r.policy.ipv6 = (bits & 0x1000) == 0;
	if (bits & 0x2000)
		r.policy.software = bytes_text("natsrvd under test");
	FUZZ_MUST(bits & 0x4000 || peers_add_recommended(r.peers));
	FUZZ_MUST(peers_deny_ports(r.peers, 53, 53) && peers_add_endpoint(r.peers, &own));
	FUZZ_MUST(peers_add_self(r.peers, &r.io.ip[0], r.io.port_lo, r.io.port_hi));
	FUZZ_MUST(peers_add(r.peers, PEERS_ALLOW, "203.0.113.0/24") == NULL);
	r.keys = keyring_new(&r.ring);
	FUZZ_MUST(r.keys != NULL);
	FUZZ_MUST(!keyring_add_password(r.keys, r.digest, bytes_text("alice"), bytes_text("pa")));
	FUZZ_MUST(!keyring_add_password(r.keys, r.digest, bytes_text("bob"), bytes_text("pb")));
	if (bits & 0x8000)
		FUZZ_MUST(keyring_add_secret(r.keys, bytes_text("north")) == NULL);
}

/* Clients 3 and 4 have time-limited credentials, renewed when they are switched to. */
static void
credential(struct rig_client *c, const char *who)
{
	char name[RIG_NAME], password[KEY_REST_PASSWORD];

	snprintf(name, sizeof name, "%lld:%s", (long long)r.now.unix_s + 900, who);
	FUZZ_MUST(key_rest_password(r.digest, bytes_text("north"), bytes_text(name), password));
	rig_password(&r, c, name, password);
}

static void
actors(struct play *p)
{
	static const char *const users[CLIENTS] = {"alice", "bob", "alice", "carol", "dora",
	                                           "nobody", NULL, "bob"};
	static const char *const peers[PEERS - 2] = {
		"203.0.113.9:5000", "203.0.113.9:5001", "203.0.113.10:5000", "8.8.8.8:53", "10.0.0.1:5",
		"[2a00:1450::9]:7000", "192.0.2.2:22", "192.0.2.1:3478",
	};

	for (unsigned i = 0; i < CLIENTS; i++)
		rig_client(&r, &p->clients[i], i * 256, users[i]);
	p->clients[2].legacy = true;
	rig_password(&r, &p->clients[2], "alice", "pa");
	p->clients[7].flow = p->clients[0].flow; /* another user on the same five-tuple */
	p->clients[1].flow.client = rig_addr("[2a00::1]:5000");
	for (unsigned i = 0; i < PEERS - 2; i++)
		p->peers[i] = rig_addr(peers[i]);
	p->c = &p->clients[0];
}

static const union addr *
peer(struct play *p)
{
	unsigned n = cursor_u8(&p->in);

	for (unsigned i = 0; i < 2; i++) /* two clients' relays are peers as well */
		p->peers[PEERS - 1 - i] = p->clients[i].relayed;
	const union addr *a = &p->peers[n % PEERS];
	return addr_family(a) == 0 ? &p->peers[0] : a;
}

static bool
within(struct bytes whole, struct bytes part)
{
	return part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

static struct turn_alloc_view
owner(const struct relay *relay)
{
	struct turn_alloc_view v;

	FUZZ_MUST(relay->alloc != NULL);
	turn_view(relay->alloc, &v);
	return v;
}

/* What a packet of a client's may lead to. */
static void
judge(const struct play *p, struct bytes sent)
{
	const struct turn_out *out = &r.out;
	struct parse m;

	if (out->verdict == TURN_TO_CLIENT) {
		FUZZ_MUST(flow_equal(&out->flow, &p->c->flow) && out->head.n == 0 && out->pad == 0);
		FUZZ_MUST(parse_message(&m, out->data) == PARSE_OK);
		FUZZ_MUST(m.class == STUN_SUCCESS || m.class == STUN_ERROR);
		FUZZ_MUST(memcmp(m.tid, sent.p + 8, STUN_TID) == 0);
		FUZZ_MUST(out->data.n <= TURN_REPLY);
	} else if (out->verdict == TURN_TO_PEER) {
		struct turn_alloc_view v = owner(out->relay);

		FUZZ_MUST(flow_equal(&v.flow, &p->c->flow) && r.now.mono < v.expires);
		FUZZ_MUST(peers_judge(r.peers, &out->peer, NULL) == PEERS_OK);
		FUZZ_MUST(addr_family(&out->peer) == addr_family(&v.relayed));
		FUZZ_MUST(addr_port(&out->peer) != 0);
		FUZZ_MUST(out->head.n == 0 && out->pad == 0 && within(sent, out->data));
	} else {
		FUZZ_MUST(out->verdict == TURN_DROP);
	}
}

static void
request(struct play *p)
{
	size_t n;

	if (p->arg & 8)
		rig_send(&r, p->c);
	else
		rig_ask(&r, p->c);
	n = pen_used(&r.b.pen);
	judge(p, bytes_view(r.wire, n));
	if (n > KEPT)
		return;
	memcpy(p->kept, r.wire, n);
	p->kept_n = n;
}

/* In memory of its own size, so that a sanitizer sees a read too far. */
static void
packet(struct play *p, struct bytes data)
{
	uint8_t *exact = malloc(data.n + (data.n == 0));

	FUZZ_MUST(exact != NULL);
	if (data.n > 0)
		memcpy(exact, data.p, data.n);
	rig_packet(&r, &p->c->flow, bytes_view(exact, data.n));
	judge(p, bytes_view(exact, data.n));
	free(exact);
}

static void
allocate(struct play *p)
{
	rig_begin(&r, p->c, METHOD_ALLOCATE);
	build_u8(&r.b, ATTR_REQUESTED_TRANSPORT, 17);
	if (p->arg & 1)
		build_u8(&r.b, ATTR_REQUESTED_ADDRESS_FAMILY, 2);
	if (p->arg & 2)
		build_u8(&r.b, ATTR_EVEN_PORT, 0);
	if (p->arg & 4)
		build_u32(&r.b, ATTR_LIFETIME, cursor_u16(&p->in));
	request(p);
	if (r.out.verdict == TURN_TO_CLIENT && r.answer.class == STUN_SUCCESS)
		FUZZ_MUST(parse_addr(&r.answer, ATTR_XOR_RELAYED_ADDRESS, &p->c->relayed));
}

static void
refresh(struct play *p)
{
	static const uint32_t lifetimes[] = {0, 1, 700, UINT32_MAX};

	rig_begin(&r, p->c, METHOD_REFRESH);
	build_u32(&r.b, ATTR_LIFETIME, lifetimes[p->arg & 3]);
	if (p->arg & 4)
		build_u8(&r.b, ATTR_REQUESTED_ADDRESS_FAMILY, cursor_u8(&p->in) & 3);
	request(p);
}

static void
permit(struct play *p)
{
	rig_begin(&r, p->c, METHOD_CREATE_PERMISSION);
	for (unsigned i = 0; i <= (p->arg & 7); i++)
		build_addr(&r.b, ATTR_XOR_PEER_ADDRESS, peer(p));
	request(p);
}

static unsigned
channel(struct play *p)
{
	unsigned n = cursor_u8(&p->in);

	return n < 240 ? 0x4000 + n % 12 : n < 250 ? 0x4ff8 + n % 12 : n % 2 ? 0x7fff : 0x3fff;
}

static void
bind_channel(struct play *p)
{
	rig_begin(&r, p->c, METHOD_CHANNEL_BIND);
	build_u16(&r.b, ATTR_CHANNEL_NUMBER, (uint16_t)channel(p));
	build_addr(&r.b, ATTR_XOR_PEER_ADDRESS, peer(p));
	request(p);
}

static void
channel_data(struct play *p)
{
	unsigned number = channel(p);
	size_t n = cursor_u8(&p->in);

	rig_channel_data(&r, p->c, number, bytes_view(large, n));
	judge(p, bytes_view(r.wire, FRAME_CHANNEL_HEADER + n));
}

static void
send_data(struct play *p)
{
	const union addr *to = peer(p);

	rig_send_data(&r, p->c, to, bytes_view(large, cursor_u8(&p->in)));
	judge(p, bytes_view(r.wire, pen_used(&r.b.pen)));
}

/* The n-th relay that there ever was, so that late packets to closed ones are among them. */
static struct fake_relay *
some_relay(unsigned n)
{
	struct list *l = r.io.relays.next;

	if (l == &r.io.relays)
		return NULL;
	for (; n > 0; n--, l = l->next)
		if (l->next == &r.io.relays)
			break;
	return LIST_ITEM(l, struct fake_relay, link);
}

static void
from_peer(struct play *p, size_t n)
{
	static uint8_t whole[TURN_ROOM + LARGEST + 4];
	struct fake_relay *to = some_relay(cursor_u8(&p->in) % 32);
	const union addr *from = peer(p);
	union addr relayed;
	struct parse m;
	size_t size;

	if (to == NULL)
		return;
	relayed = to->relay.relayed;
	to = fake_io_relay(&r.io, &relayed);
	if (rig_peer_data(&r, &relayed, from, bytes_view(large, n)) == TURN_DROP)
		return;
	FUZZ_MUST(r.out.verdict == TURN_TO_CLIENT && to->open);
	struct turn_alloc_view v = owner(&to->relay);
	FUZZ_MUST(flow_equal(&r.out.flow, &v.flow) && r.now.mono < v.expires);
	FUZZ_MUST(r.out.head.p + r.out.head.n == r.room + sizeof r.room);
	FUZZ_MUST(r.out.data.p == large && r.out.data.n == n && r.out.pad < 4);
	size = r.out.head.n + n + r.out.pad;
	memcpy(whole, r.out.head.p, r.out.head.n);
	memcpy(whole + r.out.head.n, large, n);
	memset(whole + r.out.head.n + n, 0, r.out.pad);
	if (r.out.head.n == FRAME_CHANNEL_HEADER)
		return;
	FUZZ_MUST(parse_message(&m, bytes_view(whole, size)) == PARSE_OK);
	FUZZ_MUST(m.method == METHOD_DATA && parse_value(&m, ATTR_DATA).n == n);
}

static void
pass_time(struct play *p)
{
	msec step = cursor_u16(&p->in);

	if (p->arg & 2)
		step *= 10; /* up to eleven minutes */
	r.now.mono += step;
	r.now.unix_s += (int64_t)(step / 1000);
	if ((p->arg & 1) == 0)
		FUZZ_MUST(turn_tick(r.turn, r.now) > r.now.mono);
}

static void
change_client(struct play *p)
{
	p->c = &p->clients[p->arg % CLIENTS];
	if (p->arg >= CLIENTS && (p->c == &p->clients[3] || p->c == &p->clients[4]))
		credential(p->c, p->c == &p->clients[3] ? "carol" : "dora");
}

static void
sign_and_send(struct play *p)
{
	bytes_put16(r.wire + 2, (unsigned)(pen_used(&r.b.pen) - STUN_HEADER));
	if (p->arg & 1)
		rig_sign(&r, p->c);
	if (p->arg & 2)
		build_fingerprint(&r.b);
	p->kept_n = build_end(&r.b);
	if (p->kept_n == 0 || p->kept_n > KEPT) {
		p->kept_n = 0;
		return;
	}
	memcpy(p->kept, r.wire, p->kept_n);
	packet(p, bytes_view(p->kept, p->kept_n));
}

static unsigned
method(struct play *p)
{
	static const unsigned methods[] = {METHOD_BINDING, METHOD_ALLOCATE, METHOD_REFRESH,
	                                   METHOD_CREATE_PERMISSION, METHOD_CHANNEL_BIND,
	                                   METHOD_SEND, METHOD_DATA, METHOD_CONNECT};

	return methods[cursor_u8(&p->in) % (sizeof methods / sizeof methods[0])];
}

static void
begin(struct play *p)
{
	unsigned which = method(p);

	rig_begin(&r, p->c, which);
	if (which == METHOD_SEND)
		bytes_put16(r.wire, name_type(METHOD_SEND, STUN_INDICATION));
}

/* Attributes as bytes, whatever they are, under a good signature. */
static void
raw_attributes(struct play *p)
{
	begin(p);
	struct bytes b = cursor_take(&p->in, (size_t)cursor_u8(&p->in) * 4);
	pen_put(&r.b.pen, b.p, b.n);
	sign_and_send(p);
}

/* Attributes of known types and any lengths. */
static void
attributes(struct play *p)
{
	begin(p);
	for (unsigned i = 0; i <= (p->arg >> 2); i++) {
		enum stun_attr a = (enum stun_attr)(cursor_u8(&p->in) % ATTR_COUNT);
		struct bytes b = cursor_take(&p->in, cursor_u8(&p->in));

		build_bytes(&r.b, a, b);
	}
	sign_and_send(p);
}

static void
world(struct play *p)
{
	switch (p->arg & 3) {
	case 0:
		r.io.user_max = p->arg >> 2;
		break;
	case 1:
		r.io.total_max = p->arg >> 2;
		break;
	case 2: /* no ports any more, or as before */
		r.io.port_lo = p->arg & 4 ? 49152 : 65535;
		r.io.next_port = r.io.port_lo;
		break;
	default:
		r.io.ip[1].sa.sa_family = p->arg & 4 ? AF_INET6 : 0;
		break;
	}
}

static void
change_nonce(struct play *p)
{
	struct rig_client *from = &p->clients[p->arg % CLIENTS];

	if (p->arg >= CLIENTS && p->c->nonce_n > 0)
		p->c->nonce[cursor_u8(&p->in) % p->c->nonce_n] ^= cursor_u8(&p->in);
	else if (p->c == from)
		p->c->nonce_n = 0;
	else
		p->c->nonce_n = from->nonce_n;
	memmove(p->c->nonce, from->nonce, p->arg >= CLIENTS ? 0 : p->c->nonce_n);
}

static void
step(struct play *p)
{
	static const unsigned sizes[] = {LARGEST, 65487, 65488, 1200};
	unsigned op = cursor_u8(&p->in);

	p->arg = op >> 4;
	switch (op & 15) {
	case ALLOCATE:
		allocate(p);
		break;
	case REFRESH:
		refresh(p);
		break;
	case PERMIT:
		permit(p);
		break;
	case BIND:
		bind_channel(p);
		break;
	case CHANNEL_DATA:
		channel_data(p);
		break;
	case SEND:
		send_data(p);
		break;
	case PEER:
		from_peer(p, cursor_u8(&p->in));
		break;
	case TIME:
		pass_time(p);
		break;
	case CLIENT:
		change_client(p);
		break;
	case RAW:
		packet(p, cursor_take(&p->in, cursor_u16(&p->in) & 0x3ff));
		break;
	case REQUEST:
		raw_attributes(p);
		break;
	case AGAIN:
		packet(p, bytes_view(p->kept, p->kept_n));
		break;
	case WORLD:
		world(p);
		break;
	case ATTRIBUTES:
		attributes(p);
		break;
	case NONCE:
		change_nonce(p);
		break;
	default:
		from_peer(p, sizes[p->arg & 3]);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct play p;

	p = (struct play){.in = cursor_over(bytes_view(data, size))};
	rig_init(&r);
	r.io.keep_closed = true;
	policy(cursor_u16(&p.in));
	rig_start(&r);
	actors(&p);
	while (!p.in.bad && cursor_left(&p.in) > 0) {
		const char *wrong;

		step(&p);
		wrong = turn_invariant(r.turn, r.now);
		if (wrong != NULL)
			fprintf(stderr, "invariant broken: %s\n", wrong);
		FUZZ_MUST(wrong == NULL);
		FUZZ_MUST(rig_count(&r, TURN_ALLOCATIONS) == r.io.open && r.io.open == r.io.total);
	}
	FUZZ_MUST(rig_fini(&r));
	return 0;
}
