/* turn/relay.c: the data path, byte for byte (RFC 8656, 11 and 12). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../lib/rig.h"
#include "stun/frame.h"
#include "turn/alloc.h"
#include "turn/relay.h"

static struct rig r;
static struct rig_client c;

static int
setup(void **state)
{
	(void)state;
	rig_init(&r);
	rig_client(&r, &c, 1, "alice");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return rig_fini(&r) ? 0 : -1;
}

static union addr peer, other;

static void
start(int family)
{
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, family), 0);
	peer = rig_addr(family == AF_INET ? "203.0.113.9:5000" : "[2a00:1450::9]:7000");
	other = peer;
	addr_set_port(&other, 5001);
	assert_int_equal(rig_bind(&r, &c, 0x4abc, &peer), 0);
}

static uint8_t payload[65536];

static struct bytes
bytes_of(size_t n)
{
	for (size_t i = 0; i < n; i++)
		payload[i] = (uint8_t)(i * 31 + i / 256);
	return bytes_view(payload, n);
}

/* What went to the peer is a slice of what came in, and nothing else. */
static void
went_to_peer(const union addr *to, const uint8_t *start_of_it, size_t n)
{
	assert_int_equal(r.out.verdict, TURN_TO_PEER);
	assert_true(addr_equal(&r.out.peer, to));
	assert_true(addr_equal(&r.out.relay->relayed, &c.relayed));
	assert_int_equal(r.out.head.n, 0);
	assert_int_equal(r.out.pad, 0);
	assert_int_equal(r.out.data.n, n);
	assert_ptr_equal(r.out.data.p, start_of_it);
	if (n > 0)
		assert_memory_equal(r.out.data.p, payload, n);
}

static void
channel_data_out(void **state)
{
	static const size_t sizes[] = {0, 1, 3, 4, 1200, 65507 - 4};
	uint64_t total = 0;

	(void)state;
	start(AF_INET);
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		size_t n = sizes[i];

		assert_int_equal(rig_channel_data(&r, &c, 0x4abc, bytes_of(n)), TURN_TO_PEER);
		went_to_peer(&peer, r.wire + 4, n);
		total += n;
		/* padding and trailing bytes do not leave (T-194) */
		if (n > 1200)
			continue;
		assert_int_equal(rig_packet(&r, &c.flow, bytes_view(r.wire, 4 + n + 3)), TURN_TO_PEER);
		went_to_peer(&peer, r.wire + 4, n);
		total += n;
	}
	assert_int_equal(rig_count(&r, TURN_CLIENT_PACKETS), 11);
	assert_int_equal(rig_count(&r, TURN_CLIENT_BYTES), total);
	struct turn_alloc_view v;
	turn_view(alloc_find(r.turn, &c.flow), &v);
	assert_int_equal(v.client_packets, 11);
	assert_int_equal(v.client_bytes, total);
	assert_int_equal(v.peer_packets, 0);

	assert_int_equal(rig_channel_data(&r, &c, 0x4abd, bytes_of(9)), TURN_DROP);
	assert_int_equal(rig_channel_data(&r, &c, 0x4abb, bytes_of(9)), TURN_DROP);
	assert_int_equal(rig_count(&r, TURN_DROPPED_NO_CHANNEL), 2);
	rig_channel_data(&r, &c, 0x4abc, bytes_of(9));
	for (size_t n = 1; n < 13; n++) /* T-192, T-193: shorter than it says */
		assert_int_equal(rig_packet(&r, &c.flow, bytes_view(r.wire, n)), TURN_DROP);
	assert_int_equal(rig_count(&r, TURN_DROPPED_MALFORMED), 12);
	rig_client(&r, &c, 2, NULL);
	assert_int_equal(rig_channel_data(&r, &c, 0x4abc, bytes_of(9)), TURN_DROP);
	assert_int_equal(rig_count(&r, TURN_DROPPED_NO_ALLOCATION), 1);
}

static void
send_out(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 3, 4, 1200, 65400};

	(void)state;
	start(AF_INET);
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		assert_int_equal(rig_send_data(&r, &c, &other, bytes_of(sizes[i])), TURN_TO_PEER);
		went_to_peer(&other, r.wire + 20 + 12 + 4, sizes[i]);
	}
	assert_int_equal(rig_count(&r, TURN_CLIENT_PACKETS), 7);
}

