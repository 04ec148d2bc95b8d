#include "server/quota.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>

static const struct siphash_key key = {1, 2};

static struct quota *
make(unsigned total, unsigned per_user)
{
	struct quota_limits limits = {total, per_user};
	struct quota *q = quota_new(&limits, &key);

	assert_non_null(q);
	return q;
}

/* T-080: at the cap and at cap + 1; by user, not by anything else. */
static void
test_user(void **state)
{
	struct quota *q = make(0, 3);
	struct bytes ann = bytes_text("ann"), bob = bytes_text("bob");

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(quota_admit(q, ann), 0);
	assert_int_equal(quota_admit(q, ann), 486);
	assert_int_equal(quota_admit(q, bob), 0);
	assert_int_equal(quota_used(q), 4); /* a refusal takes nothing (T-081) */
	quota_release(q, ann);
	assert_int_equal(quota_admit(q, ann), 0);
	assert_int_equal(quota_admit(q, ann), 486);
	quota_free(q);
}

static void
test_total(void **state)
{
	struct quota *q = make(2, 0);

	(void)state;
	assert_int_equal(quota_admit(q, bytes_text("a")), 0);
	assert_int_equal(quota_admit(q, bytes_text("b")), 0);
	assert_int_equal(quota_admit(q, bytes_text("c")), 508);
	quota_release(q, bytes_text("a"));
	assert_int_equal(quota_admit(q, bytes_text("c")), 0);
	quota_free(q);
	quota_free(NULL);
}

/* Without authentication nobody has a name: only the total limits. */
static void
test_nobody(void **state)
{
	struct quota *q = make(3, 1);

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(quota_admit(q, BYTES_NONE), 0);
	assert_int_equal(quota_admit(q, BYTES_NONE), 508);
	quota_release(q, BYTES_NONE);
	assert_int_equal(quota_admit(q, bytes_text("ann")), 0);
	assert_int_equal(quota_admit(q, bytes_text("ann")), 486); /* before 508: his own fault */
	quota_free(q);
}

static void
test_none(void **state)
{
	struct quota *q = make(0, 0);

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(quota_admit(q, bytes_text("x")), 0);
	assert_int_equal(quota_used(q), 1000);
	quota_free(q);
}

struct racer {
	pthread_t thread;
	struct quota *quota;
	unsigned won;
};

static void *
race(void *arg)
{
	struct racer *r = arg;

	for (int i = 0; i < 300; i++)
		if (quota_admit(r->quota, bytes_text("one")) == 0)
			r->won++;
	return NULL;
}

/* D1: eight threads, 300 tries each, a limit of 100: exactly 100. */
static void
test_race(void **state)
{
	struct quota *q = make(0, 100);
	struct racer racer[8];
	unsigned won = 0;

	(void)state;
	for (int i = 0; i < 8; i++) {
		racer[i] = (struct racer){.quota = q};
		assert_int_equal(pthread_create(&racer[i].thread, NULL, race, &racer[i]), 0);
	}
	for (int i = 0; i < 8; i++) {
		pthread_join(racer[i].thread, NULL);
		won += racer[i].won;
	}
	assert_int_equal(won, 100);
	assert_int_equal(quota_used(q), 100);
	for (int i = 0; i < 100; i++)
		quota_release(q, bytes_text("one"));
	assert_int_equal(quota_used(q), 0);
	quota_free(q);
}

/* Many users come and go and leave nothing behind (the leak checker looks on). */
static void
test_many_users(void **state)
{
	struct quota *q = make(0, 1);
	char name[32];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 10000; i++) {
			snprintf(name, sizeof name, "user-%d", i);
			assert_int_equal(quota_admit(q, bytes_text(name)), 0);
		}
		for (int i = 0; i < 10000; i++) {
			snprintf(name, sizeof name, "user-%d", i);
			quota_release(q, bytes_text(name));
		}
	}
	assert_int_equal(quota_used(q), 0);
	quota_free(q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_user), cmocka_unit_test(test_total), cmocka_unit_test(test_none),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_race), cmocka_unit_test(test_many_users),
	};
	return cmocka_run_group_tests_name("server/quota", tests, NULL, NULL);
}
