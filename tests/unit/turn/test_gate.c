/* turn/gate.c: the one way to ask about a peer (security R4); the rules are in test_peers.c. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../lib/rig.h"
#include "turn/gate.h"

static struct rig r;
static struct rig_client c;

static int
setup(void **state)
{
	(void)state;
	rig_init(&r);
	rig_client(&r, &c, 1, "alice");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return rig_fini(&r) ? 0 : -1;
}

static void
verdicts(void **state)
{
	const struct {
		const char *peer;
		unsigned code;
		enum peers_verdict verdict;
		enum turn_reason reason;
		const char *rule;
	} list[] = {
		{"8.8.8.8:5000", 0, PEERS_OK, TURN_REASON_NONE, NULL},
		{"8.8.8.8", 0, PEERS_OK, TURN_REASON_NONE, NULL},
		{"[2a00::1]:5000", 443, PEERS_DENIED, TURN_REASON_NONE, NULL},
		{"[::ffff:8.8.8.8]:5000", 443, PEERS_DENIED, TURN_REASON_NONE, NULL},
		{"10.1.2.3:5000", 403, PEERS_DENIED, TURN_REASON_PEER_ADDRESS, "recommended:10.0.0.0/8"},
		{"224.0.0.1:5000", 403, PEERS_UNUSABLE, TURN_REASON_PEER_ADDRESS, "never:224.0.0.0/4"},
		{"8.8.8.8:53", 403, PEERS_DENIED_PORT, TURN_REASON_PEER_PORT, "deny_ports"},
	};
	struct alloc *a;

	(void)state;
	assert_true(peers_add_recommended(r.peers));
	assert_true(peers_deny_ports(r.peers, 53, 53));
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET), 0);
	a = alloc_find(r.turn, &c.flow);
	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
		union addr peer = rig_addr(list[i].peer);
		enum peers_verdict verdict = PEERS_OK;

		r.io.events_n = 0;
		assert_int_equal(gate_judge(a, &peer, &verdict), list[i].code);
		assert_int_equal(verdict, list[i].verdict);
		assert_int_equal(r.io.events_n, list[i].rule != NULL);
		if (list[i].rule == NULL)
			continue;
		assert_int_equal(r.io.events[0].kind, TURN_EVENT_PEER_DENIED);
		assert_int_equal(r.io.events[0].reason, list[i].reason);
		assert_string_equal(r.io.events[0].rule, list[i].rule);
		assert_string_equal(r.io.events[0].user, "alice");
	}
}

/* On an IPv6 relay it is the IPv4 peer that has the wrong family. */
static void
six(void **state)
{
	union addr v4 = rig_addr("8.8.8.8:5"), v6 = rig_addr("[2a00::1]:5");
	union addr mapped = rig_addr("[::ffff:8.8.8.8]:5"); /* T-272 */
	enum peers_verdict verdict;
	struct alloc *a;

	(void)state;
	rig_start(&r);
	assert_int_equal(rig_allocate(&r, &c, AF_INET6), 0);
	a = alloc_find(r.turn, &c.flow);
	assert_int_equal(gate_judge(a, &v4, &verdict), 443);
	assert_int_equal(gate_judge(a, &v6, &verdict), 0);
	assert_int_equal(gate_judge(a, &mapped, &verdict), 403);
	assert_int_equal(verdict, PEERS_UNUSABLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(verdicts, setup, teardown),
		cmocka_unit_test_setup_teardown(six, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