/* The permission is for the IP: without one, or with one that is over, nothing passes. */
static void
send_not(void **state)
{
	union addr stranger = rig_addr("203.0.113.10:5000"), six = rig_addr("[2a00::1]:5");
	union addr portless = rig_addr("203.0.113.9");
	size_t n;

	(void)state;
	start(AF_INET);
	assert_int_equal(rig_send_data(&r, &c, &stranger, bytes_of(5)), TURN_DROP);
	assert_int_equal(rig_send_data(&r, &c, &six, bytes_of(5)), TURN_DROP);
	assert_int_equal(rig_count(&r, TURN_DROPPED_NO_PERMISSION), 2);
	assert_int_equal(rig_send_data(&r, &c, &portless, bytes_of(5)), TURN_DROP);
	rig_begin(&r, &c, METHOD_SEND);
	bytes_put16(r.wire, name_type(METHOD_SEND, STUN_INDICATION));
	build_addr(&r.b, ATTR_XOR_PEER_ADDRESS, &peer);
	n = build_end(&r.b); /* no DATA */
	assert_int_equal(rig_packet(&r, &c.flow, bytes_view(r.wire, n)), TURN_DROP);
	rig_begin(&r, &c, METHOD_SEND);
	bytes_put16(r.wire, name_type(METHOD_SEND, STUN_INDICATION));
	build_bytes(&r.b, ATTR_DATA, bytes_of(4));
	n = build_end(&r.b);
	assert_int_equal(rig_packet(&r, &c.flow, bytes_view(r.wire, n)), TURN_DROP);
	assert_int_equal(rig_count(&r, TURN_DROPPED_MALFORMED), 3);

	assert_int_equal(rig_send_data(&r, &c, &peer, bytes_of(5)), TURN_TO_PEER);
	r.now.mono += 300000; /* the permission is over, the channel is not (T-199) */
	assert_int_equal(rig_send_data(&r, &c, &peer, bytes_of(5)), TURN_DROP);
	assert_int_equal(rig_channel_data(&r, &c, 0x4abc, bytes_of(5)), TURN_TO_PEER);
	r.now.mono += 300000;
	assert_int_equal(rig_channel_data(&r, &c, 0x4abc, bytes_of(5)), TURN_DROP);
}

/* Security A8, A13: ports are judged for Send, packet by packet. */
static void
send_ports(void **state)
{
	union addr dns, relay_port, ssh;

	(void)state;
	assert_true(peers_deny_ports(r.peers, 53, 53));
	assert_true(peers_add_self(r.peers, &r.io.ip[0], 49152, 65535));
	start(AF_INET);
	dns = peer;
	addr_set_port(&dns, 53);
	ssh = relay_port = r.io.ip[0];
	addr_set_port(&ssh, 22);
	addr_set_port(&relay_port, 50000);
	assert_int_equal(rig_permit(&r, &c, &ssh, 1), 0); /* only the IP is seen: T-274 */
	for (int i = 0; i < 3; i++) {
		assert_int_equal(rig_send_data(&r, &c, &peer, bytes_of(5)), TURN_TO_PEER);
		assert_int_equal(rig_send_data(&r, &c, &dns, bytes_of(5)), TURN_DROP);
		assert_int_equal(rig_send_data(&r, &c, &relay_port, bytes_of(5)), TURN_TO_PEER);
		assert_int_equal(rig_send_data(&r, &c, &ssh, bytes_of(5)), TURN_DROP);
	}
	assert_int_equal(rig_count(&r, TURN_DROPPED_PEER_PORT), 3);
	assert_int_equal(rig_count(&r, TURN_DROPPED_PEER_DENIED), 3);
}

/* Headers end at room_end, payload is where it was. */
static void
went_to_client(size_t head, size_t n)
{
	assert_int_equal(r.out.verdict, TURN_TO_CLIENT);
	assert_true(flow_equal(&r.out.flow, &c.flow));
	assert_int_equal(r.out.head.n, head);
	assert_ptr_equal(r.out.head.p + head, r.room + sizeof r.room);
	assert_ptr_equal(r.out.data.p, payload);
	assert_int_equal(r.out.data.n, n);
}

