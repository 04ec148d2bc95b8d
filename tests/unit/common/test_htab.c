/* common/htab.h: a table that never makes one insertion pay for many (security C8). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>

#include "common/htab.h"
#include "common/siphash.h"

struct thing {
	uint32_t number;
	bool in, seen;
	struct hnode node;
};

static const struct siphash_key key = {7, 11};

static uint64_t
hash_of(uint32_t number)
{
	return siphash(&key, &number, sizeof number);
}

static struct thing *
find(const struct htab *t, uint32_t number)
{
	for (struct hnode *n = htab_first(t, hash_of(number)); n != NULL; n = htab_next(n)) {
		struct thing *thing = HTAB_ITEM(n, struct thing, node);
		if (thing->number == number)
			return thing;
	}
	return NULL;
}

static uint32_t
next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)(*seed >> 33);
}

static void
the_size_is_a_power_of_two(void **state)
{
	(void)state;
	static const size_t rows[][2] = {{0, 8}, {8, 8}, {9, 16}, {1000, 1024}, {1024, 1024}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct htab t;
		assert_int_equal(htab_init(&t, rows[i][0]), 0);
		assert_int_equal(t.mask + 1, rows[i][1]);
		htab_fini(&t);
		htab_fini(&t); /* nothing left: harmless */
	}
}

/* Random insertions and removals; a flag in each thing is the oracle. */
static void
what_is_in_is_found(void **state)
{
	(void)state;
	enum { N = 2000 };
	static struct thing things[N];
	uint64_t seed = 42;
	struct htab t;
	size_t used = 0;

	assert_int_equal(htab_init(&t, 8), 0);
	for (uint32_t i = 0; i < N; i++)
		things[i].number = i;
	for (unsigned step = 0; step < 60000; step++) {
		/* Phases of growth and of shrinking, so that both happen while chains move. */
		uint32_t range = 10 + (step / 100 % 20) * (N - 10) / 20;
		struct thing *thing = &things[next_random(&seed) % range];
		if (thing->in) {
			htab_remove(&t, &thing->node);
			used--;
		} else {
			htab_insert(&t, &thing->node, hash_of(thing->number));
			used++;
		}
		thing->in = !thing->in;
		struct thing *probe = &things[next_random(&seed) % N];
		assert_ptr_equal(find(&t, probe->number), probe->in ? probe : NULL);
		assert_int_equal(t.used, used);
	}
	for (uint32_t i = 0; i < N; i++)
		assert_ptr_equal(find(&t, i), things[i].in ? &things[i] : NULL);
	htab_fini(&t);
}

static void
equal_hashes_stay_together(void **state)
{
	(void)state;
	enum { N = 500, SAME = 5 };
	static struct hnode others[N], same[SAME];
	struct htab t;

	assert_int_equal(htab_init(&t, 8), 0);
	for (uint32_t i = 0; i < N; i++) { /* the five come in while the table grows */
		if (i % (N / SAME) == 0)
			htab_insert(&t, &same[i / (N / SAME)], 0x1234567800000003);
		htab_insert(&t, &others[i], hash_of(i));
		unsigned found = 0;
		for (struct hnode *n = htab_first(&t, 0x1234567800000003); n != NULL;
		     n = htab_next(n))
			found++;
		assert_int_equal(found, i / (N / SAME) + 1);
	}
	htab_fini(&t);
}

/* The progress through the old array tells how many chains an insertion has moved. */
static void
no_insertion_moves_more_than_a_few_chains(void **state)
{
	(void)state;
	enum { N = 200000, MOVES = 4 };
	struct thing *things = calloc(N, sizeof *things);
	struct htab t;
	unsigned growths = 0;

	assert_non_null(things);
	assert_int_equal(htab_init(&t, 8), 0);
	for (uint32_t i = 0; i < N; i++) {
		struct htab before = t;
		things[i].number = i;
		htab_insert(&t, &things[i].node, hash_of(i));
		if (before.old == NULL && t.old != NULL) {
			growths++;
			assert_int_equal(t.old_at, 0);
		} else if (before.old != NULL) {
			size_t at = t.old == NULL ? before.old_mask + 1 : t.old_at;
			assert_true(at - before.old_at <= MOVES);
			assert_true(at > before.old_at);
			/* Grown out before the next growth. */
			assert_ptr_equal(t.slots, before.slots);
		}
		assert_true(t.used <= 2 * (t.mask + 1));
	}
	assert_true(growths >= 14);
	for (uint32_t i = 0; i < N; i++)
		assert_ptr_equal(find(&t, i), &things[i]);
	htab_fini(&t);
	free(things);
}

static void
look_at(struct hnode *n, void *ctx)
{
	struct thing *thing = HTAB_ITEM(n, struct thing, node);

	assert_false(thing->seen);
	thing->seen = true;
	++*(unsigned *)ctx;
}

static void
take_out_even(struct hnode *n, void *ctx)
{
	struct htab *t = ctx;

	if (HTAB_ITEM(n, struct thing, node)->number % 2 == 0)
		htab_remove(t, n);
}

static void
each_sees_everything_once_even_while_growing(void **state)
{
	(void)state;
	enum { N = 300 };
	static struct thing things[N];
	unsigned in_motion = 0;
	struct htab t;

	assert_int_equal(htab_init(&t, 8), 0);
	for (uint32_t i = 0; i < N; i++) {
		unsigned seen = 0;
		things[i].number = i;
		htab_insert(&t, &things[i].node, hash_of(i));
		in_motion += t.old != NULL && t.old_at > 0;
		htab_each(&t, look_at, &seen);
		assert_int_equal(seen, i + 1);
		for (uint32_t j = 0; j <= i; j++)
			things[j].seen = false;
	}
	assert_true(in_motion > 20);
	htab_each(&t, take_out_even, &t);
	assert_int_equal(t.used, N / 2);
	for (uint32_t i = 0; i < N; i++)
		assert_ptr_equal(find(&t, i), i % 2 == 0 ? NULL : &things[i]);
	htab_fini(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_size_is_a_power_of_two),
		cmocka_unit_test(what_is_in_is_found),
		cmocka_unit_test(equal_hashes_stay_together),
		cmocka_unit_test(no_insertion_moves_more_than_a_few_chains),
		cmocka_unit_test(each_sees_everything_once_even_while_growing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
