#include "client/turnc.h"

#include <errno.h>
#include <stdlib.h>

#include "script.h"

#define PEER "203.0.113.9:7000"

static void
nothing_asked(void **state)
{
	struct script *s = *state;

	assert_int_equal(turnc_deadline(&s->t), MSEC_NEVER);
	script_silent(s);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
}

static void
binding(void **state)
{
	union addr mapped = script_addr("198.51.100.7:4444");
	struct script *s = *state;

	turnc_binding(&s->t);
	turnc_binding(&s->t);
	assert_true(turnc_deadline(&s->t) <= s->now.mono);
	script_expect(s, METHOD_BINDING);
	script_silent(s);
	assert_int_equal(turnc_deadline(&s->t), s->now.mono + 500);
	script_begin(s, STUN_SUCCESS);
	build_addr(&s->answer, ATTR_XOR_MAPPED_ADDRESS, &mapped);
	script_send(s);
	script_done(s, TURNC_OP_BINDING, TURNC_GOOD);
	assert_int_equal(s->ev.sends, 1);
	assert_true(addr_equal(&s->t.mapped, &mapped));
	assert_int_equal(turnc_deadline(&s->t), MSEC_NEVER);
}

/* S-274: unknown transaction ids, other sources, garbage: ignored */
static void
unsolicited_S_274(void **state)
{
	static const uint8_t tid[STUN_TID] = "someone else";
	union addr stranger = script_addr("192.0.2.66:3478");
	struct script *s = *state;

	turnc_binding(&s->t);
	script_expect(s, METHOD_BINDING);
	build_begin(&s->answer, s->in, sizeof s->in, name_type(METHOD_BINDING, STUN_SUCCESS), tid);
	build_addr(&s->answer, ATTR_XOR_MAPPED_ADDRESS, &s->server);
	script_send(s);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	script_begin(s, STUN_SUCCESS);
	build_addr(&s->answer, ATTR_XOR_MAPPED_ADDRESS, &s->server);
	size_t n = build_end(&s->answer);
	turnc_input(&s->t, s->now, &stranger, bytes_view(s->in, n), &s->ev);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	turnc_input(&s->t, s->now, &s->server, bytes_view(s->in, n - 4), &s->ev);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	turnc_input(&s->t, s->now, &s->server, BYTES_NONE, &s->ev);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	turnc_input(&s->t, s->now, &s->server, bytes_view(s->in, n), &s->ev);
	script_done(s, TURNC_OP_BINDING, TURNC_GOOD);
	turnc_input(&s->t, s->now, &s->server, bytes_view(s->in, n), &s->ev); /* a duplicate */
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
}

static void
hard_icmp_S_272(void **state)
{
	struct script *s = *state;

	turnc_icmp(&s->t, &s->ev);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	turnc_binding(&s->t);
	script_expect(s, METHOD_BINDING);
	turnc_icmp(&s->t, &s->ev);
	script_done(s, TURNC_OP_BINDING, TURNC_REFUSED);
	assert_int_equal(turnc_deadline(&s->t), MSEC_NEVER);
}

static void
life_of_an_allocation(void **state)
{
	struct script *s = *state;

	script_allocate(s);
	assert_int_equal(addr_port(&s->t.relayed), 50000);
	assert_int_equal(addr_port(&s->t.mapped), 4444);
	assert_int_equal(s->t.lifetime, 600);
	assert_int_equal(turnc_deadline(&s->t), s->now.mono + 540000);
	script_silent(s);
	s->now.mono += 540000;
	script_expect(s, METHOD_REFRESH);
	script_begin(s, STUN_SUCCESS);
	build_u32(&s->answer, ATTR_LIFETIME, 100);
	script_signed(s);
	script_done(s, TURNC_OP_REFRESH, TURNC_GOOD);
	assert_int_equal(turnc_deadline(&s->t), s->now.mono + 50000);
	turnc_delete(&s->t);
	script_expect(s, METHOD_REFRESH);
	script_error(s, 437); /* gone is what was wanted */
	script_signed(s);
	script_done(s, TURNC_OP_DELETE, TURNC_GOOD);
	assert_int_equal(addr_family(&s->t.relayed), 0);
	assert_int_equal(turnc_deadline(&s->t), MSEC_NEVER);
}

static void
nothing_left_to_do(void **state)
{
	struct script *s = *state;

	turnc_delete(&s->t);
	script_silent(s);
	script_done(s, TURNC_OP_DELETE, TURNC_GOOD);
	script_allocate(s);
	turnc_allocate(&s->t);
	script_silent(s);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_GOOD);
}

