#include "rig.h"

#include <stdio.h>
#include <stdlib.h>

#include "stun/frame.h"
#include "stun/nonce.h"

/* As assert(), and never compiled out. */
#define MUST(what)                                                                                 \
	do {                                                                                       \
		if (!(what)) {                                                                     \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what);  \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

static const char realm[] = "example.org";

void
rig_init(struct rig *r)
{
	memset(r, 0, sizeof *r);
	r->now = (struct instant){.mono = 1000000, .unix_s = 1700000000};
	r->policy = (struct turn_policy){
	        .realm = bytes_text(realm),
	        .relay = true, .ipv4 = true, .ipv6 = true,
	        .algorithms = {KEY_SHA256, KEY_MD5}, .algorithms_n = 2,
	        .nonce_keys.n = 1, .nonce_lifetime = 3600,
	        .lifetime_default = 600, .lifetime_max = 3600,
	        .permissions_max = 64, .channels_max = 64};
	memset(r->policy.nonce_keys.key[0], 7, NONCE_KEY);
	r->ring = (struct keyring_policy){.realm = r->policy.realm, .rest_separator = ':',
	                                  .max_credential_ttl = 48 * 3600, .clock_skew = 30,
	                                  .hash = {11, 12}};
	MUST((r->peers = peers_new()) != NULL);
	MUST((r->digest = digest_new()) != NULL);
	fake_io_init(&r->io, 42);
}

void
rig_start(struct rig *r)
{
	if (r->keys == NULL) {
		MUST((r->keys = keyring_new(&r->ring)) != NULL);
		MUST(keyring_add_password(r->keys, r->digest, bytes_text("alice"),
		                          bytes_text("pa")) == NULL);
		MUST(keyring_add_password(r->keys, r->digest, bytes_text("bob"),
		                          bytes_text("pb")) == NULL);
	}
	r->policy.keys = r->keys;
	r->policy.peers = r->peers;
	MUST((r->turn = turn_new(&r->policy, &r->io.io, r->now)) != NULL);
}

bool
rig_fini(struct rig *r)
{
	turn_free(r->turn);
	keyring_free(r->keys);
	peers_free(r->peers);
	digest_free(r->digest);
	fake_io_fini(&r->io);
	r->turn = NULL;
	r->keys = NULL;
	return r->io.open == 0 && r->io.total == 0;
}

void
rig_password(struct rig *r, struct rig_client *c, const char *user, const char *password)
{
	enum key_algorithm a = c->legacy ? KEY_MD5 : c->algorithm;

	snprintf(c->user, sizeof c->user, "%s", user);
	MUST(key_long_term(r->digest, a, bytes_text(user), r->policy.realm, bytes_text(password),
	                   &c->key));
}

void
rig_client(struct rig *r, struct rig_client *c, unsigned n, const char *user)
{
	uint8_t ip[4] = {198, 51, (uint8_t)(n >> 14), 100};

	*c = (struct rig_client){.algorithm = KEY_SHA256};
	c->flow.client = addr_make(bytes_view(ip, 4), (uint16_t)(1024 + n % (1 << 14)));
	c->flow.local = rig_addr("192.0.2.1:3478");
	if (user == NULL)
		return;
	rig_password(r, c, user, strcmp(user, "alice") == 0 ? "pa" :
	                         strcmp(user, "bob") == 0   ? "pb" : "unknown");
}

union addr
rig_addr(const char *text)
{
	union addr a;

	MUST(addr_parse(text, 0, &a) == NULL);
	return a;
}

static void
feed(struct rig *r, struct turn_in *in)
{
	in->room_end = r->room + sizeof r->room;
	in->reply = r->reply;
	memset(&r->out, 0xee, sizeof r->out);
	turn_packet(r->turn, r->now, in, &r->out);
	if (r->careless)
		return;
	const char *wrong = turn_invariant(r->turn, r->now);
	if (wrong == NULL)
		return;
	fprintf(stderr, "invariant broken: %s\n", wrong);
	abort();
}

enum turn_verdict
rig_packet(struct rig *r, const struct flow *flow, struct bytes data)
{
	feed(r, &(struct turn_in){.whence = TURN_FROM_CLIENT, .flow = flow, .data = data});
	return r->out.verdict;
}

void
rig_begin(struct rig *r, struct rig_client *c, unsigned method)
{
	uint8_t tid[STUN_TID] = "tid";

	bytes_put32(tid + 4, ++c->requests);
	bytes_put32(tid + 8, c->flow.client.v4.sin_port);
	build_begin(&r->b, r->wire, sizeof r->wire, name_type(method, STUN_REQUEST), tid);
}

void
rig_sign(struct rig *r, const struct rig_client *c)
{
	const struct turn_policy *p = &r->policy;
	bool modern = !c->legacy && p->algorithms_n > 0;

	if (c->user[0] == '\0')
		return;
	build_bytes(&r->b, ATTR_USERNAME, bytes_text(c->user));
	build_bytes(&r->b, ATTR_REALM, p->realm);
	build_bytes(&r->b, ATTR_NONCE, bytes_view(c->nonce, c->nonce_n));
	if (modern) {
		build_algorithms(&r->b, p->algorithms, p->algorithms_n);
		build_algorithm(&r->b, (uint16_t)c->algorithm);
	}
	build_integrity(&r->b, r->digest, modern ? DIGEST_SHA256 : DIGEST_SHA1, key_view(&c->key));
}

int
rig_send(struct rig *r, struct rig_client *c)
{
	size_t n = build_end(&r->b);

	MUST(n > 0);
	if (rig_packet(r, &c->flow, bytes_view(r->wire, n)) == TURN_DROP)
		return RIG_SILENT;
	MUST(r->out.verdict == TURN_TO_CLIENT && r->out.head.n == 0 && r->out.pad == 0);
	MUST(r->out.data.p == r->reply && r->out.data.n <= TURN_REPLY);
	MUST(flow_equal(&r->out.flow, &c->flow));
	MUST(parse_message(&r->answer, r->out.data) == PARSE_OK);
	MUST(memcmp(r->answer.tid, r->wire + 8, STUN_TID) == 0);
	MUST(r->answer.method == name_type_method(bytes_u16(r->wire)));
	if (r->answer.class == STUN_SUCCESS)
		return 0;

	unsigned code = parse_error(&r->answer, NULL);
	struct bytes nonce = parse_value(&r->answer, ATTR_NONCE);
	MUST(r->answer.class == STUN_ERROR && code != 0);
	if ((code == 401 || code == 438) && nonce.n > 0 && nonce.n <= sizeof c->nonce) {
		memcpy(c->nonce, nonce.p, nonce.n);
		c->nonce_n = nonce.n;
	}
	return (int)code;
}

int
rig_ask(struct rig *r, struct rig_client *c)
{
	size_t body = pen_used(&r->b.pen);
	int code;

	if (c->user[0] != '\0' && c->nonce_n == 0 && (code = rig_send(r, c)) != 401)
		return code;
	rig_sign(r, c);
	code = rig_send(r, c);
	if (code != 438)
		return code;
	r->b.pen.at = r->b.pen.start + body;
	rig_sign(r, c);
	return rig_send(r, c);
}

int
rig_allocate(struct rig *r, struct rig_client *c, int family)
{
	int code;

	rig_begin(r, c, METHOD_ALLOCATE);
	build_u8(&r->b, ATTR_REQUESTED_TRANSPORT, 17);
	if (family == AF_INET6)
		build_u8(&r->b, ATTR_REQUESTED_ADDRESS_FAMILY, 2);
	code = rig_ask(r, c);
	if (code == 0)
		MUST(parse_addr(&r->answer, ATTR_XOR_RELAYED_ADDRESS, &c->relayed));
	return code;
}

int
rig_refresh(struct rig *r, struct rig_client *c, uint32_t lifetime)
{
	rig_begin(r, c, METHOD_REFRESH);
	build_u32(&r->b, ATTR_LIFETIME, lifetime);
	return rig_ask(r, c);
}

int
rig_permit(struct rig *r, struct rig_client *c, const union addr *peers, unsigned n)
{
	rig_begin(r, c, METHOD_CREATE_PERMISSION);
	for (unsigned i = 0; i < n; i++)
		build_addr(&r->b, ATTR_XOR_PEER_ADDRESS, &peers[i]);
	return rig_ask(r, c);
}

int
rig_bind(struct rig *r, struct rig_client *c, unsigned number, const union addr *peer)
{
	rig_begin(r, c, METHOD_CHANNEL_BIND);
	build_u16(&r->b, ATTR_CHANNEL_NUMBER, (uint16_t)number);
	build_addr(&r->b, ATTR_XOR_PEER_ADDRESS, peer);
	return rig_ask(r, c);
}

enum turn_verdict
rig_channel_data(struct rig *r, const struct rig_client *c, unsigned number, struct bytes payload)
{
	MUST(payload.n + FRAME_CHANNEL_HEADER <= sizeof r->wire);
	frame_channel_put(r->wire, (uint16_t)number, payload.n);
	if (payload.n > 0)
		memcpy(r->wire + FRAME_CHANNEL_HEADER, payload.p, payload.n);
	return rig_packet(r, &c->flow, bytes_view(r->wire, FRAME_CHANNEL_HEADER + payload.n));
}

enum turn_verdict
rig_send_data(struct rig *r, struct rig_client *c, const union addr *peer, struct bytes payload)
{
	size_t n;

	rig_begin(r, c, METHOD_SEND);
	bytes_put16(r->wire, name_type(METHOD_SEND, STUN_INDICATION));
	build_addr(&r->b, ATTR_XOR_PEER_ADDRESS, peer);
	build_bytes(&r->b, ATTR_DATA, payload);
	n = build_end(&r->b);
	MUST(n > 0);
	return rig_packet(r, &c->flow, bytes_view(r->wire, n));
}

enum turn_verdict
rig_peer_data(struct rig *r, const union addr *relayed, const union addr *peer,
              struct bytes payload)
{
	struct fake_relay *relay = fake_io_relay(&r->io, relayed);

	MUST(relay != NULL);
	feed(r, &(struct turn_in){.whence = TURN_FROM_PEER, .relay = &relay->relay, .peer = *peer,
	                          .data = payload});
	return r->out.verdict;
}

msec
rig_wait(struct rig *r, uint32_t seconds)
{
	r->now.mono += (msec)seconds * 1000;
	r->now.unix_s += seconds;
	msec next = turn_tick(r->turn, r->now);
	MUST(next > r->now.mono);
	MUST(turn_invariant(r->turn, r->now) == NULL);
	return next;
}

uint64_t
rig_count(const struct rig *r, enum turn_counter c)
{
	return turn_counters(r->turn)[c];
}
