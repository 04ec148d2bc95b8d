/* tools/natload_job: whom natload loads, and with which credentials. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tools/natload_job.h"

enum { ERROR = 3, WRONG = 64 };

static struct job j;

/* A file with this text; the caller unlinks it. */
static void
file_make(const char *text, char path[static 32])
{
	snprintf(path, 32, "natload-job-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
strangers_are_not_loaded(void **state)
{
	struct natload_options o = {.target = "192.0.2.1:3478"};

	(void)state;
	assert_int_equal(natload_job_init(&j, &o), WRONG);
	o.target = "[2001:db8::1]:3478";
	assert_int_equal(natload_job_init(&j, &o), WRONG);
}

static void
bad_targets(void **state)
{
	struct natload_options o = {.target = "turns:127.0.0.1"};

	(void)state;
	assert_int_equal(natload_job_init(&j, &o), WRONG);
	o.target = "turn://127.0.0.1";
	assert_int_equal(natload_job_init(&j, &o), WRONG);
	o = (struct natload_options){.target = "127.0.0.1", .peer_address = "nowhere"};
	assert_int_equal(natload_job_init(&j, &o), WRONG);
}

static void
loopback_with_a_password(void **state)
{
	struct natload_options o = {.target = "127.0.0.1:4000", .user = "ann"};
	char path[32];

	(void)state;
	file_make("secret word\n", path);
	o.password_file = path;
	assert_int_equal(natload_job_init(&j, &o), 0);
	unlink(path);
	assert_int_equal(addr_port(&j.server), 4000);
	assert_true(addr_is_loopback(&j.local));
	assert_int_equal(addr_port(&j.local), 0);
	assert_true(bytes_equal(j.want.username, bytes_text("ann")));
	assert_true(bytes_equal(j.want.password, bytes_text("secret word")));
	assert_int_equal(j.want.family, 0);
	natload_job_fini(&j);
	assert_int_equal(j.secret.b[0], 0); /* wiped */
}

static void
credentials_from_a_secret(void **state)
{
	struct natload_options o = {.target = "stun:127.0.0.1", .user = "ann"};
	char path[32];

	(void)state;
	file_make("a shared secret\n", path);
	o.secret_file = path;
	assert_int_equal(natload_job_init(&j, &o), 0);
	unlink(path);
	assert_true(j.want.username.n > 4);
	assert_memory_equal(j.want.username.p + j.want.username.n - 4, ":ann", 4);
	assert_int_equal(j.want.password.n, 28);
	natload_job_fini(&j);
}

static void
unreadable_and_empty_files(void **state)
{
	struct natload_options o = {.target = "127.0.0.1", .user = "u", .password_file = "/nowhere/x"};
	char path[32];

	(void)state;
	assert_int_equal(natload_job_init(&j, &o), ERROR);
	file_make("", path);
	o.password_file = path;
	assert_int_equal(natload_job_init(&j, &o), ERROR);
	unlink(path);
}

static void
ipv6_peers_ask_for_ipv6_relays(void **state)
{
	struct natload_options o = {.target = "127.0.0.1", .peer_address = "::1"};

	(void)state;
	assert_int_equal(natload_job_init(&j, &o), 0);
	assert_int_equal(j.want.family, AF_INET6);
	natload_job_fini(&j);
}

static void
descriptors(void **state)
{
	struct rlimit l;

	(void)state;
	assert_int_equal(natload_job_descriptors(10), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &l), 0);
	assert_true(l.rlim_cur >= 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strangers_are_not_loaded),
		cmocka_unit_test(bad_targets),
		cmocka_unit_test(loopback_with_a_password),
		cmocka_unit_test(credentials_from_a_secret),
		cmocka_unit_test(unreadable_and_empty_files),
		cmocka_unit_test(ipv6_peers_ask_for_ipv6_relays),
		cmocka_unit_test(descriptors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
