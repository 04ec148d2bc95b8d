/* stun/nonce.c: conformance-stun 1.9. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "stun/nonce.h"

enum { NOW = 1735689600, LIFETIME = 600 };

static struct digest *d;
static struct nonce_keys keys;
static struct flow flow;
static const uint16_t list[] = {2, 1};
static struct nonce_scope scope;
static char nonce[NONCE_SIZE];

static int
setup_all(void **state)
{
	(void)state;
	d = digest_new();
	return d == NULL ? -1 : 0;
}

static int
teardown_all(void **state)
{
	(void)state;
	digest_free(d);
	return 0;
}

static void
fill_key(struct nonce_keys *k, unsigned i, unsigned seed)
{
	for (unsigned j = 0; j < NONCE_KEY; j++)
		k->key[i][j] = (uint8_t)(seed * 37 + j * 11 + seed * j);
}

static int
setup(void **state)
{
	(void)state;
	keys = (struct nonce_keys){.n = 1};
	fill_key(&keys, 0, 1);
	flow = (struct flow){.transport = FLOW_UDP};
	assert_null(addr_parse("192.0.2.1:32853", 0, &flow.client));
	assert_null(addr_parse("198.51.100.1:3478", 0, &flow.local));
	scope = (struct nonce_scope){
		.flow = &flow,
		.realm = bytes_text("example.org"),
		.features = NONCE_PASSWORD_ALGORITHMS | NONCE_USERNAME_ANONYMITY,
		.algorithms = list,
		.algorithms_n = 2,
	};
	assert_true(nonce_mint(&keys, d, &scope, NOW, nonce));
	return 0;
}

static enum nonce_verdict
check(int64_t now)
{
	return nonce_check(&keys, d, &scope, now, LIFETIME, bytes_view(nonce, NONCE_SIZE));
}

/* S-151, S-154, S-152, A-01, A-37, T-029 */
static void
shape(void **state)
{
	static const struct {
		unsigned features;
		const char *cookie;
	} want[] = {{0, "obMatJos2AAAA"},
	            {1, "obMatJos2gAAB"},
	            {2, "obMatJos2QAAC"},
	            {3, "obMatJos2wAAD"}};

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		scope.features = want[i].features;
		assert_true(nonce_mint(&keys, d, &scope, NOW, nonce));
		assert_memory_equal(nonce, want[i].cookie, NONCE_COOKIE);
		assert_int_equal(nonce_features(bytes_view(nonce, NONCE_SIZE)), want[i].features);
		for (unsigned j = 0; j < NONCE_SIZE; j++) { /* qdtext without blanks */
			assert_in_range(nonce[j], 0x21, 0x7e);
			assert_true(nonce[j] != '"' && nonce[j] != '\\');
		}
		assert_int_equal(check(NOW), NONCE_FRESH);
	}
}

