/* stun/name.c: code points, legal lengths, classes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "stun/name.h"

/* conformance-stun 1.2: request, indication, success, error */
static const struct {
	unsigned method;
	uint16_t type[4];
} types[] = {
	{0x001, {0x0001, 0x0011, 0x0101, 0x0111}}, {0x002, {0x0002, 0x0012, 0x0102, 0x0112}},
	{0x003, {0x0003, 0x0013, 0x0103, 0x0113}}, {0x004, {0x0004, 0x0014, 0x0104, 0x0114}},
	{0x006, {0x0006, 0x0016, 0x0106, 0x0116}}, {0x007, {0x0007, 0x0017, 0x0107, 0x0117}},
	{0x008, {0x0008, 0x0018, 0x0108, 0x0118}}, {0x009, {0x0009, 0x0019, 0x0109, 0x0119}},
	{0x00a, {0x000a, 0x001a, 0x010a, 0x011a}}, {0x00b, {0x000b, 0x001b, 0x010b, 0x011b}},
	{0x00c, {0x000c, 0x001c, 0x010c, 0x011c}}, {0x080, {0x0200, 0x0210, 0x0300, 0x0310}},
	{0x0ff, {0x02ef, 0x02ff, 0x03ef, 0x03ff}},
};

static void
type_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		for (unsigned c = 0; c < 4; c++) {
			uint16_t t = types[i].type[c];
			assert_int_equal(name_type(types[i].method, (enum stun_class)c), t);
			assert_int_equal(name_type_method(t), types[i].method);
			assert_int_equal(name_type_class(t), c);
		}
	}
}

static void
type_roundtrip(void **state)
{
	(void)state;
	for (unsigned t = 0; t < 0x4000; t++)
		assert_int_equal(
			name_type(name_type_method((uint16_t)t), name_type_class((uint16_t)t)), t);
}

