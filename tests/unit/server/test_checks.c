/* server/checks: settings against each other (A16, E15). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lab.h"
#include "server/checks.h"

static void
weak_secrets_are_refused(void **state)
{
	static const char *const weak[] = {"", "fifteen-bytes..", "aaaaaaaaaaaaaaaaaaaaaaaa",
	                                   "0123456789abcdef", "your-auth-secret-here"};

	(void)state;
	for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++)
		assert_non_null(checks_secret(bytes_text(weak[i])));
	assert_null(checks_secret(bytes_text("sixteen-bytes-ok")));
}

static void
passwords_of_manuals_are_refused(void **state) /* E15 */
{
	struct lab l;

	(void)state;
	assert_non_null(checks_password(bytes_text("a long password")));
	assert_non_null(checks_password(bytes_text("...")));
	assert_null(checks_password(bytes_text("short")));
	assert_null(checks_password(bytes_text("")));
	lab_open(&l);
	assert_int_equal(lab_load(&l,
	                          "auth = { users = ( { name = \"a\";\n"
	                          "password = \"a long password\"; } ); };",
	                          NULL),
	                 1);
	assert_true(lab_says(&l, "x.conf:1: error: auth.users: the password is the example"));
	lab_close(&l);
}

static const char *
wide(unsigned characters, char into[static 800])
{
	for (unsigned i = 0; i < characters; i++)
		memcpy(into + (size_t)2 * i, "\xc3\xa9", 2);
	into[2 * characters] = '\0';
	return into;
}

/* One complaint each, whatever is wrong with the realm; the bounds of RFC 8489 and S-044. */
static void
names_have_bounds(void **state)
{
	static const struct {
		unsigned realm, software; /* characters of 2 bytes */
		const char *says;
	} rows[] = {
		{127, 73, NULL},
		{127, 74, "server.realm and server.software have 402 bytes together"},
		{73, 127, NULL},
		{128, 1, "server.realm: has more than 127 characters"},
		{128, 127, "server.realm: has more than 127 characters"},
		{1, 128, "server.software: has more than 127 characters"},
		{300, 1, "server.realm: is too long (at most 509 bytes)"},
	};
	struct lab l;

	(void)state;
	lab_open(&l);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char realm[800], software[800], text[2048];

		snprintf(text, sizeof text, "server = { realm = \"%s\"; software = \"%s\"; };",
		         wide(rows[i].realm, realm), wide(rows[i].software, software));
		assert_int_equal(lab_load(&l, text, NULL), rows[i].says != NULL);
		if (rows[i].says != NULL)
			assert_true(lab_says(&l, rows[i].says));
	}
	lab_close(&l);
}

static void
mistakes_between_settings(void **state)
{
	static const char *const bad[] = {
		"server = { realm = \"\"; };",
		"server = { realm = \"a\\\"b\"; };",
		"relay = { ipv4 = \"none\"; ipv6 = \"none\"; };",
		"auth = { anonymous = true; };",
		"auth = { rest_separator = \"5\"; };",
		"auth = { nonce_lifetime = \"60500ms\"; };",
		"limits = { lifetime_default = \"2h\"; };",
		"log = { target = \"file\"; };",
		"listeners = ( { name = \"a\"; port = 1; }, { name = \"a\"; port = 2; } );",
		"listeners = ( { name = \"a/b\"; } );",
		"auth = { secrets = [ \"short\" ]; };",
	};
	struct lab l;

	(void)state;
	lab_open(&l);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (lab_load(&l, bad[i], NULL) != 1)
			fail_msg("%s: %zu errors", bad[i], complaints_errors(l.c));
	lab_close(&l);
}

static void
doubtful_settings_are_warned_of(void **state)
{
	static const char *const doubtful[] = {
		"relay = { ports = \"3000-4000\"; };",
		"relay = { ports = \"1000-2000\"; };",
		"relay = { ports = \"50000-50009\"; }; limits = { allocations = 11; };",
		"limits = { lifetime_default = \"20s\"; };",
		"log = { file = \"/x\"; };",
		"peers = { allow = [ \"127.0.0.0/8\" ]; };",
	};
	struct lab l;

	(void)state;
	lab_open(&l);
	for (size_t i = 0; i < sizeof doubtful / sizeof doubtful[0]; i++) {
		assert_int_equal(lab_load(&l, doubtful[i], NULL), 0);
		if (complaints_warnings(l.c) != 1)
			fail_msg("%s: %zu warnings", doubtful[i], complaints_warnings(l.c));
	}
	lab_close(&l);
}

static void
anonymous_relays_need_a_reason(void **state) /* A16 */
{
	struct lab l;
	char path[128];

	(void)state;
	lab_open(&l);
	assert_int_equal(
		lab_load(
			&l,
			"auth = { anonymous = true; };\n"
			"listeners = ( { name = \"lo\"; address = [ \"127.0.0.1\", \"::1\" ]; } );",
			NULL),
		0);
	assert_int_equal(lab_load(&l, "auth = { anonymous = true; };", "relay.enabled=false"), 0);
	lab_write(&l, "x.conf", "auth = { anonymous = true; };");
	struct settings_ask ask = {.file = lab_path(&l, "x.conf", path), .open_relay = true};
	lab_forget(&l);
	l.c = complaints_new();
	l.s = settings_load(&ask, l.c);
	assert_int_equal(complaints_errors(l.c), 0);
	lab_close(&l);
}

static void
secrets_on_the_command_line_are_seen(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_int_equal(lab_load(&l, "", "auth.secrets=[a-good-secret-in-a-bad-place]"), 0);
	assert_int_equal(complaints_warnings(l.c), 1);
	assert_false(lab_says(&l, "bad-place"));
	lab_close(&l);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(weak_secrets_are_refused),
		cmocka_unit_test(passwords_of_manuals_are_refused),
		cmocka_unit_test(names_have_bounds),
		cmocka_unit_test(mistakes_between_settings),
		cmocka_unit_test(doubtful_settings_are_warned_of),
		cmocka_unit_test(anonymous_relays_need_a_reason),
		cmocka_unit_test(secrets_on_the_command_line_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
