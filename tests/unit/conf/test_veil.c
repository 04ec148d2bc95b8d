/* conf/veil: what may be a secret, however wrong the text is (E13). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "conf/veil.h"

/* The text with one blank between words, hidden ones as "*", a hidden rest of a line as "!". */
static void
veils(const char *text, const char *expected)
{
	struct veil v = veil_over(bytes_text(text));
	char got[400] = "";
	size_t n = 0;
	unsigned hidden = 0;

	while (veil_next(&v)) {
		enum veil_verdict verdict = veil_judge(&v);
		struct bytes word = v.t.text;

		if (v.t.line == hidden)
			continue;
		if (verdict == VEIL_HIDE_REST)
			hidden = v.t.line;
		if (verdict != VEIL_SHOW)
			word = bytes_text(verdict == VEIL_HIDE ? "*" : "!");
		n += (size_t)snprintf(got + n, sizeof got - n, "%s%.*s", n > 0 ? " " : "",
		                      (int)word.n, (const char *)word.p);
	}
	assert_string_equal(got, expected);
}

static void
harmless_settings_stay(void **state)
{
	(void)state;
	veils("server = { name = \"x\"; user = \"natsrv\"; };",
	      "server = { name = \"x\" ; user = \"natsrv\" ; } ;");
	veils("log = { usernames = \"none\"; };", "log = { usernames = \"none\" ; } ;");
	veils("limits = { allocations_per_user = 5; };",
	      "limits = { allocations_per_user = 5 ; } ;");
	veils("relay.ports=50000-50999", "relay . ports = 50000-50999");
	veils("", "");
}

static void
auth_is_veiled_as_a_whole(void **state)
{
	(void)state;
	veils("auth = { x = \"s\"; y = [ \"s\", \"t\" ]; };\nb = \"x\";",
	      "auth = { x = * ; y = [ * , * ] ; } ; b = \"x\" ;");
	veils("auth = { a = ( {\nb = \"s\"\nc = true\nd = \"t\"; } ) }",
	      "auth = { a = ( { b = * c = true d = * ; } ) }");
	veils("auth \"s\"", "auth *");
	veils("auth = { x \"s\"; }", "auth = { x * ; }");
	veils("a = 1; auth : \"s\"", "a = 1 ; auth : *");
	veils("AUTH = \"s\"", "AUTH = *");
	veils("atuh = \"s\"", "atuh = *");
	veils("auth.x.y=\"s\"", "auth . x . y = *");
}

static void
names_betray_credentials(void **state)
{
	static const char *const names[] = {
		"pass",   "Password", "pasword", "passwrod", "pw",    "pwd",   "ky",
		"keys",   "hmackey",  "secret",  "secrts",   "sekrets", "user", "users",
		"usr",    "token",    "tokens",  "nonce_key_file", "static-auth-secret",
		"credentials",
	};
	char text[100], expected[100];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(text, sizeof text, "a = { b = \"s\"; %s = \"t\"; };", names[i]);
		snprintf(expected, sizeof expected, "a = { b = * ; %s = * ; } ;", names[i]);
		veils(text, expected);
		assert_true(veil_sounds_secret(bytes_text(names[i])));
		assert_true(veil_needed(text));
	}
	veils("{ \"a\": { \"user\": \"s\" } }", "{ * : { * : * } }");
	assert_false(veil_sounds_secret(bytes_text("ports")));
	assert_false(veil_needed("relay = { ports = \"5-6\"; };"));
}

static void
values_without_quotes_hide_the_rest(void **state)
{
	(void)state;
	veils("auth = { x = s; y = 5; }\n", "auth = { x = !");
	veils("auth = { x = 5; }", "auth = { x = !");
	veils("auth = { x = 's'; }", "auth = { x = !");
	veils("auth = [ c2VjcmV0== ]", "auth = [ !");
	veils("user=ann:s\nrealm=x", "user = ! realm = x");
	veils("secret word", "secret !");
	veils("auth = { x = \"a\"s\"; }", "auth = { x = * !"); /* a quote inside of a password */
	veils("auth = { x = \"a\"; s\"; y = \"", "auth = { x = * ; !");
}

static void
broken_brackets_veil_too_much(void **state)
{
	(void)state;
	veils("auth = { x = 1; } } y = \"s\";", "auth = { x = !");
	veils("auth = { } y = \"s\";\nb = \"t\";", "auth = { } y = * ; b = \"t\" ;");
	veils("x = { auht = \"s\"", "x = { auht = *");
	veils("a\"uth = { users = \"s\"", "a * !");
	veils("auth = { x = ( \"s\"; };\nb = \"t\";", "auth = { x = ( * ; } ; !");
}

static void
deep_brackets_are_survived(void **state)
{
	char text[300] = "auth = ";

	(void)state;
	memset(text + 7, '(', 200);
	memset(text + 207, ')', 50);
	snprintf(text + 257, 40, "\"s\"");
	struct veil v = veil_over(bytes_text(text));
	while (veil_next(&v))
		if (v.t.kind == SCAN_STRING)
			assert_int_equal(veil_judge(&v), VEIL_HIDE);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(harmless_settings_stay),
		cmocka_unit_test(auth_is_veiled_as_a_whole),
		cmocka_unit_test(names_betray_credentials),
		cmocka_unit_test(values_without_quotes_hide_the_rest),
		cmocka_unit_test(broken_brackets_veil_too_much),
		cmocka_unit_test(deep_brackets_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
