/* The machine under many: all is given back, tables stay flat, strangers leave nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <malloc.h>
#include <stdio.h>

#include "../../lib/rig.h"
#include "turn/machine.h"

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

/* Anonymous clients: what is measured is the machine, not the signatures. */
static void
start_many(void)
{
	r.policy.anonymous = true;
	r.careless = true;
	r.io.port_lo = r.io.next_port = 1024;
	r.io.port_hi = 65535;
	r.io.io.event = NULL;
	rig_start(&r);
}

static void
allocate_many(unsigned many)
{
	union addr peers[2] = {rig_addr("8.8.8.8:5"), rig_addr("8.8.8.9:5")};

	for (unsigned i = 0; i < many; i++) {
		rig_client(&r, &c, i, NULL);
		assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
		assert_int_equal(rig_permit(&r, &c, peers, 2), 0);
		assert_int_equal(rig_bind(&r, &c, 0x4000, &peers[1]), 0);
	}
	assert_null(turn_invariant(r.turn, r.now));
	assert_int_equal(r.io.open, many);
	assert_int_equal(r.io.total, many);
}

static size_t
heap(void)
{
	return mallinfo2().uordblks;
}

/* 10,000 clients vanish: everything is back after expiry, and once more. */
static void
expiry(void **state)
{
	size_t before, after;

	(void)state;
	start_many();
	allocate_many(100); /* what the libraries keep for themselves from the first time on */
	rig_wait(&r, 600);
	allocate_many(10000);
	rig_wait(&r, 599);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS), 10000);
	rig_wait(&r, 1);
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS), 0);
	assert_int_equal(r.io.open, 0);
	assert_int_equal(r.io.total, 0);
	before = heap(); /* the table has grown and may stay so */
	allocate_many(10000);
	assert_true(heap() > before || before == 0); /* a sanitizer's heap does not tell */
	rig_wait(&r, 3600);
	assert_int_equal(r.io.open, 0);
	after = heap();
	if (after > before)
		fail_msg("%zu bytes stay", after - before);
}

static void
freed(void **state)
{
	(void)state;
	start_many();
	allocate_many(10000);
	turn_free(r.turn); /* the leak checker of a sanitizer build sees the rest */
	r.turn = NULL;
	assert_int_equal(r.io.open, 0);
	assert_int_equal(r.io.total, 0);
}

/* D8: memory of an allocation with two permissions and a channel, table and quota included. */
static void
footprint(void **state)
{
	enum { MANY = 8192 };
	size_t before, fake;

	(void)state;
	start_many();
	allocate_many(10);
	before = heap();
	allocate_many(10 + MANY); /* the first ten are answered 437 */
	if (heap() == before)
		return; /* a sanitizer's heap does not tell */
	fake = MANY * (sizeof(struct fake_relay) + 16);
	printf("# %zu bytes for an allocation\n", (heap() - before - fake) / MANY);
	assert_true((heap() - before - fake) / MANY < 1024);
}

static size_t
longest_chain(const struct htab *t)
{
	size_t longest = 0;

	for (size_t i = 0; i <= t->mask; i++) {
		size_t n = 0;

		for (const struct hnode *node = t->slots[i]; node != NULL; node = node->next)
			n++;
		if (n > longest)
			longest = n;
	}
	return longest;
}

/*
 * Security C8: whatever addresses a stranger chooses, the chains stay short, because he does not
 * know the key. Here he chooses them all with one low port byte, and the memo of one slot.
 */
