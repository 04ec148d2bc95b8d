/* common/entropy.h */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "common/entropy.h"

/* Sets of bits in a row of zeroes: 64 zero bytes in a row do not happen. */
static bool
all_zero(const uint8_t *p, size_t n)
{
	static const uint8_t zero[64];

	assert_true(n <= sizeof zero);
	return memcmp(p, zero, n) == 0;
}

static void
fill_fills_everything(void **state)
{
	(void)state;
	static uint8_t block[100000];

	entropy_fill(block, sizeof block);
	for (size_t at = 0; at + 64 <= sizeof block; at += 64)
		assert_false(all_zero(block + at, 64));
	assert_false(all_zero(block + sizeof block - 32, 32));
}

static void
bytes_are_never_handed_out_twice(void **state)
{
	(void)state;
	static struct entropy pool;
	uint8_t seen[1000][12];

	for (size_t i = 0; i < 1000; i++) { /* several times through the pool */
		entropy_take(&pool, seen[i], 12);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(seen[i], seen[j], 12);
	}
}

static void
the_pool_forgets_what_it_gave(void **state)
{
	(void)state;
	static struct entropy pool;
	uint8_t taken[64];

	entropy_take(&pool, taken, sizeof taken);
	assert_int_equal(pool.left, ENTROPY_POOL - sizeof taken);
	assert_true(all_zero(pool.pool + pool.left, sizeof taken));
	assert_false(all_zero(taken, sizeof taken));
	assert_false(all_zero(pool.pool, 64));
}

static void
large_requests_pass_by_the_pool(void **state)
{
	(void)state;
	static struct entropy pool;
	static uint8_t block[3 * ENTROPY_POOL];

	entropy_take(&pool, block, sizeof block);
	assert_int_equal(pool.left, 0);
	for (size_t at = 0; at + 64 <= sizeof block; at += 64)
		assert_false(all_zero(block + at, 64));
}

static void
below_stays_below_and_is_even(void **state)
{
	(void)state;
	static struct entropy pool;
	unsigned counts[10] = {0};
	double chi = 0;

	for (unsigned i = 0; i < 100000; i++) {
		uint32_t r = entropy_below(&pool, 10);
		assert_true(r < 10);
		counts[r]++;
	}
	for (unsigned i = 0; i < 10; i++)
		chi += (counts[i] - 10000.0) * (counts[i] - 10000.0) / 10000.0;
	assert_true(chi < 60); /* 9 degrees of freedom: by chance once in 10^9 runs */
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(entropy_below(&pool, 1), 0);
}

/*
 * Bounded to 3/4 of the range, a plain modulo gives the lower third twice as often, and a plain
 * product every third number.
 */
static void
below_has_no_bias(void **state)
{
	(void)state;
	static struct entropy pool;
	unsigned low = 0, third = 0;

	for (unsigned i = 0; i < 30000; i++) {
		uint32_t r = entropy_below(&pool, 0xc0000000);
		assert_true(r < 0xc0000000);
		low += r < 0x40000000;
		third += r % 3 == 0;
	}
	assert_in_range(low, 9400, 10600); /* 10000 expected, sigma 82 */
	assert_in_range(third, 9400, 10600);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fill_fills_everything),
		cmocka_unit_test(bytes_are_never_handed_out_twice),
		cmocka_unit_test(the_pool_forgets_what_it_gave),
		cmocka_unit_test(large_requests_pass_by_the_pool),
		cmocka_unit_test(below_stays_below_and_is_even),
		cmocka_unit_test(below_has_no_bias),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
