/* turn/door.c: what is served, in which order it is refused, and what gets no answer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../lib/rig.h"

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

static void
dropped(enum turn_counter why, uint64_t times)
{
	assert_int_equal(r.out.verdict, TURN_DROP);
	assert_int_equal(r.out.head.n, 0);
	assert_int_equal(r.out.data.n, 0);
	assert_int_equal(r.out.pad, 0);
	assert_int_equal(rig_count(&r, why), times);
}

static enum turn_verdict
message(unsigned method, enum stun_class class)
{
	rig_begin(&r, &c, METHOD_BINDING);
	bytes_put16(r.wire, name_type(method, class));
	return rig_packet(&r, &c.flow, bytes_view(r.wire, build_end(&r.b)));
}

/* Security B4, S-011: answers, foreign methods and indications get nothing back. */
static void
silence(void **state)
{
	uint64_t n = 0;

	(void)state;
	rig_start(&r);
	for (unsigned method = 0; method < 0x100; method++)
		for (int class = STUN_REQUEST; class <= STUN_ERROR; class++) {
			bool served = method == METHOD_BINDING || method == METHOD_ALLOCATE ||
			              method == METHOD_REFRESH || method == METHOD_CREATE_PERMISSION ||
			              method == METHOD_CHANNEL_BIND;
			bool counted = !(class == STUN_INDICATION && method == METHOD_BINDING) &&
			               !(class == STUN_INDICATION && method == METHOD_SEND);

			message(method, (enum stun_class)class);
			if (class == STUN_REQUEST && served)
				assert_int_equal(r.out.verdict, TURN_TO_CLIENT);
			else
				dropped(TURN_DROPPED_METHOD, n += counted);
		}
	assert_int_equal(rig_count(&r, TURN_DROPPED_NO_ALLOCATION), 1); /* the Send */
}

/* Binding counts, broken packets count as malformed, and never is there an answer. */
static void
malformed(void **state)
{
	static const char *const junk[] = {"", "\1", "<html>", "\x80rtp", "\x16 dtls", "\x50 quic",
	                                   "\xff\xff\xff\xff"};
	uint64_t n = 0;

	(void)state;
	rig_start(&r);
	for (size_t i = 0; i < sizeof junk / sizeof junk[0]; i++) {
		rig_packet(&r, &c.flow, bytes_text(junk[i]));
		dropped(TURN_DROPPED_MALFORMED, ++n);
	}
	rig_begin(&r, &c, METHOD_BINDING);
	for (size_t cut = 0; cut < STUN_HEADER; cut++) {
		rig_packet(&r, &c.flow, bytes_view(r.wire, cut));
		dropped(TURN_DROPPED_MALFORMED, ++n);
	}
	r.wire[4] ^= 1;
	rig_packet(&r, &c.flow, bytes_view(r.wire, STUN_HEADER));
	dropped(TURN_DROPPED_MALFORMED, ++n);
}

/* S-211, B4 */
static void
sources(void **state)
{
	static const char *const bad[] = {"198.51.100.1", "0.0.0.0:5", "224.0.0.1:5", "255.255.255.255:5",
	                                  "[::]:5", "[ff02::1]:5", "192.0.2.1:3478"};
	union addr own;
	uint64_t n = 0;

	(void)state;
	own = rig_addr("192.0.2.1:3478");
	assert_true(peers_add_endpoint(r.peers, &own));
	rig_start(&r);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		c.flow.client = rig_addr(bad[i]);
		message(METHOD_BINDING, STUN_REQUEST);
		dropped(TURN_DROPPED_SOURCE, ++n);
		message(METHOD_ALLOCATE, STUN_REQUEST);
		dropped(TURN_DROPPED_SOURCE, ++n);
	}
	c.flow.client = rig_addr("192.0.2.1:3479");
	assert_int_equal(message(METHOD_BINDING, STUN_REQUEST), TURN_TO_CLIENT);
}

static void
stun_only(void **state)
{
	(void)state;
	r.policy.relay = false;
	rig_start(&r);
	assert_int_equal(message(METHOD_BINDING, STUN_REQUEST), TURN_TO_CLIENT);
	message(METHOD_ALLOCATE, STUN_REQUEST);
	dropped(TURN_DROPPED_METHOD, 1);
	message(METHOD_REFRESH, STUN_REQUEST);
	dropped(TURN_DROPPED_METHOD, 2);
	assert_int_equal(rig_send_data(&r, &c, &c.flow.client, bytes_text("x")), TURN_DROP);
	assert_int_equal(rig_channel_data(&r, &c, 0x4000, bytes_text("x")), TURN_DROP);
}

static void
stun_auth(void **state)
{
	(void)state;
	rig_start(&r);
	assert_int_equal(message(METHOD_BINDING, STUN_REQUEST), TURN_TO_CLIENT);
	r.policy.stun_auth = true;
	rig_begin(&r, &c, METHOD_BINDING);
	assert_int_equal(rig_send(&r, &c), 401);
	rig_begin(&r, &c, METHOD_BINDING);
	assert_int_equal(rig_ask(&r, &c), 0);
	assert_true(parse_has(&r.answer, ATTR_MESSAGE_INTEGRITY_SHA256));
}

