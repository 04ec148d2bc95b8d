#include "scn.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/text.h"
#include "stun/frame.h"

static bool
to_client(const struct stage *s, const struct client *c)
{
	return s->out.verdict == TURN_TO_CLIENT && flow_equal(&s->out.flow, &c->flow);
}

static bool
same_text(struct stage *s, const struct words *ws, struct bytes got, const char *what)
{
	static struct buffer wanted;

	for (unsigned i = 0; i < ws->n; i++)
		if (ws->w[i].name == NULL) {
			words_bytes(&ws->w[i], &wanted);
			if (!bytes_equal(bytes_view(wanted.p, wanted.n), got))
				return stage_fail(s, "%s differs", what);
			return true;
		}
	return stage_fail(s, "a \"text\" is wanted");
}

static bool
expect_data(struct stage *s, const struct words *ws)
{
	struct parse m;
	const char *name = words_value(ws, "from", NULL);
	union addr from, peer;

	if (parse_message(&m, bytes_view(s->got.p, s->got.n)) != PARSE_OK ||
	    m.method != METHOD_DATA || m.class != STUN_INDICATION)
		return stage_fail(s, "what came is no Data indication");
	if (name == NULL)
		from = s->spoke;
	else if (!stage_addr(s, name, &from))
		return false;
	if (!parse_addr(&m, ATTR_XOR_PEER_ADDRESS, &peer) || !addr_equal(&from, &peer))
		return stage_fail(s, "from another peer");
	if (!parse_has(&m, ATTR_DATA) || parse_has(&m, ATTR_MESSAGE_INTEGRITY))
		return stage_fail(s, "no DATA, or an integrity attribute");
	return same_text(s, ws, parse_value(&m, ATTR_DATA), "DATA");
}

static bool
expect_channel(struct stage *s, const struct words *ws)
{
	uint16_t number;
	struct bytes payload;

	if (!frame_channel(bytes_view(s->got.p, s->got.n), &number, &payload) || s->got.p[0] < 0x40)
		return stage_fail(s, "what came is no ChannelData");
	if (ws->n < 3 || ws->w[2].name == NULL || number != strtoul(ws->w[2].name, NULL, 0))
		return stage_fail(s, "on channel 0x%04x", number);
	if (s->got.n != FRAME_CHANNEL_HEADER + payload.n)
		return stage_fail(s, "bytes behind the payload");
	return same_text(s, ws, payload, "the payload");
}

bool
expect_client(struct stage *s, struct client *c, const struct words *ws)
{
	s->fresh = false;
	if (ws->n < 2 || ws->w[1].name == NULL)
		return stage_fail(s, "what is expected?");
	if (words_is(&ws->w[1], "silence"))
		return s->out.verdict == TURN_DROP || stage_fail(s, "no silence");
	if (!to_client(s, c))
		return stage_fail(s, "nothing came to this client");
	if (words_is(&ws->w[1], "data"))
		return expect_data(s, ws);
	if (words_is(&ws->w[1], "channel"))
		return expect_channel(s, ws);
	return answer_expect(s, c, ws);
}

/* "P< "text"", "P< from=A "text"", "P:1234< ..." by port=1234, "P< silence" */
bool
expect_peer(struct stage *s, unsigned peer, const struct words *ws)
{
	const char *port = words_value(ws, "port", NULL), *from = words_value(ws, "from", NULL);
	union addr to = s->peers_at[peer];

	s->fresh = false;
	if (port != NULL)
		addr_set_port(&to, (uint16_t)strtoul(port, NULL, 10));
	bool here = s->out.verdict == TURN_TO_PEER && addr_equal(&s->out.peer, &to);
	if (ws->n > 1 && words_is(&ws->w[1], "silence"))
		return s->out.verdict == TURN_DROP || stage_fail(s, "no silence");
	if (!here)
		return stage_fail(s, "nothing came to this peer");
	if (s->out.relay->alloc == NULL || s->out.head.n != 0 || s->out.pad != 0)
		return stage_fail(s, "a relayed datagram is payload and nothing else");
	if (from != NULL &&
	    !addr_equal(&s->out.relay->relayed, &s->clients[from[0] - 'A'].relayed))
		return stage_fail(s, "from another relay");
	return same_text(s, ws, bytes_view(s->got.p, s->got.n), "the datagram");
}

/* counter requests_binding +1 dropped_source +2: since the last such line */
bool
expect_counter(struct stage *s, const struct words *ws)
{
	for (unsigned i = 1; i + 1 < ws->n; i += 2) {
		unsigned c = 0;

		while (c < TURN_COUNTERS &&
		       strcmp(turn_counter_name((enum turn_counter)c), ws->w[i].name) != 0)
			c++;
		if (c == TURN_COUNTERS)
			return stage_fail(s, "no such counter: %s", ws->w[i].name);
		uint64_t now = turn_counters(s->turn)[c];
		long long grown = (long long)(now - s->counters[c]);
		s->counters[c] = now;
		if (grown != strtoll(ws->w[i + 1].name, NULL, 0))
			return stage_fail(s, "%s grew by %lld", ws->w[i].name, grown);
	}
	return true;
}