/* S-011, S-012, S-013, T-001, T-002 */
static void
classes(void **state)
{
	static const struct {
		unsigned method;
		bool ok[4];
	} want[] = {
		{METHOD_BINDING, {true, true, true, true}},
		{METHOD_ALLOCATE, {true, false, true, true}},
		{METHOD_REFRESH, {true, false, true, true}},
		{METHOD_SEND, {false, true, false, false}},
		{METHOD_DATA, {false, true, false, false}},
		{METHOD_CREATE_PERMISSION, {true, false, true, true}},
		{METHOD_CHANNEL_BIND, {true, false, true, true}},
		{METHOD_CONNECT, {true, false, true, true}},
		{METHOD_CONNECTION_BIND, {true, false, true, true}},
		{METHOD_CONNECTION_ATTEMPT, {false, true, false, false}},
		{METHOD_GOOG_PING, {false, false, false, false}},
		{0x000, {false, false, false, false}},
		{0x002, {false, false, false, false}},
		{0x005, {false, false, false, false}},
		{0x0ff, {false, false, false, false}},
		{0xfff, {false, false, false, false}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
		for (unsigned c = 0; c < 4; c++)
			assert_int_equal(name_class_ok(want[i].method, (enum stun_class)c),
			                 want[i].ok[c]);
}

static void
methods(void **state)
{
	(void)state;
	assert_string_equal(name_method(METHOD_BINDING), "Binding");
	assert_string_equal(name_method(0x003), "Allocate");
	assert_string_equal(name_method(0x009), "ChannelBind");
	assert_string_equal(name_method(0x00c), "ConnectionAttempt");
	assert_string_equal(name_method(0x080), "GOOG-PING");
	assert_null(name_method(0x002));
	assert_null(name_method(0x100));
}

/* Every wire type: the index finds exactly the rows, and code and index are inverse. */
static void
index_all(void **state)
{
	unsigned found = 0;

	(void)state;
	for (unsigned code = 0; code <= 0xffff; code++) {
		int a = name_attr_index((uint16_t)code);
		if (a < 0)
			continue;
		found++;
		assert_in_range(a, 0, ATTR_COUNT - 1);
		assert_int_equal(name_attr_code((enum stun_attr)a), code);
		assert_string_equal(name_attr((enum stun_attr)a), name_wire((uint16_t)code));
	}
	assert_int_equal(found, ATTR_COUNT);
}

/* conformance-stun 1.4 and 6.2, conformance-turn 1.2 */
static void
registry(void **state)
{
	static const struct {
		uint16_t code;
		const char *name;
	} want[] = {
		{0x0001, "MAPPED-ADDRESS"},
		{0x0003, "CHANGE-REQUEST"},
		{0x0006, "USERNAME"},
		{0x0008, "MESSAGE-INTEGRITY"},
		{0x0009, "ERROR-CODE"},
		{0x000a, "UNKNOWN-ATTRIBUTES"},
		{0x000c, "CHANNEL-NUMBER"},
		{0x000d, "LIFETIME"},
		{0x0012, "XOR-PEER-ADDRESS"},
		{0x0013, "DATA"},
		{0x0014, "REALM"},
		{0x0015, "NONCE"},
		{0x0016, "XOR-RELAYED-ADDRESS"},
		{0x0017, "REQUESTED-ADDRESS-FAMILY"},
		{0x0018, "EVEN-PORT"},
		{0x0019, "REQUESTED-TRANSPORT"},
		{0x001a, "DONT-FRAGMENT"},
		{0x001b, "ACCESS-TOKEN"},
		{0x001c, "MESSAGE-INTEGRITY-SHA256"},
		{0x001d, "PASSWORD-ALGORITHM"},
		{0x001e, "USERHASH"},
		{0x0020, "XOR-MAPPED-ADDRESS"},
		{0x0022, "RESERVATION-TOKEN"},
		{0x0026, "PADDING"},
		{0x0027, "RESPONSE-PORT"},
		{0x002a, "CONNECTION-ID"},
		{0x8000, "ADDITIONAL-ADDRESS-FAMILY"},
		{0x8001, "ADDRESS-ERROR-CODE"},
		{0x8002, "PASSWORD-ALGORITHMS"},
		{0x8003, "ALTERNATE-DOMAIN"},
		{0x8004, "ICMP"},
		{0x8022, "SOFTWARE"},
		{0x8023, "ALTERNATE-SERVER"},
		{0x8025, "TRANSACTION_TRANSMIT_COUNTER"},
		{0x8027, "CACHE-TIMEOUT"},
		{0x8028, "FINGERPRINT"},
		{0x8029, "ICE-CONTROLLED"},
		{0x802a, "ICE-CONTROLLING"},
		{0x802b, "RESPONSE-ORIGIN"},
		{0x802c, "OTHER-ADDRESS"},
		{0x802d, "ECN-CHECK STUN"},
		{0x802e, "THIRD-PARTY-AUTHORIZATION"},
		{0x8030, "MOBILITY-TICKET"},
	};

	(void)state;
	assert_int_equal(sizeof want / sizeof want[0], ATTR_COUNT);
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		assert_true(name_attr_index(want[i].code) >= 0);
		assert_string_equal(name_wire(want[i].code), want[i].name);
	}
}

/* S-022, S-263, T A37: named, and unknown all the same */
static void
reserved(void **state)
{
	static const uint16_t codes[] = {0x0002, 0x0004, 0x0005, 0x0007, 0x000b, 0x0010, 0x0021,
	                                 0x0024, 0x0025, 0x8020, 0xc000, 0xc057, 0xc060, 0xc071};
	static const uint16_t nameless[] = {0x0000, 0x000e, 0x0011, 0x0023,
	                                    0x0030, 0x7ffe, 0x8024, 0xffff};

	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		assert_int_equal(name_attr_index(codes[i]), -1);
		assert_non_null(name_wire(codes[i]));
	}
	for (size_t i = 0; i < sizeof nameless / sizeof nameless[0]; i++) {
		assert_int_equal(name_attr_index(nameless[i]), -1);
		assert_null(name_wire(nameless[i]));
	}
}

