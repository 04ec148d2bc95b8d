#include "client/txn.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static const uint8_t tid[STUN_TID] = "abcdefghijkl";

/* Drives a transaction to its end; writes the times of sending, returns when it failed. */
static msec
schedule(const struct txn_policy *policy, msec start, msec at[16], unsigned *n)
{
	struct txn x;

	*n = 0;
	txn_begin(&x, METHOD_BINDING, tid, start);
	for (;;) {
		msec now = x.due;

		assert_int_equal(txn_step(&x, policy, now - 1), TXN_WAIT);
		if (txn_step(&x, policy, now) == TXN_FAILED) {
			assert_false(txn_busy(&x));
			assert_int_equal(txn_step(&x, policy, now + 1000000), TXN_WAIT);
			return now - start;
		}
		assert_true(*n < 16);
		at[(*n)++] = now - start;
		assert_int_equal(x.sends, *n);
	}
}

static void
default_schedule_S_271(void **state)
{
	static const msec want[] = {0, 500, 1500, 3500, 7500, 15500, 31500};
	msec at[16];
	unsigned n;

	(void)state;
	assert_int_equal(schedule(&TXN_POLICY_UDP, 7000, at, &n), 39500);
	assert_int_equal(n, 7);
	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(at[i], want[i]);
}

static void
other_schedules_S_271(void **state)
{
	struct txn_policy quick = {.rto = 100, .rc = 3, .rm = 4}, once = {.rto = 250, .rc = 1, .rm = 2};
	msec at[16];
	unsigned n;

	(void)state;
	assert_int_equal(schedule(&quick, 1, at, &n), 700);
	assert_int_equal(n, 3);
	assert_int_equal(at[2], 300);
	assert_int_equal(schedule(&once, 1, at, &n), 500);
	assert_int_equal(n, 1);
	assert_int_equal(schedule(&TXN_POLICY_STREAM, 1, at, &n), 39500);
	assert_int_equal(n, 1);
}

static struct parse
message(uint8_t raw[STUN_HEADER], uint16_t type, const uint8_t *id)
{
	struct parse m;

	memset(raw, 0, STUN_HEADER);
	bytes_put16(raw, type);
	bytes_put32(raw + 4, STUN_COOKIE);
	memcpy(raw + 8, id, STUN_TID);
	assert_int_equal(parse_message(&m, bytes_view(raw, STUN_HEADER)), PARSE_OK);
	return m;
}

static void
answers_are_matched_S_274(void **state)
{
	union addr server, other_port, other_ip;
	uint8_t raw[STUN_HEADER];
	struct txn x;

	(void)state;
	assert_null(addr_parse("192.0.2.1:3478", 0, &server));
	assert_null(addr_parse("192.0.2.1:3479", 0, &other_port));
	assert_null(addr_parse("192.0.2.2:3478", 0, &other_ip));
	txn_begin(&x, METHOD_ALLOCATE, tid, 0);

	struct parse good = message(raw, name_type(METHOD_ALLOCATE, STUN_SUCCESS), tid);
	assert_false(txn_answered(&x, &good, &server, &server)); /* not sent yet */
	assert_int_equal(txn_step(&x, &TXN_POLICY_UDP, 0), TXN_SEND);
	assert_true(txn_answered(&x, &good, &server, &server));
	assert_false(txn_answered(&x, &good, &server, &other_port));
	assert_false(txn_answered(&x, &good, &server, &other_ip));

	struct parse m = message(raw, name_type(METHOD_ALLOCATE, STUN_ERROR), tid);
	assert_true(txn_answered(&x, &m, &server, &server));
	m = message(raw, name_type(METHOD_ALLOCATE, STUN_SUCCESS), (const uint8_t *)"abcdefghijkL");
	assert_false(txn_answered(&x, &m, &server, &server));
	m = message(raw, name_type(METHOD_REFRESH, STUN_SUCCESS), tid);
	assert_false(txn_answered(&x, &m, &server, &server));
	m = message(raw, name_type(METHOD_ALLOCATE, STUN_REQUEST), tid);
	assert_false(txn_answered(&x, &m, &server, &server));

	txn_end(&x);
	m = message(raw, name_type(METHOD_ALLOCATE, STUN_SUCCESS), tid);
	assert_false(txn_answered(&x, &m, &server, &server));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_schedule_S_271),
		cmocka_unit_test(other_schedules_S_271),
		cmocka_unit_test(answers_are_matched_S_274),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