static void
channel_data_in(void **state)
{
	static const size_t sizes[] = {0, 1, 1200, 65487};

	(void)state;
	start(AF_INET);
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		size_t n = sizes[i];
		const uint8_t want[] = {0x4a, 0xbc, (uint8_t)(n >> 8), (uint8_t)n};

		assert_int_equal(rig_peer_data(&r, &c.relayed, &peer, bytes_of(n)), TURN_TO_CLIENT);
		went_to_client(4, n);
		assert_memory_equal(r.out.head.p, want, 4);
		assert_int_equal(r.out.pad, 0);
	}
	assert_int_equal(rig_count(&r, TURN_PEER_PACKETS), 4);
	assert_int_equal(rig_count(&r, TURN_PEER_BYTES), 0 + 1 + 1200 + 65487);
	assert_int_equal(rig_peer_data(&r, &c.relayed, &peer, bytes_of(65488)), TURN_DROP);
	assert_int_equal(rig_peer_data(&r, &c.relayed, &other, bytes_of(65507)), TURN_DROP);
	assert_int_equal(rig_count(&r, TURN_DROPPED_TOO_LARGE), 2);
}

static void
data_in(int family)
{
	static const size_t sizes[] = {0, 1, 2, 3, 4, 1201, 65487};
	static uint8_t whole[66000];

	start(family);
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		size_t n = sizes[i], head = family == AF_INET ? 36 : 48;
		struct parse m;
		union addr from;

		assert_int_equal(rig_peer_data(&r, &c.relayed, &other, bytes_of(n)), TURN_TO_CLIENT);
		went_to_client(head, n);
		assert_int_equal((n + r.out.pad) % 4, 0);
		assert_true(r.out.pad < 4);
		memset(whole, 0, sizeof whole);
		memcpy(whole, r.out.head.p, head);
		memcpy(whole + head, r.out.data.p, n);
		assert_int_equal(parse_message(&m, bytes_view(whole, head + n + r.out.pad)), PARSE_OK);
		assert_int_equal(m.method, METHOD_DATA);
		assert_int_equal(m.class, STUN_INDICATION);
		assert_true(parse_addr(&m, ATTR_XOR_PEER_ADDRESS, &from));
		assert_true(addr_equal(&from, &other));
		assert_int_equal(parse_value(&m, ATTR_DATA).n, n);
		assert_ptr_equal(parse_value(&m, ATTR_DATA).p, whole + head);
	}
}

static void
data_in_v4(void **state)
{
	(void)state;
	data_in(AF_INET);
}

static void
data_in_v6(void **state)
{
	(void)state;
	data_in(AF_INET6);
}

/* A new transaction id for each indication. */
static void
data_tids(void **state)
{
	enum { MANY = 200 };
	uint8_t seen[MANY][STUN_TID];

	(void)state;
	start(AF_INET);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(rig_peer_data(&r, &c.relayed, &other, bytes_of(1)), TURN_TO_CLIENT);
		memcpy(seen[i], r.out.head.p + 8, STUN_TID);
		for (int k = 0; k < i; k++)
			assert_memory_not_equal(seen[i], seen[k], STUN_TID);
	}
}

/* Where the headroom lies before the payload the packet leaves in one piece. */
static void
in_one_piece(void **state)
{
	static uint8_t buffer[TURN_ROOM + 100], reply[TURN_REPLY];
	struct turn_in in = {.whence = TURN_FROM_PEER, .room_end = buffer + TURN_ROOM, .reply = reply};
	struct turn_out out;

	(void)state;
	start(AF_INET);
	memset(buffer, 0xaa, TURN_ROOM);
	memset(buffer + TURN_ROOM, 'd', 100);
	in.relay = &fake_io_relay(&r.io, &c.relayed)->relay;
	in.data = bytes_view(buffer + TURN_ROOM, 100);
	in.peer = other;
	turn_packet(r.turn, r.now, &in, &out);
	assert_int_equal(out.verdict, TURN_TO_CLIENT);
	assert_ptr_equal(out.head.p + out.head.n, out.data.p);
	for (size_t i = 0; i < TURN_ROOM - out.head.n; i++)
		assert_int_equal(buffer[i], 0xaa);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(buffer[TURN_ROOM + i], 'd');
}

