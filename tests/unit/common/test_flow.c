/* common/flow.h: which packets belong to one client. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/flow.h"

static struct flow
flow(const char *client, const char *local, enum flow_transport transport)
{
	struct flow f = {.transport = transport, .socket = 1};

	assert_null(addr_parse(client, 0, &f.client));
	assert_null(addr_parse(local, 0, &f.local));
	return f;
}

/* RFC 8656, 2: five things make a five-tuple, and every one of them counts. */
static void
each_part_counts(void **state)
{
	(void)state;
	const struct siphash_key key = {1, 2};
	const struct flow flows[] = {
		flow("192.0.2.1:7", "198.51.100.1:3478", FLOW_UDP),
		flow("192.0.2.2:7", "198.51.100.1:3478", FLOW_UDP),
		flow("192.0.2.1:8", "198.51.100.1:3478", FLOW_UDP),
		flow("192.0.2.1:7", "198.51.100.2:3478", FLOW_UDP),
		flow("192.0.2.1:7", "198.51.100.1:3479", FLOW_UDP),
		flow("192.0.2.1:7", "198.51.100.1:3478", FLOW_TCP),
		flow("192.0.2.1:7", "198.51.100.1:3478", FLOW_TLS),
		flow("192.0.2.1:7", "198.51.100.1:3478", FLOW_DTLS),
		flow("198.51.100.1:3478", "192.0.2.1:7", FLOW_UDP),
		flow("[2001:db8::1]:7", "[2001:db8::2]:3478", FLOW_UDP),
		flow("[2001:db8::1]:7", "[2001:db8::3]:3478", FLOW_UDP),
	};
	enum { N = sizeof flows / sizeof *flows };

	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j < N; j++) {
			assert_int_equal(flow_equal(&flows[i], &flows[j]), i == j);
			bool same = flow_hash(&key, &flows[i]) == flow_hash(&key, &flows[j]);
			assert_int_equal(same, i == j);
		}
}

static void
the_socket_number_does_not_count(void **state)
{
	(void)state;
	const struct siphash_key key = {1, 2}, other = {1, 3};
	struct flow a = flow("192.0.2.1:7", "198.51.100.1:3478", FLOW_UDP), b = a;

	b.socket = 99;
	assert_true(flow_equal(&a, &b));
	assert_true(flow_hash(&key, &a) == flow_hash(&key, &b));
	assert_false(flow_hash(&key, &a) == flow_hash(&other, &a)); /* security C8 */
}

static void
transports_have_names(void **state)
{
	(void)state;
	assert_string_equal(flow_transport_name(FLOW_UDP), "udp");
	assert_string_equal(flow_transport_name(FLOW_TCP), "tcp");
	assert_string_equal(flow_transport_name(FLOW_TLS), "tls");
	assert_string_equal(flow_transport_name(FLOW_DTLS), "dtls");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_part_counts),
		cmocka_unit_test(the_socket_number_does_not_count),
		cmocka_unit_test(transports_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
