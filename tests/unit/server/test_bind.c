/* server/bind: from words to endpoints. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "lab.h"

static size_t
listening(struct lab *l, const char *address)
{
	char text[300];

	snprintf(text, sizeof text,
	         "listeners = ( { name = \"x\"; port = 99; address = [ %s ]; } );", address);
	return lab_load(l, text, NULL);
}

static void
addresses_get_the_port(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_int_equal(listening(&l, "\"192.0.2.1\", \"2001:db8::1\", \"0.0.0.0\""), 1);
	assert_int_equal(listening(&l, "\"192.0.2.1\", \"2001:db8::1\""), 0);
	assert_int_equal(l.s->listeners.v[0].at_n, 2);
	assert_int_equal(addr_port(&l.s->listeners.v[0].at[0]), 99);
	assert_int_equal(addr_family(&l.s->listeners.v[0].at[1]), AF_INET6);
	lab_close(&l);
}

static void
interfaces_stand_for_their_addresses(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_int_equal(listening(&l, "\"%nosuch0\""), 1);
	assert_int_equal(listening(&l, "\"%\""), 1);
	if (listening(&l, "\"%lo\"") == 0) { /* a sandbox may have a bare loopback */
		assert_true(l.s->listeners.v[0].at_n >= 1);
		assert_true(addr_is_loopback(&l.s->listeners.v[0].at[0]));
	}
	lab_close(&l);
}

static void
other_words_are_refused(void **state)
{
	static const char *const bad[] = {
		"\"turn.example.org\"", "\"192.0.2.1:5\"", "\"[::1]:5\"", "\"224.0.0.1\"",
		"\"ff02::1\"",          "\"1.2.3\"",       "\"\"",        "\"::1\", \"::1\"",
		"\"::\", \"::1\"",    "\"::ffff:127.0.0.1\"", "\"::ffff:7f00:1\"",
		"\"fe80::1\""};
	struct lab l;

	(void)state;
	lab_open(&l);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (listening(&l, bad[i]) != 1)
			fail_msg("%s: %zu errors", bad[i], complaints_errors(l.c));
	lab_close(&l);
}

static void
listeners_must_not_overlap(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_int_equal(lab_load(&l,
	                          "listeners = ( { name = \"a\"; address = \"0.0.0.0\"; },\n"
	                          "{ name = \"b\"; address = \"192.0.2.1\"; } );",
	                          NULL),
	                 1);
	assert_true(lab_says(&l, "x.conf:2: error: listener 'b' overlaps listener 'a'"));
	assert_int_equal(lab_load(&l,
	                          "listeners = ( { name = \"a\"; address = \"0.0.0.0\"; },\n"
	                          "{ name = \"b\"; address = \"::\"; },\n"
	                          "{ name = \"c\"; port = 3479; address = \"0.0.0.0\"; } );",
	                          NULL),
	                 0);
	lab_close(&l);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_get_the_port),
		cmocka_unit_test(interfaces_stand_for_their_addresses),
		cmocka_unit_test(other_words_are_refused),
		cmocka_unit_test(listeners_must_not_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