static void
lost_allocation(void **state)
{
	union addr peer = script_addr(PEER);
	struct script *s = *state;

	script_allocate(s);
	assert_int_equal(turnc_permit(&s->t, &peer), 0);
	script_expect(s, METHOD_CREATE_PERMISSION);
	script_error(s, 437);
	script_signed(s);
	script_done(s, TURNC_OP_PERMIT, 437);
	assert_true(addr_equal(&s->ev.peer, &peer));
	assert_int_equal(addr_family(&s->t.relayed), 0);
	assert_int_equal(turnc_deadline(&s->t), MSEC_NEVER);
}

/* Permissions live 300 s, so they are asked for again every 240 s; a channel does that as well. */
static void
keeps_peers_fresh(void **state)
{
	union addr peer = script_addr(PEER), other = script_addr("203.0.113.10:7000");
	struct script *s = *state;

	assert_int_equal(turnc_permit(&s->t, &peer), 0); /* waits for the allocation */
	assert_int_equal(turnc_deadline(&s->t), MSEC_NEVER);
	script_allocate(s);
	script_expect(s, METHOD_CREATE_PERMISSION);
	script_success(s);
	script_done(s, TURNC_OP_PERMIT, TURNC_GOOD);
	assert_int_equal(turnc_deadline(&s->t), s->now.mono + 240000);
	s->now.mono += 240000;
	script_expect(s, METHOD_CREATE_PERMISSION);
	script_success(s);
	assert_int_equal(turnc_channel(&s->t, &peer), 0);
	assert_int_equal(turnc_channel_number(&s->t, &peer), 0);
	script_expect(s, METHOD_CHANNEL_BIND);
	script_success(s);
	script_done(s, TURNC_OP_CHANNEL, TURNC_GOOD);
	assert_int_equal(turnc_channel_number(&s->t, &peer), 0x4000);
	assert_int_equal(turnc_channel(&s->t, &other), 0);
	script_expect(s, METHOD_CHANNEL_BIND);
	script_success(s);
	assert_int_equal(turnc_channel_number(&s->t, &other), 0x4001);
	s->now.mono += 240000;
	script_expect(s, METHOD_CHANNEL_BIND); /* no CreatePermission besides it */
	script_success(s);
	script_expect(s, METHOD_CHANNEL_BIND);
	script_success(s);
	assert_int_equal(turnc_deadline(&s->t), 1000 + 540000); /* now the allocation itself */
}

static void
idle_on_demand(void **state)
{
	union addr peer = script_addr(PEER);
	struct script *s = *state;

	s->want.idle = true;
	script_allocate(s);
	assert_int_equal(turnc_channel(&s->t, &peer), 0);
	script_expect(s, METHOD_CHANNEL_BIND);
	script_success(s);
	assert_int_equal(turnc_deadline(&s->t), MSEC_NEVER);
}

static void
room_for_peers(void **state)
{
	struct script *s = *state;
	union addr peer = script_addr(PEER);

	script_allocate(s);
	for (unsigned i = 0; i < TURNC_PEERS; i++) {
		addr_set_port(&peer, (uint16_t)(100 + i));
		assert_int_equal(turnc_permit(&s->t, &peer), 0);
	}
	assert_int_equal(turnc_permit(&s->t, &peer), 0);
	addr_set_port(&peer, 99);
	assert_int_equal(turnc_permit(&s->t, &peer), -ENOBUFS);
	assert_int_equal(turnc_channel(&s->t, &peer), -ENOBUFS);
	script_expect(s, METHOD_CREATE_PERMISSION);
	script_error(s, 403); /* a refused one makes room */
	script_signed(s);
	script_done(s, TURNC_OP_PERMIT, 403);
	assert_int_equal(turnc_permit(&s->t, &peer), 0);
}