/* event NAME [reason=R] [user=U] [rule=R]; "event none": nothing more happened */
bool
expect_event(struct stage *s, const struct words *ws)
{
	const char *reason = words_value(ws, "reason", NULL), *user = words_value(ws, "user", NULL);
	const char *rule = words_value(ws, "rule", NULL);
	struct fake_event e;

	if (words_is(&ws->w[1], "none"))
		return s->io.events_n == 0 ||
		       stage_fail(s, "event %s", turn_event_name(s->io.events[0].kind));
	if (words_is(&ws->w[1], "any")) {
		s->io.events_n = 0;
		return true;
	}
	if (s->io.events_n == 0)
		return stage_fail(s, "no event");
	e = s->io.events[0];
	memmove(s->io.events, s->io.events + 1, --s->io.events_n * sizeof e);
	if (strcmp(turn_event_name(e.kind), ws->w[1].name) != 0 ||
	    (reason != NULL && strcmp(turn_reason_name(e.reason), reason) != 0) ||
	    (user != NULL && strcmp(e.user, user) != 0) ||
	    (rule != NULL && strcmp(e.rule, rule) != 0))
		return stage_fail(s, "event %s reason=%s user=%s rule=%s", turn_event_name(e.kind),
		                  turn_reason_name(e.reason), e.user, e.rule);
	return true;
}

/* allocation A permissions=1 channels=0 left=600 ..., "allocation A none" */
bool
expect_allocation(struct stage *s, struct client *c, const struct words *ws)
{
	struct fake_relay *r = fake_io_relay(&s->io, &c->relayed);
	struct turn_alloc_view v;

	if (words_find(ws, "none") != NULL)
		return r == NULL || !r->open || stage_fail(s, "there is one");
	if (r == NULL || !r->open)
		return stage_fail(s, "there is none");
	turn_view(r->relay.alloc, &v);
	const struct {
		const char *name;
		uint64_t value;
	} shown[] = {
		{"permissions", v.permissions}, {"channels", v.channels},
		{"left", (v.expires - s->now.mono) / 1000}, {"client_packets", v.client_packets},
		{"client_bytes", v.client_bytes}, {"peer_packets", v.peer_packets},
		{"peer_bytes", v.peer_bytes},
		{"quota", fake_io_used(&s->io, words_value(ws, "of", ""))},
	};
	for (unsigned i = 0; i < sizeof shown / sizeof shown[0]; i++) {
		const char *wanted = words_value(ws, shown[i].name, NULL);

		if (wanted != NULL &&
		    !answer_number(s, shown[i].name, (unsigned long)shown[i].value, wanted))
			return false;
	}
	const char *user = words_value(ws, "user", NULL);
	return user == NULL || bytes_equal(v.user, bytes_text(user)) ||
	       stage_fail(s, "another user");
}

static void
dump_attribute(char *into, size_t room, const struct parse *m, unsigned type, struct bytes v)
{
	int a = name_attr_index((uint16_t)type);
	char hex[2 * 48 + 1], text[ADDR_TEXT];
	union addr addr;
	size_t n = strlen(into);

	text_hex(bytes_view(v.p, v.n < 48 ? v.n : 48), hex);
	n += (size_t)snprintf(into + n, room - n, "\n#     0x%04x %s [%zu]", type,
	                      a < 0 ? "?" : name_attr((enum stun_attr)a), v.n);
	if (n >= room)
		return;
	if (a >= 0 && (name_attr_kind((enum stun_attr)a) == KIND_ADDR ||
	               name_attr_kind((enum stun_attr)a) == KIND_XADDR)) {
		parse_addr_value(m, (enum stun_attr)a, v, &addr);
		snprintf(into + n, room - n, " %s", addr_text(&addr, text));
	} else {
		snprintf(into + n, room - n, " %s%s", hex, v.n > 48 ? "..." : "");
	}
}

void
expect_dump(struct stage *s, char *into, size_t room)
{
	static const char *const classes[] = {"request", "indication", "success", "error"};
	struct bytes raw = bytes_view(s->got.p, s->got.n);
	char to[ADDR_TEXT], hex[129];
	struct parse m;

	if (s->out.verdict == TURN_DROP || s->turn == NULL) {
		snprintf(into, room, "silence");
		return;
	}
	addr_text(s->out.verdict == TURN_TO_PEER ? &s->out.peer : &s->out.flow.client, to);
	text_hex(bytes_view(raw.p, raw.n < 64 ? raw.n : 64), hex);
	if (s->out.verdict == TURN_TO_PEER || parse_message(&m, raw) != PARSE_OK) {
		snprintf(into, room, "%zu bytes to %s: %s", raw.n, to, hex);
		return;
	}
	snprintf(into, room, "%s %s %u, %zu bytes to %s", name_method(m.method), classes[m.class],
	         parse_error(&m, NULL), raw.n, to);
	for (size_t off = STUN_HEADER; off + 4 <= raw.n;) {
		unsigned n = bytes_u16(raw.p + off + 2);

		dump_attribute(into, room, &m, bytes_u16(raw.p + off),
		               bytes_view(raw.p + off + 4, n));
		off += 4 + ((n + 3u) & ~3u);
	}
}
