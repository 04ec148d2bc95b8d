#include "net/dgram.h"

#include "socks.h"

#include <errno.h>
#include <sys/socket.h>

#include "net/counters.h"

static uint64_t counters[NET_COUNTERS];

static void
send_to(int fd, const union addr *to, const void *p, size_t n)
{
	assert_int_equal(sendto(fd, p, n, 0, &to->sa, addr_size(to)), (ssize_t)n);
}

static void
test_packets(void **state)
{
	struct dgram *d = dgram_new(counters);
	int a = socks_open(), b = socks_open();
	union addr at = socks_name(a), from = socks_name(b);
	const struct dgram_in *in;

	(void)state;
	assert_int_equal(dgram_receive(d, a, &in), 0);
	send_to(b, &at, "first", 5);
	send_to(b, &at, "", 0);
	send_to(b, &at, "third", 5);
	assert_int_equal(dgram_receive(d, a, &in), 3);
	assert_int_equal(in[0].n, 5);
	assert_int_equal(in[0].segment, 5);
	assert_memory_equal(in[0].p, "first", 5);
	assert_true(addr_equal(&in[0].from, &from));
	assert_int_equal(addr_family(&in[0].to), 0);
	assert_int_equal(in[1].n, 0);
	assert_memory_equal(in[2].p, "third", 5);
	memset(in[2].p - DGRAM_HEADROOM, 0xa5, DGRAM_HEADROOM); /* headroom is ours */
	assert_memory_equal(in[2].p, "third", 5);
	dgram_release(d);
	dgram_free(d);
	close(a);
	close(b);
}

/* The slots end; after release they are there again. */
static void
test_slots(void **state)
{
	struct dgram *d = dgram_new(counters);
	int a = socks_open(), b = socks_open();
	unsigned got = 0;
	union addr at = socks_name(a);
	const struct dgram_in *in;

	(void)state;
	for (uint8_t i = 0; i < 100; i++)
		send_to(b, &at, &i, 1);
	while (dgram_ready(d)) {
		unsigned n = dgram_receive(d, a, &in);

		assert_true(n > 0);
		for (unsigned i = 0; i < n; i++)
			assert_int_equal(in[i].p[0], got++);
	}
	assert_in_range(got, 8, 99);
	dgram_release(d);
	while (got < 100) {
		unsigned n = dgram_receive(d, a, &in);

		assert_true(n > 0);
		for (unsigned i = 0; i < n; i++)
			assert_int_equal(in[i].p[0], got++);
		dgram_release(d);
	}
	dgram_free(d);
	close(a);
	close(b);
}

/* What is coalesced arrives coalesced, with the size of its parts. */
static void
test_run(void **state)
{
	struct dgram *d = dgram_new(counters);
	int a = socks_open(), b = socks_open();
	union addr at = socks_name(a);
	const struct dgram_in *in;
	char run[950];
	int size = 100;

	(void)state;
	memset(run, 'r', sizeof run);
	assert_int_equal(setsockopt(b, IPPROTO_UDP, 103 /* UDP_SEGMENT */, &size, sizeof size), 0);
	memset(counters, 0, sizeof counters);
	send_to(b, &at, run, sizeof run);
	assert_int_equal(dgram_receive(d, a, &in), 1);
	assert_int_equal(in[0].n, 950);
	assert_int_equal(in[0].segment, 100);
	assert_int_equal(counters[NET_RECEIVED], 10);
	dgram_free(d);
	close(a);
	close(b);
}

/* The largest datagram there is fits whole (T-209). */
static void
test_largest(void **state)
{
	struct dgram *d = dgram_new(counters);
	int a = socks_open(), b = socks_open();
	union addr at = socks_name(a);
	const struct dgram_in *in;
	static char big[65507];

	(void)state;
	memset(big, 'x', sizeof big);
	send_to(b, &at, big, sizeof big);
	assert_int_equal(dgram_receive(d, a, &in), 1);
	assert_int_equal(in[0].n, sizeof big);
	assert_memory_equal(in[0].p, big, sizeof big);
	dgram_free(d);
	close(a);
	close(b);
}

/* A socket on any-address says which address a packet was sent to (S-002), IPv4 and IPv6. */
static void
test_destination(void **state)
{
	static const char *const any[] = {"0.0.0.0", "::"}, *const own[] = {"127.0.0.9", "::1"};
	struct dgram *d = dgram_new(counters);

	(void)state;
	for (int i = 0; i < 2; i++) {
		union addr at = socks_addr(any[i], 0), to = socks_addr(own[i], 0);
		int a = sock_listen_udp(&at, 0, true), b = socket(addr_family(&at), SOCK_DGRAM, 0);
		union addr name;
		const struct dgram_in *in;

		if (a == -EAFNOSUPPORT)
			continue;
		assert_true(a >= 0);
		name = socks_name(a);
		addr_set_port(&to, addr_port(&name));
		send_to(b, &to, "x", 1);
		assert_int_equal(dgram_receive(d, a, &in), 1);
		assert_true(addr_same_ip(&in[0].to, &to));
		dgram_release(d);
		close(a);
		close(b);
	}
	dgram_free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packets), cmocka_unit_test(test_slots),
		cmocka_unit_test(test_run),     cmocka_unit_test(test_largest),
		cmocka_unit_test(test_destination),
	};
	return cmocka_run_group_tests_name("net/dgram", tests, NULL, NULL);
}