/* Conformance-turn 1.10: who asks, then what is unknown, then the allocation, then the rest. */
static void
order(void **state)
{
	struct rig_client bob;

	(void)state;
	rig_start(&r);
	rig_begin(&r, &c, METHOD_CHANNEL_BIND); /* everything wrong at once */
	build_bytes(&r.b, ATTR_PADDING, BYTES_NONE);
	assert_int_equal(rig_send(&r, &c), 401);
	rig_begin(&r, &c, METHOD_CHANNEL_BIND);
	build_bytes(&r.b, ATTR_PADDING, BYTES_NONE);
	assert_int_equal(rig_ask(&r, &c), 420);
	rig_begin(&r, &c, METHOD_CHANNEL_BIND);
	assert_int_equal(rig_ask(&r, &c), 437);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	rig_client(&r, &bob, 1, "bob");
	rig_begin(&r, &bob, METHOD_CHANNEL_BIND);
	assert_int_equal(rig_ask(&r, &bob), 441);
	rig_begin(&r, &c, METHOD_CHANNEL_BIND);
	assert_int_equal(rig_ask(&r, &c), 400);
	rig_begin(&r, &c, METHOD_CREATE_PERMISSION);
	assert_int_equal(rig_ask(&r, &c), 400);
}

/* Known to the tables, unknown to this server: listed like the others, in Send they silence it. */
static void
unserved(void **state)
{
	static const enum stun_attr attrs[] = {ATTR_CHANGE_REQUEST, ATTR_PADDING, ATTR_RESPONSE_PORT,
	                                       ATTR_ACCESS_TOKEN, ATTR_CONNECTION_ID};
	union addr peer = rig_addr("8.8.8.8:5");

	(void)state;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_int_equal(rig_permit(&r, &c, &peer, 1), 0);
	for (size_t i = 0; i < sizeof attrs / sizeof attrs[0]; i++) {
		struct bytes list;

		rig_begin(&r, &c, METHOD_BINDING);
		build_bytes(&r.b, attrs[i], bytes_view("1234", 4));
		assert_int_equal(rig_send(&r, &c), 420);
		list = parse_value(&r.answer, ATTR_UNKNOWN_ATTRIBUTES);
		assert_int_equal(list.n, 2);
		assert_int_equal(bytes_u16(list.p), name_attr_code(attrs[i]));

		rig_begin(&r, &c, METHOD_SEND);
		bytes_put16(r.wire, name_type(METHOD_SEND, STUN_INDICATION));
		build_addr(&r.b, ATTR_XOR_PEER_ADDRESS, &peer);
		build_bytes(&r.b, ATTR_DATA, bytes_text("x"));
		build_bytes(&r.b, attrs[i], bytes_view("1234", 4));
		assert_int_equal(rig_packet(&r, &c.flow, bytes_view(r.wire, build_end(&r.b))), TURN_DROP);
	}
	assert_int_equal(rig_send_data(&r, &c, &peer, bytes_text("x")), TURN_TO_PEER);
}

/* The event names the allocation and the user, hostile as he may be. */
static void
failure_event(void **state)
{
	(void)state;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	rig_password(&r, &c, "%s\n", "x");
	r.io.events_n = 0;
	assert_int_equal(rig_refresh(&r, &c, 0), 401);
	assert_int_equal(r.io.events_n, 1);
	assert_int_equal(r.io.events[0].kind, TURN_EVENT_AUTH_FAILED);
	assert_true(r.io.events[0].has_alloc);
	assert_string_equal(r.io.events[0].user, "%s\n");
}

static void
counters(void **state)
{
	union addr peer = rig_addr("8.8.8.8:5");

	(void)state;
	rig_start(&r);
	message(METHOD_BINDING, STUN_REQUEST);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_int_equal(rig_permit(&r, &c, &peer, 1), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &peer), 0);
	assert_int_equal(rig_refresh(&r, &c, 0), 0);
	assert_int_equal(rig_count(&r, TURN_REQUESTS_BINDING), 1);
	assert_int_equal(rig_count(&r, TURN_REQUESTS_ALLOCATE), 2);
	assert_int_equal(rig_count(&r, TURN_REQUESTS_CREATE_PERMISSION), 1);
	assert_int_equal(rig_count(&r, TURN_REQUESTS_CHANNEL_BIND), 1);
	assert_int_equal(rig_count(&r, TURN_REQUESTS_REFRESH), 1);
	assert_int_equal(rig_count(&r, TURN_SUCCESSES), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(silence, setup, teardown),
		cmocka_unit_test_setup_teardown(malformed, setup, teardown),
		cmocka_unit_test_setup_teardown(sources, setup, teardown),
		cmocka_unit_test_setup_teardown(stun_only, setup, teardown),
		cmocka_unit_test_setup_teardown(stun_auth, setup, teardown),
		cmocka_unit_test_setup_teardown(order, setup, teardown),
		cmocka_unit_test_setup_teardown(unserved, setup, teardown),
		cmocka_unit_test_setup_teardown(failure_event, setup, teardown),
		cmocka_unit_test_setup_teardown(counters, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