/* A8, T-277: who has no permission does not get in either. */
static void
in_not(void **state)
{
	union addr stranger = rig_addr("203.0.113.10:5000");

	(void)state;
	start(AF_INET);
	assert_int_equal(rig_peer_data(&r, &c.relayed, &stranger, bytes_of(5)), TURN_DROP);
	assert_int_equal(rig_count(&r, TURN_DROPPED_NO_PERMISSION), 1);
	r.now.mono += 299999;
	assert_int_equal(rig_peer_data(&r, &c.relayed, &peer, bytes_of(5)), TURN_TO_CLIENT);
	r.now.mono += 1; /* the channel is bound, the permission is over: nothing gets in (T-199) */
	assert_int_equal(rig_peer_data(&r, &c.relayed, &peer, bytes_of(5)), TURN_DROP);
	assert_int_equal(rig_permit(&r, &c, &peer, 1), 0);
	assert_int_equal(rig_peer_data(&r, &c.relayed, &peer, bytes_of(5)), TURN_TO_CLIENT);
	assert_int_equal(r.out.head.n, 4);
	assert_int_equal(rig_permit(&r, &c, &peer, 1), 0);
	r.now.mono += 299999; /* and when the channel is over, a Data indication */
	assert_int_equal(rig_peer_data(&r, &c.relayed, &peer, bytes_of(5)), TURN_TO_CLIENT);
	assert_int_equal(r.out.head.n, 4);
	assert_int_equal(rig_refresh(&r, &c, 3600), 0);
	r.now.mono += 2;
	assert_int_equal(rig_permit(&r, &c, &peer, 1), 0);
	assert_int_equal(rig_peer_data(&r, &c.relayed, &peer, bytes_of(5)), TURN_TO_CLIENT);
	assert_int_equal(r.out.head.n, 36);
}

/* Past its deadline nothing passes either way, though no timer has run yet. */
static void
after_the_end(void **state)
{
	(void)state;
	r.io.keep_closed = true;
	start(AF_INET);
	r.now.mono += 590000;
	assert_int_equal(rig_bind(&r, &c, 0x4abc, &peer), 0);
	r.now.mono += 9999;
	assert_int_equal(rig_channel_data(&r, &c, 0x4abc, bytes_of(5)), TURN_TO_PEER);
	r.now.mono += 1;
	assert_int_equal(rig_channel_data(&r, &c, 0x4abc, bytes_of(5)), TURN_DROP);
	assert_int_equal(rig_send_data(&r, &c, &peer, bytes_of(5)), TURN_DROP);
	assert_int_equal(rig_peer_data(&r, &c.relayed, &peer, bytes_of(5)), TURN_DROP);
	rig_wait(&r, 0);
	assert_int_equal(r.io.open, 0);
	assert_int_equal(rig_peer_data(&r, &c.relayed, &peer, bytes_of(5)), TURN_DROP);
	assert_int_equal(rig_count(&r, TURN_DROPPED_NO_ALLOCATION), 4);
}

/* The memo of a five-tuple does not outlive its allocation. */
static void
closed_and_reborn(void **state)
{
	union addr old;

	(void)state;
	r.io.keep_closed = true;
	start(AF_INET);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(rig_channel_data(&r, &c, 0x4abc, bytes_of(5)), TURN_TO_PEER);
		assert_true(addr_equal(&r.out.relay->relayed, &c.relayed));
		old = c.relayed;
		if (i % 2 == 0)
			assert_int_equal(rig_refresh(&r, &c, 0), 0);
		else
			rig_wait(&r, 600);
		assert_int_equal(rig_channel_data(&r, &c, 0x4abc, bytes_of(5)), TURN_DROP);
		assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
		assert_false(addr_equal(&old, &c.relayed));
		assert_int_equal(rig_channel_data(&r, &c, 0x4abc, bytes_of(5)), TURN_DROP);
		assert_int_equal(rig_peer_data(&r, &old, &peer, bytes_of(5)), TURN_DROP);
		assert_int_equal(rig_peer_data(&r, &c.relayed, &peer, bytes_of(5)), TURN_DROP);
		assert_int_equal(rig_bind(&r, &c, 0x4abc, &peer), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(channel_data_out, setup, teardown),
		cmocka_unit_test_setup_teardown(send_out, setup, teardown),
		cmocka_unit_test_setup_teardown(send_not, setup, teardown),
		cmocka_unit_test_setup_teardown(send_ports, setup, teardown),
		cmocka_unit_test_setup_teardown(channel_data_in, setup, teardown),
		cmocka_unit_test_setup_teardown(data_in_v4, setup, teardown),
		cmocka_unit_test_setup_teardown(data_in_v6, setup, teardown),
		cmocka_unit_test_setup_teardown(data_tids, setup, teardown),
		cmocka_unit_test_setup_teardown(in_one_piece, setup, teardown),
		cmocka_unit_test_setup_teardown(in_not, setup, teardown),
		cmocka_unit_test_setup_teardown(after_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(closed_and_reborn, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
