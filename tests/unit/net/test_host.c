#include "net/host.h"

#include "socks.h"

#include <errno.h>

static void
test_addresses(void **state)
{
	union addr own[64];
	unsigned n = host_addresses(own, 64);

	(void)state;
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(addr_port(&own[i]), 0);
	}
	assert_true(n == 0 || host_addresses(own, 1) == 1);
	assert_int_equal(host_interface("no-such-interface", own, 64), 0);
	n = host_interface("lo", own, 64);
	for (unsigned i = 0; i < n; i++)
		assert_true(addr_is_loopback(&own[i]));
}

static void
test_broadcasts(void **state)
{
	union addr all[64];
	unsigned n = host_broadcasts(all, 64);

	(void)state;
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(addr_family(&all[i]), AF_INET);
		assert_int_not_equal(sock_probe_udp(&all[i]), -EAFNOSUPPORT);
	}
	assert_true(n == 0 || host_broadcasts(all, 1) == 1);
}

/* Whatever the host is like, what it gives can be bound. */
static void
test_source(void **state)
{
	union addr a;

	(void)state;
	for (int family = AF_INET; family != 0; family = family == AF_INET ? AF_INET6 : 0) {
		if (!host_source(family, &a))
			continue;
		assert_int_equal(addr_family(&a), family);
		assert_int_equal(addr_port(&a), 0);
		assert_int_equal(sock_probe_udp(&a), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_addresses),
	                                   cmocka_unit_test(test_broadcasts),
	                                   cmocka_unit_test(test_source)};

	return cmocka_run_group_tests_name("net/host", tests, NULL, NULL);
}
