/* turn/channel.c: channels and ChannelBind (RFC 8656, 12). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../lib/rig.h"
#include "turn/channel.h"
#include "turn/permission.h"

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

static struct alloc *
start(void)
{
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	return alloc_find(r.turn, &c.flow);
}

static union addr
peer(unsigned ip, uint16_t port)
{
	uint8_t b[4] = {8, 8, (uint8_t)(ip >> 8), (uint8_t)ip};

	return addr_make(bytes_view(b, 4), port);
}

static void
numbers(void **state)
{
	union addr p = peer(1, 5000), portless = peer(1, 0);

	(void)state;
	start();
	assert_int_equal(rig_bind(&r, &c, 0x3fff, &p), 400);
	assert_int_equal(rig_bind(&r, &c, 0x5000, &p), 400);
	assert_int_equal(rig_bind(&r, &c, 0, &p), 400);
	assert_int_equal(rig_bind(&r, &c, 0xffff, &p), 400);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &portless), 400);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &p), 0);
	p = peer(1, 5001);
	assert_int_equal(rig_bind(&r, &c, 0x4fff, &p), 0);
	rig_begin(&r, &c, METHOD_CHANNEL_BIND);
	build_u16(&r.b, ATTR_CHANNEL_NUMBER, 0x4001);
	assert_int_equal(rig_ask(&r, &c), 400);
	rig_begin(&r, &c, METHOD_CHANNEL_BIND);
	build_addr(&r.b, ATTR_XOR_PEER_ADDRESS, &p);
	assert_int_equal(rig_ask(&r, &c), 400);
	rig_begin(&r, &c, METHOD_CHANNEL_BIND);
	build_u16(&r.b, ATTR_CHANNEL_NUMBER, 0x4001);
	build_bytes(&r.b, ATTR_XOR_PEER_ADDRESS, bytes_view("\0\3\0\1\0\0\0\1", 8)); /* no family */
	assert_int_equal(rig_ask(&r, &c), 400);
}

static void
old_numbers(void **state)
{
	union addr p = peer(1, 5000), q = peer(2, 5000);

	(void)state;
	r.policy.rfc5766_channels = true;
	start();
	assert_int_equal(rig_bind(&r, &c, 0x7fff, &p), 0);
	assert_int_equal(rig_bind(&r, &c, 0x8000, &q), 400);
	assert_int_equal(rig_channel_data(&r, &c, 0x7fff, bytes_text("x")), TURN_TO_PEER);
}

/* T-160 and after: a number has one peer, a peer one number. */
static void
pairs(void **state)
{
	union addr p = peer(1, 5000), q = peer(1, 5001), s = peer(2, 5000);
	struct alloc *a = start();

	(void)state;
	assert_int_equal(rig_bind(&r, &c, 0x4001, &p), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4001, &p), 0); /* refreshes */
	assert_int_equal(rig_bind(&r, &c, 0x4001, &q), 400);
	assert_int_equal(rig_bind(&r, &c, 0x4002, &p), 400);
	assert_int_equal(rig_bind(&r, &c, 0x4002, &q), 0); /* another port is another peer */
	assert_int_equal(rig_bind(&r, &c, 0x4000, &s), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &q), 400);
	assert_int_equal(channel_count(a, r.now.mono), 3);
	assert_int_equal(a->permissions_n, 2);
	assert_true(addr_equal(&channel_at(a, 0x4000)->peer, &s));
	assert_true(addr_equal(&channel_at(a, 0x4001)->peer, &p));
	assert_true(addr_equal(&channel_at(a, 0x4002)->peer, &q));
	assert_null(channel_at(a, 0x4003));
	assert_null(channel_at(a, 0x3fff));
	assert_ptr_equal(channel_of(a, permission_find(a, &q), &q), channel_at(a, 0x4002));
	q = peer(1, 5002);
	assert_null(channel_of(a, permission_find(a, &q), &q));
	assert_null(channel_of(a, NULL, &q));
	assert_false(channel_holds(NULL, 0));
}

static void
gate(void **state)
{
	union addr denied = rig_addr("10.0.0.1:5"), port = peer(1, 53), six = rig_addr("[2a00::1]:5");
	struct alloc *a;

	(void)state;
	assert_true(peers_add_recommended(r.peers));
	assert_true(peers_deny_ports(r.peers, 53, 53));
	a = start();
	assert_int_equal(rig_bind(&r, &c, 0x4000, &denied), 403);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &port), 403);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &six), 443);
	assert_int_equal(a->permissions_n, 0);
	assert_int_equal(a->channels_n, 0);
}

