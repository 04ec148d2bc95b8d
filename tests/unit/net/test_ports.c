#include "net/ports.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

/* A generator of our own, so that a failure can be repeated. */
static uint32_t
below(void *ctx, uint32_t n)
{
	uint64_t *seed = ctx;

	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((*seed >> 33) % n);
}

static uint64_t seed;

static struct ports *
make(uint16_t lo, uint16_t hi)
{
	struct ports *p;

	seed = 42;
	p = ports_new(lo, hi, below, &seed);
	assert_non_null(p);
	return p;
}

/* D6: all of the range can be used, given back, and used again. */
static void
test_whole_range_twice(void **state)
{
	struct ports *p = make(50000, 50063);
	msec now = 0;

	(void)state;
	assert_int_equal(ports_size(p), 64);
	for (int round = 0; round < 2; round++) {
		bool seen[64] = {false};

		for (int i = 0; i < 64; i++) {
			uint16_t port = ports_take(p, false, now);

			assert_in_range(port, 50000, 50063);
			assert_false(seen[port - 50000]);
			seen[port - 50000] = true;
		}
		assert_int_equal(ports_take(p, false, now), 0);
		for (int i = 0; i < 64; i++)
			ports_give(p, (uint16_t)(50000 + i), now);
		now += PORTS_REST;
	}
	ports_free(p);
}

/* D4: EVEN-PORT takes nothing but the even port. */
static void
test_even_ports(void **state)
{
	struct ports *p = make(50000, 50009);

	(void)state;
	for (int round = 0; round < 1000; round++) {
		uint16_t port = ports_take(p, true, (msec)round * PORTS_REST);

		assert_int_not_equal(port, 0);
		assert_int_equal(port & 1, 0);
		ports_give(p, port, (msec)round * PORTS_REST);
	}
	for (int i = 0; i < 5; i++)
		assert_int_not_equal(ports_take(p, true, MSEC_NEVER - 1), 0);
	assert_int_equal(ports_take(p, true, MSEC_NEVER - 1), 0); /* T-099 -> 508 */
	for (int i = 0; i < 5; i++)
		assert_int_equal(ports_take(p, false, MSEC_NEVER - 1) & 1, 1);
	ports_free(p);
}

/* H3: a port rests for a minute unless nearly everything is in use. */
static void
test_rest(void **state)
{
	struct ports *p = make(50000, 50999);
	uint16_t first = ports_take(p, false, 0);

	(void)state;
	ports_give(p, first, 0);
	for (int i = 0; i < 900; i++)
		assert_int_not_equal(ports_take(p, false, PORTS_REST - 1), first);
	for (int i = 900; i < 1000; i++)
		assert_int_not_equal(ports_take(p, false, PORTS_REST - 1), 0); /* scarce: cut short */
	assert_int_equal(ports_take(p, false, PORTS_REST - 1), 0);
	ports_free(p);
}

/* Who takes many even ports does not cut the rest of the others short. */
static void
test_rest_with_many_even(void **state)
{
	struct ports *p = make(50000, 50999);
	uint16_t odd = 0;

	(void)state;
	while ((odd & 1) == 0)
		odd = ports_take(p, false, 0);
	ports_give(p, odd, 0);
	while (ports_take(p, true, 1) != 0)
		;
	for (int i = 0; i < 400; i++)
		assert_int_not_equal(ports_take(p, false, 1), odd);
	ports_free(p);
}

/* T-098, H3: draws are uniform (chi-square over 64 bins). */
static void
test_uniform(void **state)
{
	enum { BINS = 64, DRAWS = 64000 };
	struct ports *p = make(50000, 50000 + BINS * 16 - 1);
	unsigned hits[BINS] = {0};
	double chi = 0;

	(void)state;
	for (int i = 0; i < DRAWS; i++) {
		msec now = (msec)i * (PORTS_REST + 1);
		uint16_t port = ports_take(p, false, now);

		hits[(port - 50000) / 16]++;
		ports_give(p, port, now);
	}
	for (int i = 0; i < BINS; i++) {
		double off = (double)hits[i] - DRAWS / BINS;
		chi += off * off / (DRAWS / BINS);
	}
	assert_true(chi < 110); /* 63 degrees of freedom: p < 0.0003 */
	ports_free(p);
}

static void
test_edges(void **state)
{
	struct ports *p = make(65535, 65535);

	(void)state;
	assert_int_equal(ports_take(p, true, 0), 0);
	assert_int_equal(ports_take(p, false, 0), 65535);
	ports_free(p);
	p = make(1, 65535); /* all there are */
	assert_int_equal(ports_size(p), 65535);
	for (int k = 0; k < 65535; k++)
		assert_int_not_equal(ports_take(p, false, 0), 0);
	assert_int_equal(ports_take(p, false, 0), 0);
	ports_free(p);
	ports_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_range_twice), cmocka_unit_test(test_even_ports),
		cmocka_unit_test(test_rest),              
		cmocka_unit_test(test_uniform),           cmocka_unit_test(test_edges),
		cmocka_unit_test(test_rest_with_many_even),
	};
	return cmocka_run_group_tests_name("net/ports", tests, NULL, NULL);
}
