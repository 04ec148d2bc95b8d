/* tools/natload_proc: /proc/PID/stat is read right whatever the process is called. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include "tools/natload_proc.h"

static void
stat_fields(void **state)
{
	uint64_t user = 0, kernel = 0;

	(void)state;
	assert_int_equal(natload_proc_parse_stat(
		"42 (turnserver) S 1 2 3 4 5 6 7 8 9 10 1234 5678 0 0 20 0 1 0", &user, &kernel), 0);
	assert_int_equal(user, 1234);
	assert_int_equal(kernel, 5678);
}

static void
stat_with_a_wicked_name(void **state)
{
	uint64_t user = 0, kernel = 0;

	(void)state;
	assert_int_equal(natload_proc_parse_stat(
		"42 (a) S 1 (b c) R 1 2 3 4 5 6 7 8 9 10 7 9 0", &user, &kernel), 0);
	assert_int_equal(user, 7);
	assert_int_equal(kernel, 9);
}

static void
stat_cut_short(void **state)
{
	uint64_t user, kernel;

	(void)state;
	assert_int_equal(natload_proc_parse_stat("", &user, &kernel), -EINVAL);
	assert_int_equal(natload_proc_parse_stat("42 (x", &user, &kernel), -EINVAL);
	assert_int_equal(natload_proc_parse_stat("42 (x) S 1 2", &user, &kernel), -EINVAL);
	assert_int_equal(natload_proc_parse_stat("1 (x) S 1 2 3 4 5 6 7 8 9 10 11", &user, &kernel),
	                 -EINVAL);
	assert_int_equal(natload_proc_parse_stat("1 (x) S 1 2 3 4 5 6 7 8 9 10 a b", &user, &kernel),
	                 -EINVAL);
}

static void
own_process_uses_cpu_and_memory(void **state)
{
	struct cpu_use before, after;
	uint64_t rss = 0;
	volatile unsigned spin = 0;

	(void)state;
	assert_int_equal(natload_proc_cpu(getpid(), &before), 0);
	do {
		spin++;
		assert_int_equal(natload_proc_cpu(getpid(), &after), 0);
	} while (natload_proc_since(&after, &before).run_ns == 0 && spin < 1000000);
	assert_true(after.run_ns > before.run_ns);
	assert_true(after.threads >= 1);
	assert_int_equal(natload_proc_since(&before, &after).run_ns, 0);
	assert_int_equal(natload_proc_rss(getpid(), &rss), 0);
	assert_in_range(rss, 64 * 1024, (uint64_t)64 << 30);
}

static void
no_such_process(void **state)
{
	struct cpu_use use;
	uint64_t rss;

	(void)state;
	assert_true(natload_proc_cpu((pid_t)0x3fffffff, &use) < 0);
	assert_true(natload_proc_rss((pid_t)0x3fffffff, &rss) < 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stat_fields),
		cmocka_unit_test(stat_with_a_wicked_name),
		cmocka_unit_test(stat_cut_short),
		cmocka_unit_test(own_process_uses_cpu_and_memory),
		cmocka_unit_test(no_such_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
