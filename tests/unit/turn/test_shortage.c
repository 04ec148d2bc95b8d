/*
 * Memory is short: every allocation that the machine asks for is refused once, call by call, in
 * whole conversations (security D11, 2.3); and so is every hash. Linked with --wrap for malloc,
 * calloc, realloc, digest_hash and digest_hmac; the libraries are not affected, and the fake world
 * is spared.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>

#include "../../lib/rig.h"
#include "turn/machine.h"

void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);

static struct {
	bool armed;
	unsigned calls, refuse, last; /* calls refuse..last are refused; counted from 1 */
} memory;

static bool
refused(void)
{
	if (!memory.armed)
		return false;
	memory.calls++;
	return memory.calls >= memory.refuse && memory.calls <= memory.last;
}

void *
__wrap_malloc(size_t n)
{
	return refused() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return refused() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t n)
{
	return refused() ? NULL : __real_realloc(p, n);
}

bool __wrap_digest_hash(struct digest *d, enum digest_kind kind, const struct bytes *parts,
                        unsigned n, uint8_t into[static DIGEST_MAX]);
bool __wrap_digest_hmac(struct digest *d, enum digest_kind kind, struct bytes key,
                        const struct bytes *parts, unsigned n, uint8_t into[static DIGEST_MAX]);
bool __real_digest_hash(struct digest *d, enum digest_kind kind, const struct bytes *parts,
                        unsigned n, uint8_t into[static DIGEST_MAX]);
bool __real_digest_hmac(struct digest *d, enum digest_kind kind, struct bytes key,
                        const struct bytes *parts, unsigned n, uint8_t into[static DIGEST_MAX]);

static struct rig r;
static struct {
	const struct digest *of; /* whose calls are counted: not those of the clients */
	unsigned calls, refuse, last;
} digests;

static bool
fails(const struct digest *d)
{
	if (d != digests.of || d == NULL)
		return false;
	digests.calls++;
	return digests.calls >= digests.refuse && digests.calls <= digests.last;
}

/* As the real ones do when the library fails: zeroes. */
bool
__wrap_digest_hash(struct digest *d, enum digest_kind kind, const struct bytes *parts, unsigned n,
                   uint8_t into[static DIGEST_MAX])
{
	if (!fails(d))
		return __real_digest_hash(d, kind, parts, n, into);
	memset(into, 0, DIGEST_MAX);
	return false;
}

bool
__wrap_digest_hmac(struct digest *d, enum digest_kind kind, struct bytes key,
                   const struct bytes *parts, unsigned n, uint8_t into[static DIGEST_MAX])
{
	if (!fails(d))
		return __real_digest_hmac(d, kind, key, parts, n, into);
	memset(into, 0, DIGEST_MAX);
	return false;
}

static unsigned (*fake_open)(void *ctx, const struct turn_relay_want *want, struct relay **relay);

static unsigned
open_spared(void *ctx, const struct turn_relay_want *want, struct relay **relay)
{
	bool armed = memory.armed;

	memory.armed = false;
	unsigned code = fake_open(ctx, want, relay);
	memory.armed = armed;
	return code;
}

static void
start(void)
{
	rig_init(&r);
	fake_open = r.io.io.relay_open;
	r.io.io.relay_open = open_spared;
	r.policy.permissions_max = 0;
	rig_start(&r);
}

enum { CLIENTS = 70, PEERS = 20 };

static union addr
peer(unsigned i)
{
	union addr a = rig_addr("8.8.8.0:5000");

	bytes_put32((uint8_t *)&a.v4.sin_addr, 0x08080000 + i);
	return a;
}

/*
 * A conversation in which every array and table grows. What is refused is asked again, and then it
 * works: one refusal leaves nothing broken.
 */
static unsigned shortages;

static void
accept_it(int code)
{
	assert_true(code == 0 || code == 508 || code == 500 || code == RIG_SILENT);
	shortages += code != 0;
}

