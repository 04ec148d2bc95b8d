#include "client/uri.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

struct sample {
	const char *text;
	bool turn, secure, literal, port_given;
	enum uri_transport transport;
	uint16_t port;
	const char *host;
};

static void
check(const struct sample *s)
{
	struct uri u;
	const char *why = uri_parse(s->text, &u);

	if (why != NULL)
		fail_msg("%s: %s", s->text, why);
	assert_int_equal(u.turn, s->turn);
	assert_int_equal(u.secure, s->secure);
	assert_int_equal(u.literal, s->literal);
	assert_int_equal(u.port_given, s->port_given);
	assert_int_equal(u.transport, s->transport);
	assert_int_equal(u.port, s->port);
	assert_string_equal(u.host, s->host);
}

/* S-267, T-383, T-384, T-386 */
static void
good_uris(void **state)
{
	static const struct sample samples[] = {
		{"stun:example.org", 0, 0, 0, 0, URI_ANY, 3478, "example.org"},
		{"stuns:example.org", 0, 1, 0, 0, URI_ANY, 5349, "example.org"},
		{"stun:example.org:8000", 0, 0, 0, 1, URI_ANY, 8000, "example.org"},
		{"stun:192.0.2.1:3478", 0, 0, 1, 1, URI_ANY, 3478, "192.0.2.1"},
		{"stun:[2001:db8::1]", 0, 0, 1, 0, URI_ANY, 3478, "2001:db8::1"},
		{"STUN:example.org", 0, 0, 0, 0, URI_ANY, 3478, "example.org"},
		{"stun:example.org:", 0, 0, 0, 0, URI_ANY, 3478, "example.org"},
		{"turn:example.org", 1, 0, 0, 0, URI_ANY, 3478, "example.org"},
		{"turns:example.org", 1, 1, 0, 0, URI_ANY, 5349, "example.org"},
		{"turn:example.org:8000", 1, 0, 0, 1, URI_ANY, 8000, "example.org"},
		{"turn:example.org?transport=udp", 1, 0, 0, 0, URI_UDP, 3478, "example.org"},
		{"turn:example.org?transport=tcp", 1, 0, 0, 0, URI_TCP, 3478, "example.org"},
		{"turns:example.org?transport=tcp", 1, 1, 0, 0, URI_TCP, 5349, "example.org"},
		{"Turn:[::1]:1?Transport=UDP", 1, 0, 1, 1, URI_UDP, 1, "::1"},
		{"turn:a_b-c.example.:65535", 1, 0, 0, 1, URI_ANY, 65535, "a_b-c.example."},
	};

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
		check(&samples[i]);
}

/* S-268, T-383, T-387 */
static void
bad_uris(void **state)
{
	static const char *const samples[] = {
		"stun://example.org", "stun:user@example.org", "stun:example.org?transport=udp",
		"stun:example.org/path", "stun:", "stun:[::1", "stun:host:99999", "",
		"turn:", "turn", "turn://example.org", "turn:user@example.org", "turn:user:pw@example.org",
		"turn:example.org?transport=sctp", "turn:example.org?transport=",
		"turn:example.org?transport=udpx", "turn:example.org?transport=udp&x=1",
		"turn:example.org?foo=bar", "turn:example.org#x", "turn:exa mple.org", "turn::3478",
		"turn:2001:db8::1", "turn:[192.0.2.1]", "turn:[]", "turn:[::1]x", "turn:[[::1]]",
		"turn:host:0", "turn:host:-1", "turn:host:1x", "turn:host:65536",
		"turn:host:18446744073709551617", "turn:%41.example.org", "http:example.org", "example.org",
		" turn:example.org", "turn:example.org ",
	};
	struct uri u;
	char text[400] = "turn:";

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
		if (uri_parse(samples[i], &u) == NULL)
			fail_msg("accepted: %s", samples[i]);

	memset(text + 5, 'a', 255);
	assert_null(uri_parse(text, &u));
	text[5 + 255] = 'a';
	assert_non_null(uri_parse(text, &u));
}

static void
hosts(void **state)
{
	struct uri u;

	(void)state;
	assert_null(uri_parse_host("example.org", &u));
	assert_string_equal(u.host, "example.org");
	assert_int_equal(u.port, 3478);
	assert_null(uri_parse_host("example.org:99", &u));
	assert_int_equal(u.port, 99);
	assert_null(uri_parse_host("2001:db8::1", &u));
	assert_string_equal(u.host, "2001:db8::1");
	assert_true(u.literal);
	assert_int_equal(u.port, 3478);
	assert_null(uri_parse_host("[2001:db8::1]:99", &u));
	assert_string_equal(u.host, "2001:db8::1");
	assert_int_equal(u.port, 99);
	assert_null(uri_parse_host("192.0.2.1", &u));
	assert_true(u.literal);
	assert_null(uri_parse_host("turns:example.org", &u));
	assert_true(u.secure);
	assert_non_null(uri_parse_host("", &u));
	assert_non_null(uri_parse_host("a/b", &u));
	assert_non_null(uri_parse_host("host?transport=udp", &u));
}

/* T-385, T-387: what cannot be done is said, not tried another way */
static void
usable(void **state)
{
	struct uri u;

	(void)state;
	assert_null(uri_parse("turn:example.org", &u));
	assert_null(uri_udp(&u));
	assert_null(uri_parse("turn:example.org?transport=udp", &u));
	assert_null(uri_udp(&u));
	assert_null(uri_parse("turn:example.org?transport=tcp", &u));
	assert_non_null(uri_udp(&u));
	assert_null(uri_parse("turns:example.org", &u));
	assert_non_null(uri_udp(&u));
	assert_null(uri_parse("turns:example.org?transport=udp", &u)); /* DTLS */
	assert_non_null(uri_udp(&u));
	assert_null(uri_parse("stuns:192.0.2.1", &u)); /* S-269 */
	assert_true(u.literal);
	assert_non_null(uri_udp(&u));
}

static void
printed(void **state)
{
	static const char *const samples[] = {
		"turn:example.org:3478?transport=udp", "stun:[2001:db8::1]:1", "turns:a:65535?transport=tcp",
		"stuns:192.0.2.1:5349",
	};
	char text[URI_TEXT];
	struct uri u;

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		assert_null(uri_parse(samples[i], &u));
		assert_string_equal(uri_text(&u, text), samples[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_uris),
		cmocka_unit_test(bad_uris),
		cmocka_unit_test(hosts),
		cmocka_unit_test(usable),
		cmocka_unit_test(printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