static void
sizes(enum stun_attr a, const char *want)
{
	/* `want`: one character for each length from 0 on, '+' legal, '-' not */
	for (unsigned n = 0; want[n] != '\0'; n++)
		assert_int_equal(name_attr_size_ok(a, n), want[n] == '+');
}

/* S-030, S-118, S-164, S-239, T-027 */
static void
legal_sizes(void **state)
{
	(void)state;
	sizes(ATTR_MESSAGE_INTEGRITY, "--------------------+---------------");
	sizes(ATTR_MESSAGE_INTEGRITY_SHA256, "----------------+---+---+---+---+---");
	sizes(ATTR_USERHASH, "--------------------------------+---");
	sizes(ATTR_CHANGE_REQUEST, "----+---");
	sizes(ATTR_RESPONSE_PORT, "--+-+-----");
	sizes(ATTR_XOR_PEER_ADDRESS, "--------+-----------+-----------");
	sizes(ATTR_MAPPED_ADDRESS, "--------+-----------+-----------");
	sizes(ATTR_EVEN_PORT, "-+--");
	sizes(ATTR_DONT_FRAGMENT, "+---");
	sizes(ATTR_DATA, "++++");
	sizes(ATTR_RESERVATION_TOKEN, "--------+--");
	sizes(ATTR_UNKNOWN_ATTRIBUTES, "+-+-+-+");
	sizes(ATTR_PASSWORD_ALGORITHM, "----+---+");
	sizes(ATTR_PASSWORD_ALGORITHMS, "----+---+---+");
	sizes(ATTR_ICMP, "--------+");
	sizes(ATTR_ERROR_CODE, "----++++");
	sizes(ATTR_SOFTWARE, "+++");
	assert_true(name_attr_size_ok(ATTR_USERNAME, 763)); /* S-170 */
	assert_false(name_attr_size_ok(ATTR_USERNAME, 764));
	assert_true(name_attr_size_ok(ATTR_REALM, 763)); /* S-171 */
	assert_true(name_attr_size_ok(ATTR_NONCE, 763));
	assert_false(name_attr_size_ok(ATTR_NONCE, 764));
	assert_true(name_attr_size_ok(ATTR_SOFTWARE, 763)); /* S-172 */
	assert_true(name_attr_size_ok(ATTR_DATA, 65535));
	assert_true(name_attr_size_ok(ATTR_ALTERNATE_DOMAIN, 255));
	assert_false(name_attr_size_ok(ATTR_ALTERNATE_DOMAIN, 256));
}

/* S-039 */
static void
reasons(void **state)
{
	static const unsigned registered[] = {300, 400, 401, 403, 405, 420, 437, 438, 440,
	                                      441, 442, 443, 446, 447, 486, 487, 500, 508};

	(void)state;
	for (size_t i = 0; i < sizeof registered / sizeof registered[0]; i++)
		assert_in_range(strlen(name_reason(registered[i])), 1, 127);
	assert_string_equal(name_reason(401), "Unauthenticated");
	assert_string_equal(name_reason(438), "Stale Nonce");
	assert_string_equal(name_reason(508), "Insufficient Capacity");
	assert_string_equal(name_reason(431), "Integrity Check Failure");
	assert_null(name_reason(0));
	assert_null(name_reason(404));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(type_table), cmocka_unit_test(type_roundtrip),
		cmocka_unit_test(classes),    cmocka_unit_test(methods),
		cmocka_unit_test(index_all),  cmocka_unit_test(registry),
		cmocka_unit_test(reserved),   cmocka_unit_test(legal_sizes),
		cmocka_unit_test(reasons),
	};

	return cmocka_run_group_tests_name("stun/name", tests, NULL, NULL);
}
