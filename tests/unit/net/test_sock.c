#include "net/sock.h"

#include "socks.h"

#include <errno.h>
#include <fcntl.h>

/* Two shards share a listening address; a stranger's probe sees that it is taken. */
static void
test_listen(void **state)
{
	union addr at = socks_addr("127.0.0.1", 0);
	int a = sock_listen_udp(&at, 0, true), b;

	(void)state;
	assert_true(a >= 0);
	at = socks_name(a);
	/* A second server is told; a second shard joins. */
	assert_int_equal(sock_listen_udp(&at, 0, true), -EADDRINUSE);
	b = sock_listen_udp(&at, 0, false);
	assert_true(b >= 0);
	assert_int_equal(sock_probe_udp(&at), -EADDRINUSE);
	assert_true(fcntl(a, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(a, F_GETFD) & FD_CLOEXEC);
	close(a);
	close(b);
	assert_int_equal(sock_probe_udp(&at), 0);
}

/* A relayed transport address belongs to one allocation (T-025). */
static void
test_relay_is_exclusive(void **state)
{
	int a = socks_open();
	union addr at = socks_name(a);

	(void)state;
	int b = sock_relay_udp(AF_INET, 0);
	assert_int_equal(sock_bind(b, &at), -EADDRINUSE);
	addr_set_port(&at, 0);
	assert_int_equal(sock_bind(b, &at), 0); /* another port may be tried */
	close(a);
	close(b);
}

static void
test_errors(void **state)
{
	union addr far = socks_addr("192.0.2.1", 5000);

	(void)state;
	assert_int_equal(sock_listen_udp(&far, 0, true), -EADDRNOTAVAIL);
	assert_int_equal(sock_probe_udp(&far), -EADDRNOTAVAIL);
	assert_int_equal(sock_receive_buffer(-1), 0);
}

/* T-272: an IPv6 socket never carries IPv4. */
static void
test_v6_only(void **state)
{
	union addr at = socks_addr("::", 0), four;
	int a = sock_listen_udp(&at, 0, true), b;

	(void)state;
	if (a == -EAFNOSUPPORT)
		return; /* a host without IPv6 */
	assert_true(a >= 0);
	at = socks_name(a);
	four = socks_addr("0.0.0.0", addr_port(&at));
	b = sock_listen_udp(&four, 0, true);
	assert_true(b >= 0);
	close(a);
	close(b);
}

static void
test_buffer(void **state)
{
	int a = sock_relay_udp(AF_INET, 0), b = sock_relay_udp(AF_INET, 64 * 1024);

	(void)state;
	assert_true(sock_receive_buffer(a) > 0);
	assert_int_equal(sock_receive_buffer(b), 64 * 1024);
	close(a);
	close(b);
}

/* What does not fit into the receive buffer is lost, and counted. */
static void
test_lost(void **state)
{
	union addr at = socks_addr("127.0.0.1", 0);
	int a = sock_relay_udp(AF_INET, 4096), b = socks_open();
	char packet[1000] = "";

	(void)state;
	assert_int_equal(sock_bind(a, &at), 0);
	at = socks_name(a);
	assert_int_equal(sock_lost(a), 0);
	for (int i = 0; i < 100; i++)
		sendto(b, packet, sizeof packet, 0, &at.sa, addr_size(&at));
	assert_in_range(sock_lost(a), 50, 99);
	assert_int_equal(sock_lost(-1), 0);
	close(a);
	close(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listen), cmocka_unit_test(test_relay_is_exclusive),
		cmocka_unit_test(test_errors), cmocka_unit_test(test_v6_only),
		cmocka_unit_test(test_buffer),
		cmocka_unit_test(test_lost),
	};
	return cmocka_run_group_tests_name("net/sock", tests, NULL, NULL);
}
