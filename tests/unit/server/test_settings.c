/* server/settings: reading, overlaying, defaults, origins. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "conf/source.h"
#include "lab.h"

static void
an_empty_file_is_a_server(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_int_equal(lab_load(&l, "", NULL), 0);
	assert_int_equal(complaints_warnings(l.c), 0);
	assert_int_equal(l.s->config_version, 1);
	assert_true(l.s->server.name[0] != '\0');
	assert_string_equal(l.s->server.realm, l.s->server.name);
	assert_int_equal(l.s->server.stop_timeout, 5000);
	assert_int_equal(l.s->listeners.n, 1);
	assert_string_equal(l.s->listeners.v[0].name, "std");
	assert_int_equal(l.s->listeners.v[0].at_n, 2);
	assert_int_equal(addr_port(&l.s->listeners.v[0].at[0]), 3478);
	assert_true(l.s->relay.enabled);
	assert_int_equal(l.s->relay.ports.lo, 49152);
	assert_int_equal(l.s->relay.ports.hi, 65535);
	assert_int_equal(l.s->limits.allocations_per_user, 24);
	assert_int_equal(l.s->limits.lifetime_max, 3600000);
	assert_null(settings_origin(l.s, "server.user").source);
	lab_close(&l);
}

static void
overlays_remember_where_from(void **state)
{
	struct lab l;
	char path[128];

	(void)state;
	lab_open(&l);
	assert_int_equal(mkdir(lab_path(&l, "x.conf.d", path), 0700), 0);
	lab_write(&l, "x.conf.d/b.conf",
	          "limits = { allocations = 3; channels_per_allocation = 3; };");
	lab_write(&l, "x.conf.d/a.conf",
	          "\nlimits = { allocations = 2; permissions_per_allocation = 2; };");
	assert_int_equal(lab_load(&l, "limits = { allocations = 1; lifetime_max = \"2h\"; };",
	                          "limits.channels_per_allocation=4"),
	                 0);
	assert_int_equal(l.s->limits.allocations, 3);
	assert_int_equal(l.s->limits.permissions_per_allocation, 2);
	assert_int_equal(l.s->limits.channels_per_allocation, 4);
	assert_int_equal(l.s->limits.lifetime_max, 7200000);
	struct origin at = settings_origin(l.s, "limits.permissions_per_allocation");
	assert_non_null(strstr(at.source->name, "x.conf.d/a.conf"));
	assert_int_equal(at.line, 2);
	at = settings_origin(l.s, "limits.channels_per_allocation");
	assert_string_equal(at.source->name, "command line");
	lab_close(&l);
}

static void
unreadable_texts_give_nothing(void **state)
{
	struct complaints *c = complaints_new();
	struct settings_ask ask = {.file = "/nonexistent/natsrv.conf"};
	struct lab l;

	(void)state;
	assert_null(settings_load(&ask, c));
	assert_int_equal(complaints_errors(c), 1);
	complaints_free(c);
	lab_open(&l);
	assert_int_equal(lab_load(&l, "server = ", NULL), 1);
	assert_null(l.s);
	lab_close(&l);
	settings_free(NULL);
}

static void
a_missing_file_may_be_an_empty_one(void **state)
{
	struct complaints *c = complaints_new();
	struct settings_ask ask = {.file = "/nonexistent/natsrv.conf", .file_optional = true};
	struct settings *s = settings_load(&ask, c);

	(void)state;
	assert_non_null(s);
	assert_int_equal(complaints_errors(c), 0);
	settings_free(s);
	complaints_free(c);
}

static void
private_addresses_are_known(void **state)
{
	static const char *const hidden[] = {"10.1.2.3",   "172.31.0.1", "192.168.1.1",
	                                     "100.64.0.1", "127.0.0.1",  "169.254.1.1",
	                                     "fd00::1",    "fe80::1",    "::1"};
	static const char *const open[] = {"203.0.113.7", "172.32.0.1", "2001:db8::1"};
	union addr a;

	(void)state;
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
		assert_null(addr_parse(hidden[i], 0, &a));
		assert_true(settings_private_address(&a));
	}
	for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
		assert_null(addr_parse(open[i], 0, &a));
		assert_false(settings_private_address(&a));
	}
}

static void
descriptors_grow_with_allocations(void **state)
{
	struct lab l;
	uint64_t few, many;

	(void)state;
	lab_open(&l);
	lab_load(&l, "", NULL);
	few = settings_descriptors(l.s, 2);
	lab_load(&l, "limits = { allocations = 1000; };", NULL);
	many = settings_descriptors(l.s, 2);
	assert_int_equal(many - few, 2000);
	lab_close(&l);
}

static void
the_log_gets_its_policy(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	lab_load(&l,
	         "log = { level = \"debug\"; target = \"file\"; file = \"/x\"; repeat_limit = "
	         "\"3/s\"; };",
	         NULL);
	struct log_policy p = settings_log_policy(l.s);
	assert_int_equal(p.level, LOG_DEBUG);
	assert_int_equal(p.target, LOG_TARGET_FILE);
	assert_string_equal(p.file, "/x");
	assert_int_equal(p.repeat_limit, 3);
	lab_close(&l);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_is_a_server),
		cmocka_unit_test(overlays_remember_where_from),
		cmocka_unit_test(unreadable_texts_give_nothing),
		cmocka_unit_test(a_missing_file_may_be_an_empty_one),
		cmocka_unit_test(private_addresses_are_known),
		cmocka_unit_test(descriptors_grow_with_allocations),
		cmocka_unit_test(the_log_gets_its_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