static void
flood(void **state)
{
	enum { MANY = 50000 };
	uint8_t ip[4] = {8, 0, 0, 0};

	(void)state;
	start_many();
	for (unsigned i = 0; i < MANY; i++) {
		rig_client(&r, &c, 0, NULL);
		ip[1] = (uint8_t)(i >> 16);
		ip[2] = (uint8_t)(i >> 8);
		ip[3] = (uint8_t)i;
		c.flow.client = addr_make(bytes_view(ip, 4), (uint16_t)(0x0100 * (1 + i % 255)));
		assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	}
	assert_null(turn_invariant(r.turn, r.now));
	assert_int_equal(r.turn->flows.used, MANY);
	assert_true(r.turn->flows.mask + 1 >= MANY);
	/* balls into bins: for a random hash more than 12 in one of 2^16 is next to impossible */
	assert_true(longest_chain(&r.turn->flows) <= 12);
	rig_wait(&r, 600);
	assert_int_equal(r.io.open, 0);
}

/*
 * Security C1, C2, C3: Allocates of 100,000 sources, and every other method of each tenth, with no
 * seal, with a forged one and a foreign nonce, with a forged one and a fresh nonce: an answer, and
 * nothing that stays.
 */
static int
forged(unsigned method, bool fresh)
{
	static const uint8_t mac[20] = {1};

	rig_begin(&r, &c, method);
	build_u8(&r.b, ATTR_REQUESTED_TRANSPORT, 17);
	if (fresh) {
		assert_int_equal(rig_send(&r, &c), 401);
		rig_begin(&r, &c, method);
	}
	build_bytes(&r.b, ATTR_USERNAME, bytes_text("alice"));
	build_bytes(&r.b, ATTR_REALM, r.policy.realm);
	build_bytes(&r.b, ATTR_NONCE,
	            fresh ? bytes_view(c.nonce, c.nonce_n) : bytes_text("obMatJos2AAAAforged"));
	if (fresh) {
		build_algorithms(&r.b, r.policy.algorithms, r.policy.algorithms_n);
		build_algorithm(&r.b, KEY_SHA256);
	}
	build_bytes(&r.b, ATTR_MESSAGE_INTEGRITY, bytes_view(mac, 20));
	return rig_send(&r, &c);
}

static void
strangers(void **state)
{
	static const unsigned methods[] = {METHOD_ALLOCATE, METHOD_REFRESH, METHOD_CREATE_PERMISSION,
	                                   METHOD_CHANNEL_BIND, METHOD_BINDING};
	enum { SOURCES = 100000, WARM = 10, OTHERS = 10 };
	const size_t all = sizeof methods / sizeof methods[0];
	size_t before = 0;
	uint64_t randoms = 0;

	(void)state;
	r.careless = true;
	rig_start(&r);
	for (unsigned i = 0; i < SOURCES + WARM; i++) {
		if (i == WARM) {
			before = heap();
			randoms = r.io.randoms;
		}
		rig_client(&r, &c, i, NULL);
		for (size_t m = 0; m < (i % OTHERS == 0 ? all : 1); m++) {
			bool turn = methods[m] != METHOD_BINDING;

			rig_begin(&r, &c, methods[m]);
			build_u8(&r.b, ATTR_REQUESTED_TRANSPORT, 17);
			assert_int_equal(rig_send(&r, &c), turn ? 401 : 0);
			assert_true(r.out.data.n <= 104);
			if (!turn)
				continue;
			assert_int_equal(forged(methods[m], false), 401);
			assert_true(r.out.data.n <= 104);
			assert_int_equal(forged(methods[m], true), 401);
			assert_true(r.out.data.n <= 104);
		}
	}
	assert_int_equal(rig_count(&r, TURN_ALLOCATIONS_CREATED), 0);
	assert_int_equal(r.turn->flows.used, 0);
	assert_int_equal(r.io.open, 0);
	assert_int_equal(r.io.total, 0);
	assert_int_equal(r.io.randoms, randoms); /* no id is drawn for them either */
	assert_true(heap() <= before);
	assert_int_equal(turn_tick(r.turn, r.now), MSEC_NEVER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(expiry, setup, teardown),
		cmocka_unit_test_setup_teardown(freed, setup, teardown),
		cmocka_unit_test_setup_teardown(footprint, setup, teardown),
		cmocka_unit_test_setup_teardown(flood, setup, teardown),
		cmocka_unit_test_setup_teardown(strangers, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