static void
data(void **state)
{
	static const uint8_t tid[STUN_TID] = "an indicatio";
	union addr peer = script_addr(PEER), same_ip = script_addr("203.0.113.9:9"),
	           stranger = script_addr("203.0.113.99:7000");
	struct script *s = *state;
	uint8_t packet[100];
	struct parse m;

	script_allocate(s);
	assert_int_equal(turnc_channel(&s->t, &peer), 0);
	script_expect(s, METHOD_CHANNEL_BIND);
	script_success(s);

	size_t n = turnc_wrap(&s->t, &peer, true, bytes_text("hello"), packet, sizeof packet);
	assert_int_equal(n, 9);
	assert_memory_equal(packet, "\x40\x00\x00\x05hello", 9);
	turnc_input(&s->t, s->now, &s->server, bytes_view(packet, n), &s->ev);
	assert_int_equal(s->ev.kind, TURNC_DATA);
	assert_int_equal(s->ev.channel, 0x4000);
	assert_true(addr_equal(&s->ev.peer, &peer));
	assert_true(bytes_equal(s->ev.data, bytes_text("hello")));
	turnc_input(&s->t, s->now, &peer, bytes_view(packet, n), &s->ev); /* not from the server */
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	packet[1] = 1; /* not bound */
	turnc_input(&s->t, s->now, &s->server, bytes_view(packet, n), &s->ev);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);
	packet[0] = 0x4f;
	turnc_input(&s->t, s->now, &s->server, bytes_view(packet, n), &s->ev);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);

	n = turnc_wrap(&s->t, &same_ip, true, bytes_text("hello"), packet, sizeof packet);
	assert_int_equal(parse_message(&m, bytes_view(packet, n)), PARSE_OK);
	assert_int_equal(m.type, name_type(METHOD_SEND, STUN_INDICATION));
	assert_true(bytes_equal(parse_value(&m, ATTR_DATA), bytes_text("hello")));
	assert_int_equal(turnc_wrap(&s->t, &peer, true, bytes_text("hello"), packet, 8), 0);

	build_begin(&s->answer, s->in, sizeof s->in, name_type(METHOD_DATA, STUN_INDICATION), tid);
	build_addr(&s->answer, ATTR_XOR_PEER_ADDRESS, &same_ip); /* permissions are by IP */
	build_bytes(&s->answer, ATTR_DATA, bytes_text(""));
	script_send(s);
	assert_int_equal(s->ev.kind, TURNC_DATA);
	assert_int_equal(s->ev.channel, 0);
	assert_int_equal(s->ev.data.n, 0);
	assert_true(addr_equal(&s->ev.peer, &same_ip));

	build_begin(&s->answer, s->in, sizeof s->in, name_type(METHOD_DATA, STUN_INDICATION), tid);
	build_addr(&s->answer, ATTR_XOR_PEER_ADDRESS, &stranger);
	build_bytes(&s->answer, ATTR_DATA, bytes_text("x"));
	script_send(s);
	assert_int_equal(s->ev.kind, TURNC_NOTHING);

	build_begin(&s->answer, s->in, sizeof s->in, name_type(METHOD_DATA, STUN_INDICATION), tid);
	build_addr(&s->answer, ATTR_XOR_PEER_ADDRESS, &peer);
	build_bytes(&s->answer, ATTR_ICMP, bytes_view("\0\0\3\1\0\0\0\0", 8));
	script_send(s);
	assert_int_equal(s->ev.kind, TURNC_ICMP);
	assert_int_equal(s->ev.icmp_type, 3);
	assert_int_equal(s->ev.icmp_code, 1);
}

/* Whatever comes in, nothing happens that should not; run under the sanitizers. */
static void
hostile_bytes(void **state)
{
	struct script *s = *state;
	uint32_t x = 12345;
	uint8_t packet[256];

	script_allocate(s);
	turnc_refresh(&s->t);
	script_expect(s, METHOD_REFRESH);
	for (unsigned i = 0; i < 20000; i++) {
		size_t n = (x >> 8) % sizeof packet;

		for (size_t k = 0; k < n; k++)
			packet[k] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
		if (n >= STUN_HEADER && (i & 1)) { /* close to an answer */
			memcpy(packet, s->request.raw.p, STUN_HEADER);
			bytes_put16(packet, name_type(METHOD_REFRESH, i & 2 ? STUN_SUCCESS : STUN_ERROR));
			n &= ~(size_t)3;
			bytes_put16(packet + 2, (unsigned)(n - STUN_HEADER));
		}
		turnc_input(&s->t, s->now, &s->server, bytes_view(packet, n), &s->ev);
		assert_int_equal(s->ev.kind, TURNC_NOTHING);
	}
}

static void
words(void **state)
{
	(void)state;
	assert_string_equal(turnc_op_name(TURNC_OP_ALLOCATE), "Allocate");
	assert_string_equal(turnc_op_name(TURNC_OP_DELETE), "Refresh(0)");
	assert_string_equal(turnc_outcome_name(486), "Allocation Quota Reached");
	for (int i = -20; i < 700; i++)
		assert_non_null(turnc_outcome_name(i));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, script_open, script_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_asked),
		TEST(binding),
		TEST(unsolicited_S_274),
		TEST(hard_icmp_S_272),
		TEST(life_of_an_allocation),
		TEST(nothing_left_to_do),
		TEST(lost_allocation),
		TEST(keeps_peers_fresh),
		TEST(idle_on_demand),
		TEST(room_for_peers),
		TEST(data),
		TEST(hostile_bytes),
		TEST(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