static void
conversation(void)
{
	static struct rig_client cs[CLIENTS];
	union addr peers[PEERS];

	for (unsigned i = 0; i < PEERS; i++)
		peers[i] = peer(i);
	for (unsigned i = 0; i < CLIENTS; i++) {
		rig_client(&r, &cs[i], i, i % 2 == 0 ? "alice" : "bob");
		int code = rig_allocate(&r, &cs[i], AF_INET);
		accept_it(code);
		if (code != 0)
			assert_int_equal(rig_allocate(&r, &cs[i], AF_INET), 0);
	}
	struct rig_client *c = &cs[0];
	for (unsigned i = 0; i < PEERS; i += 5) {
		int code = rig_permit(&r, c, peers + i, 5);
		accept_it(code);
		if (code != 0)
			assert_int_equal(rig_permit(&r, c, peers + i, 5), 0);
	}
	for (unsigned i = 0; i < PEERS; i++) {
		int code = rig_bind(&r, &cs[1], 0x4000 + i, &peers[i]);
		accept_it(code);
		if (code != 0)
			assert_int_equal(rig_bind(&r, &cs[1], 0x4000 + i, &peers[i]), 0);
	}
	/* the data path asks for no memory at all */
	unsigned calls = memory.calls;
	for (unsigned i = 0; i < PEERS; i++) {
		assert_int_equal(rig_send_data(&r, c, &peers[i], bytes_text("x")), TURN_TO_PEER);
		assert_int_equal(rig_channel_data(&r, &cs[1], 0x4000 + i, bytes_text("x")), TURN_TO_PEER);
		assert_int_equal(rig_peer_data(&r, &c->relayed, &peers[i], bytes_text("x")), TURN_TO_CLIENT);
		assert_int_equal(rig_peer_data(&r, &cs[1].relayed, &peers[i], bytes_text("x")),
		                 TURN_TO_CLIENT);
	}
	assert_int_equal(memory.calls, calls);
	rig_refresh(&r, c, 0);
	rig_wait(&r, 300);
	assert_int_equal(memory.calls, calls); /* nor does what ends */
}

/* Returns how often memory was asked for. */
static unsigned
play(unsigned refuse, unsigned last)
{
	start();
	memory.calls = 0;
	memory.refuse = refuse;
	memory.last = last;
	memory.armed = true;
	shortages = 0;
	conversation();
	memory.armed = false;
	assert_null(turn_invariant(r.turn, r.now));
	assert_int_equal(rig_count(&r, TURN_MEMORY_SHORT) >= shortages, true);
	assert_true(rig_fini(&r));
	return memory.calls;
}

static void
one_by_one(void **state)
{
	unsigned asked = play(UINT32_MAX, UINT32_MAX), seen = 0;

	(void)state;
	assert_int_equal(shortages, 0);
	assert_true(asked > CLIENTS);
	for (unsigned k = 1; k <= asked; k++) {
		play(k, k);
		seen += shortages;
	}
	assert_true(seen >= CLIENTS); /* every Allocate once, at least */
}

/* From a call on there is no memory any more: everything new is refused, what is there goes on. */
static void
from_now_on(void **state)
{
	struct rig_client c, other;
	union addr p = peer(1), q = peer(2), s = peer(3);

	(void)state;
	start();
	rig_client(&r, &c, 1, "alice");
	rig_client(&r, &other, 2, "bob");
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4000, &p), 0);
	assert_int_equal(rig_bind(&r, &c, 0x4001, &q), 0);
	memory.calls = 0;
	memory.refuse = 1;
	memory.last = UINT32_MAX;
	memory.armed = true;
	for (unsigned i = 0; i < 100; i++) {
		assert_int_equal(rig_allocate(&r, &other, AF_INET), 508);
		assert_int_equal(rig_bind(&r, &c, 0x4002, &s), 508);
		assert_int_equal(rig_permit(&r, &c, &s, 1), 508);
		assert_int_equal(rig_bind(&r, &c, 0x4001, &q), 0);
		assert_int_equal(rig_refresh(&r, &c, 600), 0);
		assert_int_equal(rig_channel_data(&r, &c, 0x4000, bytes_text("x")), TURN_TO_PEER);
	}
	assert_int_equal(r.io.open, 1);
	assert_int_equal(r.io.total, 1);
	memory.armed = false;
	assert_int_equal(rig_count(&r, TURN_MEMORY_SHORT), 300);
	assert_int_equal(rig_bind(&r, &c, 0x4002, &s), 0);
	assert_int_equal(rig_allocate(&r, &other, AF_INET), 0);
	assert_true(rig_fini(&r));
}

/* The table cannot grow: chains get longer, nobody is refused for it. */
static void
table_stays_small(void **state)
{
	enum { MANY = 300 };

	(void)state;
	start();
	for (unsigned i = 0; i < MANY; i++) {
		struct rig_client c;

		rig_client(&r, &c, i, "alice");
		memory.calls = 0;
		memory.refuse = 2; /* the first is the allocation itself */
		memory.last = UINT32_MAX;
		memory.armed = true;
		assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
		memory.armed = false;
	}
	assert_null(turn_invariant(r.turn, r.now));
	assert_true(rig_fini(&r));
}

