/* tools/natload_crowd: many clients in one loop, against a server in a child process. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tools/natload_crowd.h"

#include "load_fixture.h"

enum { MEMBERS = 40, FULL = 31 };

static struct crowd crowd;

static int
ask_allocation(struct crowd *c, struct member *m)
{
	assert_int_equal(natload_crowd_open(c, m, (m - c->v) % 2 == 0), 0);
	natload_crowd_allocate(m);
	return 0;
}

static int
ask_release(struct crowd *c, struct member *m)
{
	(void)c;
	if (addr_family(&m->t.relayed) != 0)
		natload_crowd_delete(m);
	return 0;
}

static int
ask_nothing(struct crowd *c, struct member *m)
{
	(void)c;
	(void)m;
	return 0;
}

static void
all_of_them(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = MEMBERS}, 0, 0);
	assert_int_equal(natload_crowd_init(&crowd, &load_job, &load_report, MEMBERS), 0);
	assert_int_equal(natload_crowd_all(&crowd, ask_allocation), 0);
	for (unsigned i = 0; i < MEMBERS; i++) {
		assert_int_equal(addr_family(&crowd.v[i].t.relayed), AF_INET);
		assert_int_equal(crowd.v[i].pending, 0);
	}
	assert_int_equal(natload_crowd_all(&crowd, ask_nothing), 0);
	assert_int_equal(natload_crowd_all(&crowd, ask_release), 0);
	assert_int_equal(addr_family(&crowd.v[0].t.relayed), 0);
	natload_crowd_fini(&crowd);
	load_end();
}

static void
some_of_them_fail(void **state)
{
	(void)state;
	load_begin((struct natload_options){.number = MEMBERS}, 0, FULL);
	assert_int_equal(natload_crowd_init(&crowd, &load_job, &load_report, MEMBERS), 0);
	assert_int_equal(natload_crowd_all(&crowd, ask_allocation), MEMBERS - FULL + 1);
	assert_int_equal(load_report.code[486], MEMBERS - FULL + 1);
	natload_crowd_fini(&crowd);
	load_end();
}

/* No source address comes twice in a row of openings, so no server mistakes a new client for an old. */
static void
sources_differ(void **state)
{
	union addr before = {0}, now;

	(void)state;
	load_begin((struct natload_options){.number = 1}, 0, 0);
	assert_int_equal(natload_crowd_init(&crowd, &load_job, &load_report, 1), 0);
	for (unsigned i = 0; i < 50; i++) {
		assert_int_equal(natload_crowd_open(&crowd, &crowd.v[0], false), 0);
		assert_int_equal(natload_wire_local(crowd.v[0].fd, &now), 0);
		assert_false(addr_equal(&before, &now));
		assert_in_range(addr_port(&now), 10000, 31999);
		before = now;
	}
	natload_crowd_fini(&crowd);
	load_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_them),
		cmocka_unit_test(some_of_them_fail),
		cmocka_unit_test(sources_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
