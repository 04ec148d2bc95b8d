#include "tools/toolsock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <cmocka.h>

#include "common/clock.h"

static union addr
loopback(void)
{
	union addr a;

	assert_null(addr_parse("127.0.0.1:0", 0, &a));
	return a;
}

static void
literals(void **state)
{
	struct toolsock_list list;

	(void)state;
	assert_null(toolsock_resolve("192.0.2.1", 3478, AF_UNSPEC, &list));
	assert_int_equal(list.n, 1);
	assert_int_equal(addr_port(&list.at[0]), 3478);
	assert_null(toolsock_resolve("2001:db8::1", 1, AF_INET6, &list));
	assert_int_equal(addr_family(&list.at[0]), AF_INET6);
	assert_null(toolsock_resolve("::ffff:192.0.2.1", 1, AF_UNSPEC, &list));
	assert_int_equal(addr_family(&list.at[0]), AF_INET); /* S-049 */
	assert_non_null(toolsock_resolve("192.0.2.1", 1, AF_INET6, &list));
	assert_int_equal(list.n, 0);
}

static void
there_and_back(void **state)
{
	union addr at = loopback(), from, local;
	int server = toolsock_udp(AF_INET, &at, 65536), client;
	uint8_t buf[16];

	(void)state;
	assert_true(server >= 0);
	assert_int_equal(toolsock_local(server, &at), 0);
	client = toolsock_udp_to(&at, 0);
	assert_true(client >= 0);
	assert_int_equal(toolsock_local(client, &local), 0);
	assert_true(addr_port(&local) < 49152); /* same host: not in a relay's range */
	assert_int_equal(toolsock_recv(server, buf, sizeof buf, NULL), -EAGAIN);

	struct pollfd fd = {.fd = server, .events = POLLIN};
	assert_int_equal(toolsock_wait(&fd, 1, clock_now().mono + 1), 0);
	assert_int_equal(toolsock_send(client, NULL, bytes_text("ping")), 0);
	assert_int_equal(toolsock_wait(&fd, 1, clock_now().mono + 2000), 1);
	assert_int_equal(toolsock_recv(server, buf, sizeof buf, &from), 4);
	assert_true(addr_equal(&from, &local));
	assert_int_equal(toolsock_send(server, &from, bytes_text("pong!")), 0);
	fd.fd = client;
	assert_int_equal(toolsock_wait(&fd, 1, clock_now().mono + 2000), 1);
	assert_int_equal(toolsock_recv(client, buf, sizeof buf, NULL), 5);
	toolsock_close(server);

	/* S-272: nobody there any more, and ICMP says so */
	assert_int_equal(toolsock_send(client, NULL, bytes_text("ping")), 0);
	assert_int_equal(toolsock_wait(&fd, 1, clock_now().mono + 2000), 1);
	assert_int_equal(toolsock_recv(client, buf, sizeof buf, NULL), -ECONNREFUSED);
	toolsock_close(client);
	toolsock_close(-1);
}

static void
taken_port(void **state)
{
	union addr at = loopback();
	int first = toolsock_udp(AF_INET, &at, 0);

	(void)state;
	assert_int_equal(toolsock_local(first, &at), 0);
	assert_int_equal(toolsock_udp(AF_INET, &at, 0), -EADDRINUSE);
	toolsock_close(first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(literals),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(taken_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