/* Machine, gate and ring: each is there whole, or not at all. */
static void
makings(void **state)
{
	(void)state;
	for (unsigned k = 1; k < 1000; k++) {
		struct turn *t;
		struct peers *p;
		struct keyring *ring;
		const char *wrong = NULL;
		bool all;

		start();
		memory.calls = 0;
		memory.refuse = memory.last = k;
		memory.armed = true;
		t = turn_new(&r.policy, &r.io.io, r.now);
		p = peers_new();
		all = p != NULL && peers_add_recommended(p);
		for (unsigned i = 0; all && i < 9; i++) {
			union addr a = peer(i);

			all = peers_deny_ports(p, 1, 2) && peers_add_endpoint(p, &a) &&
			      peers_add_self(p, &a, 1, 2);
		}
		if (all)
			wrong = peers_add(p, PEERS_DENY, "2a00::5-2a00::20");
		ring = keyring_new(&r.ring);
		if (ring != NULL && wrong == NULL)
			wrong = keyring_add_password(ring, r.digest, bytes_text("u"), bytes_text("p"));
		if (ring != NULL && wrong == NULL)
			wrong = keyring_add_key(ring, r.digest, bytes_text("v"), &(struct key){.n = 16});
		if (ring != NULL && wrong == NULL)
			wrong = keyring_add_secret(ring, bytes_text("s"));
		memory.armed = false;
		if (wrong != NULL)
			assert_string_equal(wrong, "out of memory");
		bool short_of = memory.calls >= k;
		assert_int_equal(short_of, t == NULL || !all || ring == NULL || wrong != NULL);
		turn_free(t);
		peers_free(p);
		keyring_free(ring);
		assert_true(rig_fini(&r));
		if (!short_of) {
			assert_true(k > 50);
			return;
		}
	}
}

/* A Refresh by hash of the name, so that every digest of the door is asked. */
static int
ask_by_hash(struct rig_client *c, uint8_t seal)
{
	uint8_t hash[32], mac[32];

	memset(mac, seal, sizeof mac);
	assert_true(key_userhash(r.digest, bytes_text(c->user), r.policy.realm, hash));
	rig_begin(&r, c, METHOD_REFRESH);
	build_bytes(&r.b, ATTR_USERHASH, bytes_view(hash, 32));
	build_bytes(&r.b, ATTR_USERNAME, bytes_text(c->user));
	build_bytes(&r.b, ATTR_REALM, r.policy.realm);
	build_bytes(&r.b, ATTR_NONCE, bytes_view(c->nonce, c->nonce_n));
	build_algorithms(&r.b, r.policy.algorithms, r.policy.algorithms_n);
	build_algorithm(&r.b, KEY_SHA256);
	if (seal == 0)
		build_bytes(&r.b, ATTR_MESSAGE_INTEGRITY_SHA256, bytes_view(mac, sizeof mac));
	else
		build_integrity(&r.b, r.digest, DIGEST_SHA256, key_view(&c->key));
	return rig_send(&r, c);
}

/* A hash that fails says no to everybody: a seal of zeroes is not the right one for that. */
static void
digests_fail(void **state)
{
	static const int codes[] = {RIG_SILENT, 0, 401, 438, 500};
	struct rig_client c;

	(void)state;
	start();
	rig_client(&r, &c, 1, "alice");
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	digests.of = r.turn->digest;
	for (unsigned k = 1; k <= 8; k++) {
		bool known = false;
		int code;

		digests.calls = 0;
		digests.refuse = digests.last = k;
		code = ask_by_hash(&c, 1);
		for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
			known = known || code == codes[i];
		assert_true(known);
		assert_true(code != 0 || digests.calls < k);
		assert_int_not_equal(ask_by_hash(&c, 0), 0);
	}
	digests.refuse = 1;
	digests.last = UINT32_MAX;
	assert_int_equal(ask_by_hash(&c, 0), 500); /* not even its user can be told */
	assert_int_equal(rig_refresh(&r, &c, 0), 500); /* 401 is wanted; it has no nonce to go with */
	rig_begin(&r, &c, METHOD_BINDING);
	assert_int_equal(rig_send(&r, &c), 0);
	digests.of = NULL;
	assert_int_equal(rig_refresh(&r, &c, 0), 0);
	assert_true(rig_fini(&r));
}

static void
ring_without_digests(void **state)
{
	struct keyring_match m;

	(void)state;
	start();
	digests.of = r.digest;
	digests.refuse = 1;
	digests.last = UINT32_MAX;
	assert_null(keyring_add_secret(r.keys, bytes_text("s")));
	assert_non_null(keyring_add_password(r.keys, r.digest, bytes_text("u"), bytes_text("p")));
	assert_non_null(keyring_add_key(r.keys, r.digest, bytes_text("v"), &(struct key){.n = 16}));
	assert_false(keyring_find(r.keys, r.digest, KEY_MD5, bytes_text("u"), 5, &m));
	assert_false(keyring_find(r.keys, r.digest, KEY_MD5, bytes_text("v"), 5, &m));
	assert_false(keyring_find(r.keys, r.digest, KEY_MD5, bytes_text("9:u"), 5, &m));
	assert_int_equal(m.n, 1);
	digests.of = NULL;
	assert_true(keyring_find(r.keys, r.digest, KEY_MD5, bytes_text("9:u"), 5, &m));
	assert_true(rig_fini(&r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_by_one),
		cmocka_unit_test(from_now_on),
		cmocka_unit_test(table_stays_small),
		cmocka_unit_test(makings),
		cmocka_unit_test(digests_fail),
		cmocka_unit_test(ring_without_digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
