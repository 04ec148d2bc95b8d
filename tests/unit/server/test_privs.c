#include "server/privs.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a child, because there is no way back: exit status 0 when `try` says so. */
static int
in_child(int (*try)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(try());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
become_nobody(void)
{
	struct privs nobody;

	if (privs_find("nobody", "", &nobody) != PRIVS_FOUND || privs_drop(&nobody) != NULL)
		return 1;
	if (geteuid() == 0 || getuid() == 0 || getegid() == 0 || getgroups(0, NULL) != 0)
		return 2;
	return setuid(0) == 0 ? 3 : 0;
}

static void
test_drop(void **state)
{
	(void)state;
	if (geteuid() != 0)
		return; /* needs root; CI runs as root as well */
	assert_int_equal(in_child(become_nobody), 0);
}

static void
test_unknown(void **state)
{
	struct privs p;

	(void)state;
	assert_int_equal(privs_find("root", "", &p), PRIVS_FOUND);
	assert_int_equal(p.uid, 0);
	assert_int_equal(privs_find("no-such-user-here", "", &p), PRIVS_NO_USER);
	assert_int_equal(privs_find("root", "no-such-group-here", &p), PRIVS_NO_GROUP);
}

/* Out of descriptors: that is not "no such user", which would leave the daemon root. */
static int
find_without_descriptors(void)
{
	struct rlimit none = {0, 0};
	struct privs p;

	if (setrlimit(RLIMIT_NOFILE, &none) != 0)
		return -1;
	return (int)privs_find("daemon", "", &p);
}

/* Before any other look-up: what is loaded for one may answer the next without a descriptor. */
static void
test_unreadable(void **state)
{
	(void)state;
	assert_int_equal(in_child(find_without_descriptors), PRIVS_UNREADABLE);
}

static void
test_descriptors(void **state)
{
	struct rlimit limit;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_true(privs_raise_descriptors(16) == limit.rlim_max);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_unreadable), cmocka_unit_test(test_drop), cmocka_unit_test(test_unknown),
	                                   cmocka_unit_test(test_descriptors)};

	return cmocka_run_group_tests_name("server/privs", tests, NULL, NULL);
}
