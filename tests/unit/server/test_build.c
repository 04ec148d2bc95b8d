/* server/build: policy and peer gate from settings (A6). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lab.h"

static enum peers_verdict
judge(const struct lab *l, const char *text)
{
	union addr a;

	assert_null(addr_parse(text, 40000, &a));
	return peers_judge(l->b.peers, &a, NULL);
}

static void
defaults_are_safe(void **state)
{
	struct lab l;
	const struct turn_policy *p = &l.b.policy;

	(void)state;
	lab_open(&l);
	assert_int_equal(lab_load(&l, "", NULL), 0);
	assert_true(p->relay && p->ipv4 && p->ipv6);
	assert_false(p->anonymous || p->stun_auth || p->rfc5766_channels);
	assert_int_equal(p->realm.n, strlen(l.s->server.realm));
	assert_int_equal(p->software.n, 0);
	assert_int_equal(p->nonce_lifetime, 600);
	assert_int_equal(p->lifetime_default, 600);
	assert_int_equal(p->lifetime_max, 3600);
	assert_int_equal(p->permissions_max, 64);
	assert_int_equal(p->algorithms_n, 2);
	assert_int_equal(p->algorithms[0], KEY_SHA256);
	assert_int_equal(p->nonce_keys.n, 1);
	assert_ptr_equal(p->keys, l.b.keys);
	assert_ptr_equal(p->peers, l.b.peers);
	assert_int_equal(judge(&l, "8.8.8.8"), PEERS_OK);
	assert_int_equal(judge(&l, "10.0.0.1"), PEERS_DENIED);
	assert_int_equal(judge(&l, "127.0.0.1"), PEERS_DENIED);
	assert_int_equal(judge(&l, "8.8.8.8:53"), PEERS_DENIED_PORT);
	lab_close(&l);
}

static void
rules_reach_the_gate(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_int_equal(
		lab_load(&l,
	                 "peers = { allow = [ \"10.1.0.0/16\" ]; deny_ports = ( 7, \"100-200\" );\n"
	                 "deny = [ \"recommended\", \"8.8.8.0/24\" ]; };",
	                 NULL),
		0);
	assert_int_equal(judge(&l, "10.1.2.3"), PEERS_OK);
	assert_int_equal(judge(&l, "10.2.2.3"), PEERS_DENIED);
	assert_int_equal(judge(&l, "8.8.8.8"), PEERS_DENIED);
	assert_int_equal(judge(&l, "9.9.9.9:7"), PEERS_DENIED_PORT);
	assert_int_equal(judge(&l, "9.9.9.9:150"), PEERS_DENIED_PORT);
	assert_int_equal(judge(&l, "9.9.9.9:53"), PEERS_OK);
	lab_close(&l);
}

static void
bad_rules_name_their_line(void **state)
{
	static const char *const bad[] = {"10.0.0.0/33", "10.0.0.0-", "fe80::%eth0", "1.2.3", ""};
	struct lab l;
	char text[200];

	(void)state;
	lab_open(&l);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(text, sizeof text, "peers = {\n deny = [ \"%s\" ]; };", bad[i]);
		assert_int_equal(lab_load(&l, text, NULL), 1);
		assert_true(lab_says(&l, "x.conf:2: error: peers.deny"));
		snprintf(text, sizeof text, "peers = {\n allow = [ \"%s\" ]; };", bad[i]);
		assert_int_equal(lab_load(&l, text, NULL), 1);
	}
	lab_close(&l);
}

static void
md5_keys_take_sha256_off_the_offer(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_int_equal(lab_load(&l,
	                          "auth = { users = ( { name = \"a\";\n"
	                          "key = \"00112233445566778899aabbccddeeff\"; } ); };",
	                          NULL),
	                 0);
	assert_int_equal(l.b.policy.algorithms_n, 1);
	assert_int_equal(l.b.policy.algorithms[0], KEY_MD5);
	lab_close(&l);
}

static void
choices_arrive(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_int_equal(lab_load(&l,
	                          "relay = { ipv6 = \"none\"; rfc5766_channels = true; };\n"
	                          "server = { realm = \"r\"; software = \"s\"; };\n"
	                          "auth = { strict_expiry = true; stun_auth = true; algorithms = "
	                          "\"md5\"; };\n"
	                          "limits = { lifetime_default = \"1h\"; lifetime_max = \"2h\"; };",
	                          NULL),
	                 0);
	assert_true(l.b.policy.ipv4 && !l.b.policy.ipv6 && l.b.policy.rfc5766_channels);
	assert_true(l.b.policy.strict_expiry && l.b.policy.stun_auth);
	assert_int_equal(l.b.policy.algorithms_n, 1);
	assert_int_equal(l.b.policy.lifetime_default, 3600);
	assert_true(bytes_equal(l.b.policy.realm, bytes_text("r")));
	assert_true(bytes_equal(l.b.policy.software, bytes_text("s")));
	lab_close(&l);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_safe),
		cmocka_unit_test(rules_reach_the_gate),
		cmocka_unit_test(bad_rules_name_their_line),
		cmocka_unit_test(md5_keys_take_sha256_off_the_offer),
		cmocka_unit_test(choices_arrive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
