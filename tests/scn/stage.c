#include "scn.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/text.h"

bool
stage_fail(struct stage *s, const char *format, ...)
{
	va_list args;

	if (s->why[0] != '\0')
		return false;
	va_start(args, format);
	vsnprintf(s->why, sizeof s->why, format, args);
	va_end(args);
	return false;
}

static void
default_actors(struct stage *s)
{
	static const char *const clients[] = {"198.51.100.1:40001", "198.51.100.2:40002",
	                                      "[2a00:1450::3]:40003"};
	static const char *const peers[] = {"203.0.113.9:5000", "203.0.113.10:6000",
	                                    "[2a00:1450::9]:7000"};

	for (unsigned i = 0; i < 3; i++) {
		struct flow *f = &s->clients[i].flow;

		addr_parse(clients[i], 0, &f->client);
		addr_parse(i == 2 ? "[2001:db8::1]:3478" : "192.0.2.1:3478", 0, &f->local);
		f->transport = FLOW_UDP;
		addr_parse(peers[i], 0, &s->peers_at['P' - 'A' + i]);
	}
}

void
stage_init(struct stage *s, bool scratch)
{
	memset(s, 0, sizeof *s);
	s->scratch = scratch;
	s->now = (struct instant){.mono = 1000000, .unix_s = 1700000000};
	s->unix_base = s->now.unix_s - (int64_t)(s->now.mono / 1000);
	s->digest = digest_new();
	assert(s->digest != NULL);
	fake_io_init(&s->io, 42);
	s->io.keep_closed = true;
	default_actors(s);
	policy_default(s);
}

void
stage_stop(struct stage *s)
{
	turn_free(s->turn);
	s->turn = NULL;
	keyring_free(s->keys);
	s->keys = NULL;
	if (s->io.open != 0 || s->io.total != 0)
		stage_fail(s, "%u relays and %u quota units leaked", s->io.open, s->io.total);
}

void
stage_fini(struct stage *s)
{
	stage_stop(s);
	peers_free(s->peers);
	digest_free(s->digest);
	fake_io_fini(&s->io);
}

/* Users are "name:password" or, with a password of "key:<hex>", a ready key. */
static const char *
add_user(struct stage *s, const char *name, const char *password)
{
	struct key key = {.n = 0};

	if (strncmp(password, "key:", 4) != 0)
		return keyring_add_password(s->keys, s->digest, bytes_text(name),
		                            bytes_text(password));
	key.n = (uint8_t)(strlen(password + 4) / 2);
	if (key.n > KEY_MAX || !text_unhex(password + 4, key.b, key.n))
		return "bad key";
	return keyring_add_key(s->keys, s->digest, bytes_text(name), &key);
}

bool
stage_start(struct stage *s)
{
	const char *wrong = NULL;

	if (s->turn != NULL)
		return true;
	s->policy.realm = bytes_text(s->realm);
	s->policy.software = bytes_text(s->software);
	s->ring_policy.realm = s->policy.realm;
	s->keys = keyring_new(&s->ring_policy);
	assert(s->keys != NULL);
	for (unsigned i = 0; i < s->users_n && wrong == NULL; i++)
		wrong = add_user(s, s->users[i][0], s->users[i][1]);
	for (unsigned i = 0; i < s->secrets_n && wrong == NULL; i++)
		wrong = keyring_add_secret(s->keys, bytes_text(s->secrets[i]));
	if (wrong != NULL)
		return stage_fail(s, "users and secrets: %s", wrong);
	s->policy.keys = s->keys;
	s->policy.peers = s->peers;
	s->turn = turn_new(&s->policy, &s->io.io, s->now);
	memset(s->counters, 0, sizeof s->counters);
	return s->turn != NULL;
}

static bool
check(struct stage *s)
{
	const char *wrong = turn_invariant(s->turn, s->now);

	return wrong == NULL || stage_fail(s, "invariant broken: %s", wrong);
}

bool
stage_time(struct stage *s, const char *step, bool tick)
{
	uint64_t ms;
	msec next;

	if (step[0] != '+' || text_duration(step + 1, &ms) != NULL)
		return stage_fail(s, "+duration is wanted");
	s->now.mono += ms;
	s->now.unix_s = s->unix_base + (int64_t)(s->now.mono / 1000);
	if (!stage_start(s) || !tick)
		return s->why[0] == '\0';
	next = turn_tick(s->turn, s->now);
	if (next <= s->now.mono)
		return stage_fail(s, "the next deadline is in the past");
	return check(s);
}

bool
stage_addr(struct stage *s, const char *text, union addr *into)
{
	unsigned c = (unsigned)(text[0] - 'A');

	if (c < ACTORS && text[1] == '\0') {
		*into = text[0] < 'P' ? s->clients[c].flow.client : s->peers_at[c];
		return true;
	}
	if (c < ACTORS && text[1] == ':') { /* "P:1234": the same IP with another port */
		*into = s->peers_at[c];
		addr_set_port(into, (uint16_t)strtoul(text + 2, NULL, 10));
		return true;
	}
	if (c < ACTORS && strcmp(text + 1, ".relay") == 0) {
		*into = s->clients[c].relayed;
		return true;
	}
	return addr_parse(text, 0, into) == NULL || stage_fail(s, "no such address: %s", text);
}

/* Feeds one packet in, keeps what comes out as one piece, and checks the machine. */
static bool
feed(struct stage *s, struct turn_in *in, struct bytes data)
{
	static uint8_t room[TURN_ROOM + PACKET_MAX], scratch[TURN_ROOM], reply[TURN_REPLY];
	uint8_t before[TURN_ROOM];

	if (s->fresh && s->out.verdict != TURN_DROP)
		return stage_fail(s, "nobody looked at what came last");
	if (!stage_start(s))
		return false;
	memset(room, 0xee, TURN_ROOM);
	memset(scratch, 0xee, sizeof scratch);
	if (data.n > 0)
		memcpy(room + TURN_ROOM, data.p, data.n);
	memcpy(before, room, sizeof before);
	in->data = bytes_view(room + TURN_ROOM, data.n);
	in->room_end = s->scratch ? scratch + sizeof scratch : room + TURN_ROOM;
	in->reply = reply;
	memset(&s->out, 0xee, sizeof s->out);
	turn_packet(s->turn, s->now, in, &s->out);
	s->fresh = true;
	s->got.n = 0;
	if (s->out.verdict != TURN_DROP) {
		struct pen w = pen_over(s->got.p, sizeof s->got.p);

		pen_put(&w, s->out.head.p, s->out.head.n);
		pen_put(&w, s->out.data.p, s->out.data.n);
		pen_put(&w, "\0\0\0", s->out.pad);
		s->got.n = pen_used(&w);
	}
	return check(s);
}

bool
stage_from_client(struct stage *s, struct client *c, const uint8_t *p, size_t n)
{
	struct turn_in in = {.whence = TURN_FROM_CLIENT, .flow = &c->flow};

	return feed(s, &in, bytes_view(p, n));
}

bool
stage_from_peer(struct stage *s, const union addr *peer, const union addr *relayed,
                struct bytes data)
{
	struct fake_relay *r = fake_io_relay(&s->io, relayed);
	struct turn_in in = {.whence = TURN_FROM_PEER, .peer = *peer};

	if (r == NULL)
		return stage_fail(s, "there never was such a relay");
	in.relay = &r->relay;
	s->spoke = *peer;
	return feed(s, &in, data);
}
