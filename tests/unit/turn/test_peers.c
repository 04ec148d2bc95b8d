/* turn/peers.c: who may be a peer (security 1.1.1, A1 to A7, A11, A12; T-266 to T-276). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "turn/peers.h"

static struct peers *p;

static int
setup(void **state)
{
	(void)state;
	p = peers_new();
	return p == NULL ? -1 : 0;
}

static int
recommended(void **state)
{
	return setup(state) != 0 || !peers_add_recommended(p) ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	peers_free(p);
	return 0;
}

static union addr
at(const char *text)
{
	union addr a;

	if (addr_parse(text, 0, &a) != NULL)
		fail_msg("%s is no address", text);
	return a;
}

static enum peers_verdict
judge(const char *text)
{
	union addr a = at(text);

	return peers_judge(p, &a, NULL);
}

static void
says(const char *text, enum peers_verdict want, const char *rule)
{
	union addr a = at(text);
	const char *got = "untouched";
	enum peers_verdict verdict = peers_judge(p, &a, &got);

	if (verdict != want)
		fail_msg("%s: verdict %d, wanted %d", text, verdict, want);
	if (want != PEERS_OK && rule != NULL)
		assert_string_equal(got, rule);
}

/* Rows of security 1.1.1: first and last address, and the neighbours that are outside. */
static const struct row {
	enum peers_verdict verdict;
	const char *rule, *first, *last, *below, *above; /* neighbours NULL: belong to another row */
} rows[] = {
	{PEERS_UNUSABLE, "0.0.0.0/8", "0.0.0.0", "0.255.255.255", NULL, "1.0.0.0"},
	{PEERS_DENIED, "10.0.0.0/8", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"},
	{PEERS_DENIED, "172.16.0.0/12", "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"},
	{PEERS_DENIED, "192.168.0.0/16", "192.168.0.0", "192.168.255.255", "192.167.255.255",
	 "192.169.0.0"},
	{PEERS_DENIED, "100.64.0.0/10", "100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"},
	{PEERS_DENIED, "127.0.0.0/8", "127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"},
	{PEERS_DENIED, "168.63.129.16/32", "168.63.129.16", "168.63.129.16", "168.63.129.15",
	 "168.63.129.17"},
	{PEERS_DENIED, "169.254.0.0/16", "169.254.0.0", "169.254.255.255", "169.253.255.255",
	 "169.255.0.0"},
	{PEERS_DENIED, "192.0.0.0/24", "192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"},
	{PEERS_DENIED, "192.0.2.0/24", "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"},
	{PEERS_DENIED, "198.51.100.0/24", "198.51.100.0", "198.51.100.255", "198.51.99.255",
	 "198.51.101.0"},
	{PEERS_DENIED, "203.0.113.0/24", "203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"},
	{PEERS_DENIED, "192.88.99.0/24", "192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"},
	{PEERS_DENIED, "198.18.0.0/15", "198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"},
	{PEERS_UNUSABLE, "224.0.0.0/4", "224.0.0.0", "239.255.255.255", "223.255.255.255", NULL},
	{PEERS_DENIED, "240.0.0.0/4", "240.0.0.0", "255.255.255.254", NULL, NULL},
	{PEERS_UNUSABLE, "255.255.255.255/32", "255.255.255.255", "255.255.255.255", NULL, NULL},

	{PEERS_UNUSABLE, "::/96", "::", "::", NULL, NULL},
	{PEERS_DENIED, "::1/128", "::1", "::1", NULL, NULL},
	{PEERS_UNUSABLE, "::/96", "::2", "::ffff:ffff", NULL, "::1:0:0"},
	{PEERS_UNUSABLE, "::ffff:0:0/96", "::ffff:0:0", "::ffff:ffff:ffff", "::fffe:ffff:ffff",
	 "::1:0:0:0"},
	{PEERS_UNUSABLE, "::ffff:0:0:0/96", "::ffff:0:0:0", "::ffff:0:ffff:ffff",
	 "::fffe:ffff:ffff:ffff", "::ffff:1:0:0"},
	{PEERS_UNUSABLE, "64:ff9b:1::/48", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
	 "64:ff9b:0:ffff:ffff:ffff:ffff:ffff", "64:ff9b:2::"},
	{PEERS_DENIED, "100::/64", "100::", "100::ffff:ffff:ffff:ffff",
	 "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "100:0:0:1::"},
	{PEERS_UNUSABLE, "2001::/32", "2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff",
	 "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:1::"},
	{PEERS_DENIED, "2001:2::/48", "2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff",
	 "2001:1:ffff:ffff:ffff:ffff:ffff:ffff", "2001:2:1::"},
	{PEERS_DENIED, "2001:10::/28", "2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff",
	 "2001:f:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{PEERS_DENIED, "2001:20::/28", "2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", NULL,
	 "2001:30::"},
	{PEERS_DENIED, "2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
	 "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
	{PEERS_DENIED, "3fff::/20", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
	 "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"},
	{PEERS_UNUSABLE, "2002::/16", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	 "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
	{PEERS_DENIED, "5f00::/16", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	 "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5f01::"},
	{PEERS_DENIED, "fc00::/7", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	 "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::"},
	{PEERS_DENIED, "fe80::/10", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	 "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{PEERS_DENIED, "fec0::/10", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, NULL},
	{PEERS_UNUSABLE, "ff00::/8", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL, NULL},
};

static void
the_list(void **state)
{
	char rule[80];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *r = &rows[i];

		snprintf(rule, sizeof rule, "%s:%s",
		         r->verdict == PEERS_UNUSABLE ? "never" : "recommended", r->rule);
		says(r->first, r->verdict, rule);
		says(r->last, r->verdict, rule);
		if (r->below != NULL)
			says(r->below, PEERS_OK, NULL);
		if (r->above != NULL)
			says(r->above, PEERS_OK, NULL);
	}
	/* A7 */
	says("169.254.169.254", PEERS_DENIED, "recommended:169.254.0.0/16");
	says("169.254.170.2", PEERS_DENIED, NULL);
	says("100.100.100.200", PEERS_DENIED, NULL);
	says("192.0.0.192", PEERS_DENIED, NULL);
	says("fd00:ec2::254", PEERS_DENIED, "recommended:fc00::/7");
	says("8.8.8.8", PEERS_OK, NULL);
	says("2a00:1450::1", PEERS_OK, NULL);
}

/* Without `recommended` only what can never be opened is refused. */
static void
bare(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum peers_verdict want =
			rows[i].verdict == PEERS_UNUSABLE ? PEERS_UNUSABLE : PEERS_OK;
		says(rows[i].first, want, NULL);
		says(rows[i].last, want, NULL);
	}
}

/* A3, A4, T-271: every way to write an IPv4 address inside an IPv6 one. */
static void
embedded(void **state)
{
	static const char *const denied[] = {"127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0",
	                                     "224.0.0.1", "192.168.1.1", "255.255.255.255"};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof denied / sizeof denied[0]; i++) {
		union addr v4 = at(denied[i]);
		const uint8_t *b = addr_ip(&v4).p;
		const unsigned hi = bytes_u16(b), lo = bytes_u16(b + 2);
		const char *const forms[] = {
			"::ffff:%x:%x", "::ffff:0:%x:%x", "64:ff9b::%x:%x", "64:ff9b:1::%x:%x",
			"64:ff9b:1:1::%x:%x", "2002:%x:%x::1", "fe80::5efe:%x:%x", "fe80::200:5efe:%x:%x",
			"2a00:1:2:3:0:5efe:%x:%x", "2a00:1:2:3:200:5efe:%x:%x",
		};

		for (size_t k = 0; k < sizeof forms / sizeof forms[0]; k++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			snprintf(text, sizeof text, forms[k], hi, lo);
#pragma GCC diagnostic pop
			if (judge(text) == PEERS_OK)
				fail_msg("%s passes", text);
		}
		if (hi != 0) { /* ::0 and ::1 are their own rows */
			snprintf(text, sizeof text, "::%x:%x", hi, lo);
			assert_int_equal(judge(text), PEERS_UNUSABLE);
		}
		snprintf(text, sizeof text, "2001:0:4136:e378:8000:63bf:%x:%x", ~hi & 0xffff,
		         ~lo & 0xffff);
		assert_int_equal(judge(text), PEERS_UNUSABLE);
	}
	/* NAT64 and ISATAP are as good as what is inside; the rule that is named is the inner one. */
	says("64:ff9b::a00:1", PEERS_DENIED, "recommended:10.0.0.0/8");
	says("64:ff9b::808:808", PEERS_OK, NULL);
	says("2a00:1:2:3:0:5efe:808:808", PEERS_OK, NULL);
	says("64:ff9b::e000:1", PEERS_UNUSABLE, "never:224.0.0.0/4");
	/* The others are refused with anything inside. */
	assert_int_equal(judge("::ffff:808:808"), PEERS_UNUSABLE);
	assert_int_equal(judge("::808:808"), PEERS_UNUSABLE);
	assert_int_equal(judge("::ffff:0:808:808"), PEERS_UNUSABLE);
	assert_int_equal(judge("2002:808:808::1"), PEERS_UNUSABLE);
	assert_int_equal(judge("64:ff9b:1::808:808"), PEERS_UNUSABLE);
}

/* An own endpoint or relay address does not become another one by being written as NAT64. */
static void
embedded_own(void **state)
{
	union addr own = at("192.0.3.1:3478"), relay = at("192.0.3.2");

	(void)state;
	assert_true(peers_add_endpoint(p, &own));
	assert_true(peers_add_self(p, &relay, 50000, 50009));
	assert_true(peers_deny_ports(p, 53, 53));
	says("[64:ff9b::192.0.3.1]:3478", PEERS_DENIED, "endpoint");
	says("[64:ff9b::192.0.3.1]:3479", PEERS_OK, NULL);
	says("[64:ff9b::192.0.3.2]:22", PEERS_DENIED, "own:192.0.3.2");
	says("[64:ff9b::192.0.3.2]:50001", PEERS_OK, NULL);
	says("[64:ff9b::8.8.8.8]:53", PEERS_DENIED_PORT, "deny_ports");
}

static void
opened(void **state)
{
	(void)state;
	assert_null(peers_add(p, PEERS_ALLOW, "10.1.0.0/16"));
	says("10.1.2.3", PEERS_OK, NULL);
	says("10.2.0.0", PEERS_DENIED, "recommended:10.0.0.0/8");
	says("10.0.255.255", PEERS_DENIED, NULL);
	/* longest prefix wins, whoever wrote it and in whatever order */
	assert_null(peers_add(p, PEERS_DENY, "10.1.2.0/24"));
	assert_null(peers_add(p, PEERS_ALLOW, "10.1.2.7"));
	says("10.1.2.3", PEERS_DENIED, "deny:10.1.2.0/24");
	says("10.1.2.7", PEERS_OK, NULL);
	says("10.1.3.3", PEERS_OK, NULL);
	assert_false(peers_opens_loopback(p));
}

/* Equal length: deny over allow over recommended, in whatever order they come. */
static void
ties(void **state)
{
	(void)state;
	assert_null(peers_add(p, PEERS_ALLOW, "172.16.0.0/12"));
	says("172.20.0.1", PEERS_OK, NULL);
	assert_null(peers_add(p, PEERS_DENY, "172.16.0.0/12"));
	says("172.20.0.1", PEERS_DENIED, "deny:172.16.0.0/12");
	assert_null(peers_add(p, PEERS_ALLOW, "172.16.0.0/12"));
	says("172.20.0.1", PEERS_DENIED, "deny:172.16.0.0/12");
	assert_true(peers_add_recommended(p)); /* a list that is added late changes nothing */
	says("172.20.0.1", PEERS_DENIED, "deny:172.16.0.0/12");

	assert_null(peers_add(p, PEERS_ALLOW, "fc00::/7"));
	assert_true(peers_add_recommended(p));
	says("fd00::1", PEERS_OK, NULL);
	/* a never cannot even be renamed */
	assert_null(peers_add(p, PEERS_DENY, "224.0.0.0/4"));
	says("224.0.0.1", PEERS_UNUSABLE, "never:224.0.0.0/4");
}

/* A2: naming what can never be opened is an error; a wider prefix opens only the rest. */
static void
never_opened(void **state)
{
	static const char *const never[] = {
		"0.0.0.0", "0.0.0.0/8", "0.1.2.3", "224.0.0.0/4", "239.1.2.3", "255.255.255.255", "::",
		"::/96", "::/128", "::2", "::7f00:1", "::ffff:0:0/96", "::ffff:10.0.0.1",
		"::ffff:0:0:0/96", "64:ff9b:1::/48", "2001::/32", "2001:0:1::/48", "2002::/16",
		"2002:a00:1::/48", "ff00::/8", "ff02::1", "0.0.0.0-1.2.3.4", "223.0.0.0-224.0.0.0",
	};
	(void)state;
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
		if (peers_add(p, PEERS_ALLOW, never[i]) == NULL)
			fail_msg("%s was opened", never[i]);
		if (strncmp(never[i], "::ffff:", 7) != 0 || strcmp(never[i], "::ffff:0:0:0/96") == 0)
			assert_null(peers_add(p, PEERS_DENY, never[i]));
	}
	assert_null(peers_add(p, PEERS_ALLOW, "0.0.0.0/0"));
	assert_null(peers_add(p, PEERS_ALLOW, "::/0"));
	assert_null(peers_add(p, PEERS_ALLOW, "255.255.255.0-255.255.255.255"));
	says("255.255.255.254", PEERS_OK, NULL);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_not_equal(judge(rows[i].first), PEERS_OK);
	assert_false(peers_opens_loopback(p));
}

/* A6 */
static void
complaints(void **state)
{
	static const char *const bad[] = {"10.0.0.0/33", "10.0.0.0-", "fe80::%eth0", "1.2.3", "",
	                                  "10.0.0.1/8", "recommended", "::1-127.0.0.1", "2-1"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_non_null(peers_add(p, PEERS_ALLOW, bad[i]));
		assert_non_null(peers_add(p, PEERS_DENY, bad[i]));
	}
}

/* A1, T-267 */
static void
loopback(void **state)
{
	(void)state;
	says("127.8.8.8", PEERS_DENIED, "recommended:127.0.0.0/8");
	assert_null(peers_add(p, PEERS_DENY, "127.0.0.1"));
	assert_false(peers_opens_loopback(p));
	assert_null(peers_add(p, PEERS_ALLOW, "127.1.0.0/16"));
	assert_true(peers_opens_loopback(p));
	says("127.1.2.3", PEERS_OK, NULL);
	says("127.0.0.1", PEERS_DENIED, "deny:127.0.0.1");
	says("::1", PEERS_DENIED, "recommended:::1/128");
}

static void
loopback_v6(void **state)
{
	(void)state;
	assert_null(peers_add(p, PEERS_ALLOW, "::1"));
	assert_true(peers_opens_loopback(p));
	says("::1", PEERS_OK, NULL);
	says("::2", PEERS_UNUSABLE, "never:::/96");
	says("127.0.0.1", PEERS_DENIED, NULL);
}

/* A5 */
static void
ranges(void **state)
{
	(void)state;
	assert_null(peers_add(p, PEERS_DENY, "2a00:db8:0:10::5-2a00:db8:0:20::3"));
	says("2a00:db8:0:10::4", PEERS_OK, NULL);
	says("2a00:db8:0:10::5", PEERS_DENIED, "deny:2a00:db8:0:10::5-2a00:db8:0:20::3");
	says("2a00:db8:0:10::6", PEERS_DENIED, NULL);
	says("2a00:db8:0:15::ff", PEERS_DENIED, NULL);
	says("2a00:db8:0:20::3", PEERS_DENIED, NULL);
	says("2a00:db8:0:20::4", PEERS_OK, NULL);
}

/* A11, T-274: own relay addresses, on the relay range only, whatever the lists say. */
static void
selves(void **state)
{
	union addr own = at("10.0.0.5"), lo = at("127.0.0.1"), six = at("fd00::5");

	(void)state;
	assert_true(peers_add_self(p, &own, 49152, 65535));
	assert_true(peers_add_self(p, &own, 20000, 20010));
	assert_true(peers_add_self(p, &six, 49152, 65535));
	assert_null(peers_add(p, PEERS_DENY, "10.0.0.0/8"));
	says("10.0.0.5:49152", PEERS_OK, NULL);
	says("10.0.0.5:65535", PEERS_OK, NULL);
	says("10.0.0.5:20005", PEERS_OK, NULL);
	says("10.0.0.5", PEERS_OK, NULL); /* CreatePermission sees no port */
	says("10.0.0.5:49151", PEERS_DENIED, "own:10.0.0.5");
	says("10.0.0.5:22", PEERS_DENIED, "own:10.0.0.5");
	says("10.0.0.5:3478", PEERS_DENIED, "own:10.0.0.5");
	says("10.0.0.6:50000", PEERS_DENIED, "deny:10.0.0.0/8");
	says("[fd00::5]:50000", PEERS_OK, NULL);
	says("[fd00::5]:80", PEERS_DENIED, "own:fd00::5");

	/* On loopback the other ports are for the lists to say. */
	assert_true(peers_add_self(p, &lo, 49152, 65535));
	says("127.0.0.1:50000", PEERS_OK, NULL);
	says("127.0.0.1:6379", PEERS_DENIED, "recommended:127.0.0.0/8");
	assert_null(peers_add(p, PEERS_ALLOW, "127.0.0.0/8"));
	says("127.0.0.1:6379", PEERS_OK, NULL);
}

/* T-273 */
static void
endpoints(void **state)
{
	union addr named = at("192.0.3.1:3478"), any = at("0.0.0.0:9641"), self = at("192.0.3.9");
	union addr lo = at("127.0.0.1:9641"), other = at("8.8.8.8:9641"), right = at("192.0.3.9:9641");
	union addr bare_ip = at("192.0.3.1"), six = at("[::]:5349"), six_self = at("2a00::9");
	union addr six_there = at("[2a00::9]:5349");

	(void)state;
	assert_false(peers_is_endpoint(p, &named));
	assert_true(peers_add_endpoint(p, &named));
	assert_true(peers_add_endpoint(p, &any));
	assert_true(peers_add_endpoint(p, &six));
	assert_true(peers_add_self(p, &self, 3000, 10000));
	assert_true(peers_add_self(p, &six_self, 5000, 6000));
	says("192.0.3.1:3478", PEERS_DENIED, "endpoint");
	says("192.0.3.1:3479", PEERS_OK, NULL);
	says("192.0.3.1:9641", PEERS_DENIED, "endpoint"); /* any-address: its port on own addresses */
	says("192.0.3.9:9641", PEERS_DENIED, "endpoint"); /* also inside the relay range */
	says("192.0.3.9:9642", PEERS_OK, NULL);
	says("8.8.8.8:9641", PEERS_OK, NULL);
	says("[2a00::9]:5349", PEERS_DENIED, "endpoint");
	says("[2a00::9]:5350", PEERS_OK, NULL);
	assert_int_equal(peers_judge(p, &bare_ip, NULL), PEERS_OK);
	assert_true(peers_is_endpoint(p, &named));
	assert_true(peers_is_endpoint(p, &lo));
	assert_true(peers_is_endpoint(p, &right));
	assert_true(peers_is_endpoint(p, &six_there));
	assert_false(peers_is_endpoint(p, &other));
	assert_false(peers_is_endpoint(p, &bare_ip));
}

/* A13 */
static void
ports(void **state)
{
	(void)state;
	assert_true(peers_deny_ports(p, 53, 53));
	assert_true(peers_deny_ports(p, 1000, 1002));
	says("8.8.8.8:53", PEERS_DENIED_PORT, "deny_ports");
	says("8.8.8.8:52", PEERS_OK, NULL);
	says("8.8.8.8:54", PEERS_OK, NULL);
	says("8.8.8.8:999", PEERS_OK, NULL);
	says("8.8.8.8:1000", PEERS_DENIED_PORT, NULL);
	says("8.8.8.8:1002", PEERS_DENIED_PORT, NULL);
	says("8.8.8.8:1003", PEERS_OK, NULL);
	says("8.8.8.8", PEERS_OK, NULL);
	says("10.0.0.1:53", PEERS_DENIED, "recommended:10.0.0.0/8"); /* the address is told first */
}

/* A11: addresses of this host, but for the relay's own, are nobody's peers unless written. */
static void
own_addresses(void **state)
{
	union addr eth = at("20.0.0.5"), lo = at("127.0.0.1"), brd = at("20.0.0.255"),
	           six = at("2600:1::1"), local = at("fe80::1");

	(void)state;
	assert_true(peers_add_own(p, &eth));
	assert_true(peers_add_own(p, &six));
	assert_true(peers_add_own(p, &lo));
	assert_true(peers_add_own(p, &local));
	assert_true(peers_add_broadcast(p, &brd));
	says("20.0.0.5", PEERS_DENIED, "own:20.0.0.5");
	says("20.0.0.5:22", PEERS_DENIED, "own:20.0.0.5");
	says("20.0.0.6:22", PEERS_OK, NULL);
	says("[2600:1::1]:443", PEERS_DENIED, "own:2600:1::1");
	says("20.0.0.255", PEERS_UNUSABLE, "never:20.0.0.255");
	/* a shorter written rule does not open it, one as long does; broadcast stays */
	assert_null(peers_add(p, PEERS_ALLOW, "20.0.0.0/24"));
	says("20.0.0.5:22", PEERS_DENIED, "own:20.0.0.5");
	assert_null(peers_add(p, PEERS_ALLOW, "20.0.0.5"));
	says("20.0.0.5:22", PEERS_OK, NULL);
	says("20.0.0.255:9", PEERS_UNUSABLE, "never:20.0.0.255");
	/* mapped forms never get to the lists */
	assert_non_null(peers_add(p, PEERS_DENY, "::ffff:8.8.8.0/120"));
}

/* T-266 */
static void
clients(void **state)
{
	const struct {
		const char *text;
		bool barred;
	} list[] = {
		{"192.0.3.2:50000", false}, {"127.0.0.1:50000", false},
		{"[2001::1]:5", true}, {"[2001:0:ffff::]:5", true}, {"[2001:1::]:5", false},
		{"[2002::1]:5", true}, {"[2002:ffff::]:5", true}, {"[2003::]:5", false},
		{"10.0.0.1:1", false}, {"[fe80::1]:5", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
		union addr a = at(list[i].text);

		if (peers_bars_client(&a) != list[i].barred)
			fail_msg("%s", list[i].text);
	}
}

static void
no_family(void **state)
{
	union addr none = {.sa.sa_family = 0};

	(void)state;
	assert_int_equal(peers_judge(p, &none, NULL), PEERS_UNUSABLE);
	peers_free(NULL);
}

static uint64_t seed;

static uint32_t
number(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33);
}

/* The oracle: every rule is looked at; longest wins, then the higher rank. */
struct naive {
	unsigned bits;
	int rank;
	uint32_t ip;
};

static enum peers_verdict
oracle(const struct naive *rules, unsigned n, uint32_t ip)
{
	unsigned bits = 0;
	int rank = -1;

	for (unsigned i = 0; i < n; i++) {
		uint32_t mask = rules[i].bits == 0 ? 0 : ~(uint32_t)0 << (32 - rules[i].bits);

		if (((ip ^ rules[i].ip) & mask) != 0)
			continue;
		if (rank < 0 || rules[i].bits > bits ||
		    (rules[i].bits == bits && rules[i].rank > rank)) {
			bits = rules[i].bits;
			rank = rules[i].rank;
		}
	}
	return rank < 2 ? PEERS_OK : rank == 2 ? PEERS_DENIED : PEERS_UNUSABLE;
}

static union addr
v4(uint32_t ip)
{
	uint8_t b[4];

	bytes_put32(b, ip);
	return addr_make(bytes_view(b, 4), 7);
}

/* Random lists with many nested and equal prefixes, at the edges and in the middle. */
static void
against_oracle(void **state)
{
	enum { LISTS = 300, RULES = 40, PROBES = 200 };

	(void)state;
	for (seed = 1; seed <= LISTS * 1000; seed = (seed / 1000 + 1) * 1000 + 1) {
		uint64_t list = seed;
		struct naive rules[RULES + 3] = {{8, 3, 0}, {4, 3, 0xe0000000}, {32, 3, 0xffffffff}};
		unsigned n = 3;
		struct peers *mine = peers_new();

		assert_non_null(mine);
		for (unsigned i = 0; i < RULES; i++) {
			unsigned bits = number() % 33;
			uint32_t mask = bits == 0 ? 0 : ~(uint32_t)0 << (32 - bits);
			uint32_t ip = (0x64000000 | (number() & 0x00030007)) & mask;
			char text[64], dotted[ADDR_TEXT];
			union addr a = v4(ip);
			bool deny = number() % 2 == 0;

			snprintf(text, sizeof text, "%s/%u", addr_ip_text(&a, dotted), bits);
			if (peers_add(mine, deny ? PEERS_DENY : PEERS_ALLOW, text) == NULL)
				rules[n++] = (struct naive){bits, deny ? 2 : 1, ip};
			else
				assert_true(!deny && ip == 0 && bits >= 8);
		}
		for (unsigned i = 0; i < PROBES; i++) {
			const struct naive *r = &rules[number() % n];
			uint32_t size = r->bits == 32 ? 0 : (uint32_t)0xffffffff >> r->bits;
			const uint32_t near[] = {r->ip, r->ip - 1, r->ip + size, r->ip + size + 1,
			                         r->ip + (number() & size), number() * 2};
			uint32_t ip = near[number() % 6];
			union addr a = v4(ip);

			if (peers_judge(mine, &a, NULL) != oracle(rules, n, ip))
				fail_msg("list %lu, address %08x", (unsigned long)list, ip);
		}
		peers_free(mine);
		seed = list;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_list, recommended, teardown),
		cmocka_unit_test_setup_teardown(bare, setup, teardown),
		cmocka_unit_test_setup_teardown(embedded, recommended, teardown),
		cmocka_unit_test_setup_teardown(embedded_own, setup, teardown),
		cmocka_unit_test_setup_teardown(opened, recommended, teardown),
		cmocka_unit_test_setup_teardown(ties, recommended, teardown),
		cmocka_unit_test_setup_teardown(never_opened, recommended, teardown),
		cmocka_unit_test_setup_teardown(complaints, setup, teardown),
		cmocka_unit_test_setup_teardown(loopback, recommended, teardown),
		cmocka_unit_test_setup_teardown(loopback_v6, recommended, teardown),
		cmocka_unit_test_setup_teardown(ranges, setup, teardown),
		cmocka_unit_test_setup_teardown(selves, recommended, teardown),
		cmocka_unit_test_setup_teardown(endpoints, recommended, teardown),
		cmocka_unit_test_setup_teardown(ports, recommended, teardown),
		cmocka_unit_test_setup_teardown(clients, recommended, teardown),
		cmocka_unit_test_setup_teardown(own_addresses, recommended, teardown),
		cmocka_unit_test_setup_teardown(no_family, recommended, teardown),
		cmocka_unit_test(against_oracle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