/* conformance-stun 1.9, the table: both orders of bits */
static void
features_of_others(void **state)
{
	static const struct {
		const char *nonce;
		unsigned features;
	} want[] = {
		{"obMatJos2AAAA", 0},
		{"obMatJos2gAAA", 1},
		{"obMatJos2AAAB", 1},
		{"obMatJos2gAAB", 1},
		{"obMatJos2QAAA", 2},
		{"obMatJos2AAAC", 2},
		{"obMatJos2QAAC", 2},
		{"obMatJos2wAAA", 3},
		{"obMatJos2AAAD", 3},
		{"obMatJos2wAAD", 3},
		{"obMatJos2gAAC", 3},
		{"obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA",
	         2}, /* vector B.1: L3 is not triggered */
		{"obMatJos2wAAAf//499k954d6OL34oL9FSTvy64sA", 3},
		{"obMatJos2P//8", 0}, /* bits that nobody assigned */
		{"f//499k954d6OL34oL9FSTvy64sA", 0},
		{"", 0},
		{"obMatJos2", 0},
		{"obMatJos2wAA", 0},
		{"obMatJos3wAAD", 0},
		{"ObMatJos2wAAD", 0},
		{"obMatJos2w==D", 0},
		{"obMatJos2wAA=", 0},
		{"obMatJos2w\xc3\xa4"
	         "D",
	         0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
		assert_int_equal(nonce_features(bytes_text(want[i].nonce)), want[i].features);
}

/* S-158 */
static void
ageing(void **state)
{
	(void)state;
	assert_int_equal(check(NOW), NONCE_FRESH);
	assert_int_equal(check(NOW + LIFETIME), NONCE_FRESH);
	assert_int_equal(check(NOW + LIFETIME + 1), NONCE_STALE);
	assert_int_equal(check(NOW - 5), NONCE_FRESH); /* another server's clock */
	assert_int_equal(check(NOW - 6), NONCE_STALE);
	assert_int_equal(check(NOW + 1000000), NONCE_STALE);

	/* the wrap of 32 bits in 2106 */
	int64_t wrap = (int64_t)1 << 32;
	assert_true(nonce_mint(&keys, d, &scope, wrap - 10, nonce));
	assert_int_equal(check(wrap + 10), NONCE_FRESH);
	assert_int_equal(check(wrap + LIFETIME), NONCE_STALE);
}

/* S-153, S-157, T-030: bound to client address, port and transport; not to what else a flow has */
static void
bound_to_client(void **state)
{
	static const char *const others[] = {"192.0.2.1:32854", "192.0.2.2:32853",
	                                     "[::ffff:c000:201]:32853"};
	char other[NONCE_SIZE];
	struct flow same = flow;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		assert_null(addr_parse(others[i], 0, &flow.client));
		assert_int_equal(check(NOW), NONCE_FOREIGN);
		assert_true(nonce_mint(&keys, d, &scope, NOW, other));
		assert_memory_not_equal(other, nonce, NONCE_SIZE);
	}
	flow = same;
	for (int t = FLOW_TCP; t < FLOW_TRANSPORTS; t++) {
		flow.transport = (enum flow_transport)t;
		assert_int_equal(check(NOW), NONCE_FOREIGN);
	}
	flow = same;
	flow.socket = 7;
	assert_int_equal(check(NOW), NONCE_FRESH);
}

/* S-155, S-159, A-27: bound to realm, features and list */
static void
bound_to_offer(void **state)
{
	static const uint16_t swapped[] = {1, 2};

	(void)state;
	struct nonce_scope good = scope;
	scope.realm = bytes_text("example.com");
	assert_int_equal(check(NOW), NONCE_FOREIGN);
	scope = good;
	scope.features = NONCE_PASSWORD_ALGORITHMS;
	assert_int_equal(check(NOW), NONCE_FOREIGN);
	scope = good;
	scope.algorithms = swapped;
	assert_int_equal(check(NOW), NONCE_FOREIGN);
	scope = good;
	scope.algorithms_n = 1;
	assert_int_equal(check(NOW), NONCE_FOREIGN);
	scope = good;
	assert_int_equal(check(NOW), NONCE_FRESH);
	/* no shifting of bytes between the list and the realm */
	scope.algorithms_n = 0;
	scope.realm = bytes_view("\0\2\0\1example.org", 15);
	assert_int_equal(check(NOW), NONCE_FOREIGN);
}

/* S-155, S-156: every character counts */
static void
tampering(void **state)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \"";

	(void)state;
	for (unsigned i = 0; i < NONCE_SIZE; i++) {
		char was = nonce[i];
		for (const char *c = alphabet; *c != '\0'; c++) {
			if (*c == was)
				continue;
			nonce[i] = *c;
			assert_int_equal(check(NOW), NONCE_FOREIGN);
		}
		nonce[i] = was;
	}
	assert_int_equal(check(NOW), NONCE_FRESH);
}

/* S-161, S-171 */
static void
not_ours(void **state)
{
	static const char *const others[] = {
		"",
		"f//499k954d6OL34oL9FSTvy64sA",
		"obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA",
		"obMatJos2wAAD",
		"obMatJos2wAADAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};
	char longer[763];

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_int_equal(
			nonce_check(&keys, d, &scope, NOW, LIFETIME, bytes_text(others[i])),
			NONCE_FOREIGN);
	memset(longer, 'A', sizeof longer);
	memcpy(longer, nonce, NONCE_SIZE);
	for (size_t n = 0; n <= sizeof longer; n++)
		assert_int_equal(
			nonce_check(&keys, d, &scope, NOW, LIFETIME, bytes_view(longer, n)),
			n == NONCE_SIZE ? NONCE_FRESH : NONCE_FOREIGN);
}

/* S-159 and a change of keys: the first mints, all verify, in whatever order a server has them */
static void
several_keys(void **state)
{
	struct nonce_keys one = keys;

	(void)state;
	keys.n = NONCE_KEYS;
	for (unsigned i = 0; i < NONCE_KEYS; i++)
		fill_key(&keys, i, 10 + i);
	assert_int_equal(check(NOW), NONCE_FOREIGN); /* restarted with other keys */
	for (unsigned at = 0; at < NONCE_KEYS; at++) {
		memcpy(keys.key[at], one.key[0], NONCE_KEY);
		assert_int_equal(check(NOW), NONCE_FRESH);
		fill_key(&keys, at, 10 + at);
	}
	fill_key(&keys, 1, 1);
	keys.n = 1; /* what lies behind the end is no key */
	assert_int_equal(check(NOW), NONCE_FOREIGN);
	keys.n = 2;
	assert_true(nonce_mint(&keys, d, &scope, NOW, nonce));
	keys.key[1][0] ^= 1;
	assert_int_equal(check(NOW), NONCE_FRESH);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(shape, setup),
		cmocka_unit_test_setup(features_of_others, setup),
		cmocka_unit_test_setup(ageing, setup),
		cmocka_unit_test_setup(bound_to_client, setup),
		cmocka_unit_test_setup(bound_to_offer, setup),
		cmocka_unit_test_setup(tampering, setup),
		cmocka_unit_test_setup(not_ours, setup),
		cmocka_unit_test_setup(several_keys, setup),
	};

	return cmocka_run_group_tests_name("stun/nonce", tests, setup_all, teardown_all);
}
