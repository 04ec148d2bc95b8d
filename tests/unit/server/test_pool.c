#include "server/pool.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>

static union addr
addr(const char *text, uint16_t port)
{
	union addr a;

	assert_null(addr_parse(text, port, &a));
	return a;
}

static struct pool *
make(uint16_t lo, uint16_t hi)
{
	struct pool_policy policy = {.ip = {addr("192.0.2.1", 0)}, .lo = lo, .hi = hi};
	struct pool *p = pool_new(&policy);

	assert_non_null(p);
	return p;
}

static void
test_owner(void **state)
{
	struct pool *p = make(50000, 50009);
	union addr relay = addr("192.0.2.1", 50003), other = addr("192.0.2.2", 50003),
	           six = addr("2001:db8::1", 50003);

	(void)state;
	assert_int_equal(pool_owner(p, &relay), -1);
	pool_own(p, &relay, 255);
	assert_int_equal(pool_owner(p, &relay), 255);
	assert_int_equal(pool_owner(p, &other), -1);
	assert_int_equal(pool_owner(p, &six), -1);
	pool_own(p, &relay, -1);
	assert_int_equal(pool_owner(p, &relay), -1);
	pool_free(p);
	pool_free(NULL);
}

static void
test_families(void **state)
{
	struct pool *p = make(50000, 50009);

	(void)state;
	assert_int_equal(pool_size(p, 0), 10);
	assert_int_equal(pool_size(p, 1), 0);
	assert_non_null(pool_ip(p, 0));
	assert_null(pool_ip(p, 1));
	pool_free(p);
}

enum { THREADS = 4, EACH = 1000 };

struct drawer {
	pthread_t thread;
	struct pool *pool;
	uint16_t port[EACH];
};

static void *
draw(void *arg)
{
	struct drawer *d = arg;

	for (int i = 0; i < EACH; i++)
		d->port[i] = pool_take(d->pool, 0, false, 0);
	return NULL;
}

/* T-025, T-082: every port of the range can be had, by whomever, and by one only. */
static void
test_race(void **state)
{
	struct pool *p = make(40000, 40000 + THREADS * EACH - 1);
	static struct drawer drawer[THREADS];
	static bool seen[THREADS * EACH];

	(void)state;
	for (int t = 0; t < THREADS; t++) {
		drawer[t].pool = p;
		assert_int_equal(pthread_create(&drawer[t].thread, NULL, draw, &drawer[t]), 0);
	}
	for (int t = 0; t < THREADS; t++) {
		pthread_join(drawer[t].thread, NULL);
		for (int i = 0; i < EACH; i++) {
			unsigned k = drawer[t].port[i] - 40000u;

			assert_in_range(drawer[t].port[i], 40000, 40000 + THREADS * EACH - 1);
			assert_false(seen[k]);
			seen[k] = true;
		}
	}
	assert_int_equal(pool_take(p, 0, false, 0), 0);
	pool_give(p, 0, 40007, 0);
	assert_int_equal(pool_take(p, 0, true, 1), 0); /* odd */
	assert_int_equal(pool_take(p, 0, false, 1), 40007);
	pool_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_owner),
	                                   cmocka_unit_test(test_families),
	                                   cmocka_unit_test(test_race)};

	return cmocka_run_group_tests_name("server/pool", tests, NULL, NULL);
}