/* Ten minutes; then number and peer are free at once (T-168). */
static void
expiry(void **state)
{
	union addr p = peer(1, 5000), q = peer(1, 5001), s = peer(2, 7000);
	struct alloc *a = start();

	(void)state;
	assert_int_equal(rig_refresh(&r, &c, 3600), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &p), 0);
	assert_true(permission_holds(permission_find(a, &p), r.now.mono + 299999));
	assert_false(permission_holds(permission_find(a, &p), r.now.mono + 300000));
	rig_wait(&r, 10);
	assert_int_equal(rig_bind(&r, &c, 0x4001, &q), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4002, &s), 0);
	rig_wait(&r, 589);
	assert_true(channel_holds(channel_at(a, 0x4000), r.now.mono));
	assert_int_equal(rig_bind(&r, &c, 0x4000, &q), 400);
	r.now.mono += 1000;
	assert_false(channel_holds(channel_at(a, 0x4000), r.now.mono));
	assert_int_equal(channel_count(a, r.now.mono), 2);
	assert_int_equal(rig_bind(&r, &c, 0x4003, &p), 0); /* the peer under a new number */
	p = peer(9, 9);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &p), 0); /* the number for a new peer */
	assert_int_equal(a->channels_n, 4);
	r.now.mono += 700000;
	assert_null(turn_invariant(r.turn, r.now));
	assert_int_equal(rig_bind(&r, &c, 0x4001, &s), 0);
	assert_int_equal(a->channels_n, 1);
	assert_int_equal(a->permissions_n, 1);
}

/* A6 */
static void
permission_follows(void **state)
{
	union addr p = peer(1, 5000);
	struct alloc *a;

	(void)state;
	r.policy.permission_follows_channel = true;
	a = start();
	assert_int_equal(rig_bind(&r, &c, 0x4000, &p), 0);
	assert_true(permission_holds(permission_find(a, &p), r.now.mono + 599999));
	assert_false(permission_holds(permission_find(a, &p), r.now.mono + 600000));
}

/* Security D7 */
static void
caps(void **state)
{
	union addr p = peer(1, 1), q = peer(1, 2), s = peer(2, 1), u = peer(1, 3);
	struct alloc *a;

	(void)state;
	r.policy.channels_max = 2;
	r.policy.permissions_max = 1;
	a = start();
	assert_int_equal(rig_bind(&r, &c, 0x4000, &p), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4001, &s), 508); /* no permission left */
	assert_int_equal(r.io.events[r.io.events_n - 1].reason, TURN_REASON_LIMIT_PERMISSIONS);
	assert_int_equal(a->channels_n, 1);
	assert_int_equal(rig_bind(&r, &c, 0x4001, &q), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4002, &u), 508);
	assert_int_equal(r.io.events[r.io.events_n - 1].reason, TURN_REASON_LIMIT_CHANNELS);
	assert_int_equal(rig_bind(&r, &c, 0x4001, &q), 0);
	rig_wait(&r, 400);
	assert_int_equal(rig_refresh(&r, &c, 600), 0);
	rig_wait(&r, 200);
	assert_int_equal(rig_bind(&r, &c, 0x4002, &u), 0);
}

static uint64_t seed = 5;

static unsigned
number(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

/*
 * Against a table of all numbers and peers: the same answers, whatever came before. Few numbers,
 * few addresses and few ports, so that everything meets everything.
 */
static void
against_oracle(void **state)
{
	enum { NUMBERS = 24, IPS = 4, PORTS = 8, STEPS = 6000 };
	struct {
		msec until;
		unsigned peer;
	} bound[NUMBERS] = {{0, 0}};
	struct alloc *a;

	(void)state;
	a = start();
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned n = number(NUMBERS), which = number(IPS * PORTS), holder = NUMBERS;
		union addr p = peer(which / PORTS, (uint16_t)(1 + which % PORTS));
		int want = 0;

		for (unsigned i = 0; i < NUMBERS; i++)
			if (r.now.mono < bound[i].until && bound[i].peer == which)
				holder = i;
		if (holder != NUMBERS ? holder != n : r.now.mono < bound[n].until)
			want = 400;
		assert_int_equal(rig_bind(&r, &c, 0x4000 + n, &p), want);
		if (want == 0) {
			bound[n].until = r.now.mono + 600000;
			bound[n].peer = which;
		}
		for (unsigned i = 0; i < NUMBERS; i++)
			assert_int_equal(channel_holds(channel_at(a, 0x4000 + i), r.now.mono),
			                 r.now.mono < bound[i].until);
		if (number(8) == 0)
			r.now.mono += 1000 * number(120);
		assert_int_equal(rig_refresh(&r, &c, 3600), 0);
	}
}

static void
all_numbers(void **state)
{
	struct alloc *a;

	(void)state;
	r.policy.channels_max = 0;
	r.policy.permissions_max = 0;
	r.careless = true;
	a = start();
	for (unsigned i = 0; i < 4096; i++) {
		unsigned n = 0x4000 + i * 1021 % 4096;
		union addr p = peer(i / 4, (uint16_t)(1 + i % 4));

		assert_int_equal(rig_bind(&r, &c, n, &p), 0);
	}
	assert_null(turn_invariant(r.turn, r.now));
	assert_int_equal(channel_count(a, r.now.mono), 4096);
	for (unsigned i = 0; i < 4096; i++) {
		union addr p = peer(i / 4, (uint16_t)(1 + i % 4));

		assert_int_equal(channel_of(a, permission_find(a, &p), &p)->number,
		                 0x4000 + i * 1021 % 4096);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(old_numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(pairs, setup, teardown),
		cmocka_unit_test_setup_teardown(gate, setup, teardown),
		cmocka_unit_test_setup_teardown(expiry, setup, teardown),
		cmocka_unit_test_setup_teardown(permission_follows, setup, teardown),
		cmocka_unit_test_setup_teardown(caps, setup, teardown),
		cmocka_unit_test_setup_teardown(against_oracle, setup, teardown),
		cmocka_unit_test_setup_teardown(all_numbers, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
