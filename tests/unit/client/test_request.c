#include "client/request.h"

#include <stdlib.h>

#include "script.h"

static void
binding_is_bare(void **state)
{
	struct script *s = *state;

	turnc_binding(&s->t);
	script_expect(s, METHOD_BINDING);
	assert_int_equal(s->out_n, STUN_HEADER);
}

static void
fingerprint_on_demand(void **state)
{
	struct script *s = *state;

	s->want.fingerprint = true;
	turnc_binding(&s->t);
	script_expect(s, METHOD_BINDING);
	assert_true(s->request.fingerprint);
}

/* RFC 8656, 7.1: what a first Allocate says */
static void
allocate(void **state)
{
	struct script *s = *state;
	uint32_t u32;
	uint8_t u8;

	s->want.lifetime = 777;
	s->want.family = AF_INET6;
	turnc_allocate(&s->t);
	script_expect(s, METHOD_ALLOCATE);
	assert_true(parse_u8(&s->request, ATTR_REQUESTED_TRANSPORT, &u8));
	assert_int_equal(u8, 17);
	assert_true(parse_u8(&s->request, ATTR_REQUESTED_ADDRESS_FAMILY, &u8));
	assert_int_equal(u8, 2);
	assert_true(parse_u32(&s->request, ATTR_LIFETIME, &u32));
	assert_int_equal(u32, 777);
	assert_false(parse_has(&s->request, ATTR_USERNAME));
	assert_false(parse_has(&s->request, ATTR_MESSAGE_INTEGRITY));
	assert_false(parse_has(&s->request, ATTR_MESSAGE_INTEGRITY_SHA256));
}

static void
optional_things_stay_away(void **state)
{
	struct script *s = *state;

	turnc_allocate(&s->t);
	script_expect(s, METHOD_ALLOCATE);
	assert_false(parse_has(&s->request, ATTR_LIFETIME));
	assert_false(parse_has(&s->request, ATTR_REQUESTED_ADDRESS_FAMILY));
}

static void
peers_and_channels(void **state)
{
	struct script *s = *state;
	union addr peer = script_addr("203.0.113.9:7000"), seen;
	uint16_t channel;
	uint32_t lifetime;

	script_allocate(s);
	assert_int_equal(turnc_permit(&s->t, &peer), 0);
	script_expect(s, METHOD_CREATE_PERMISSION);
	assert_true(parse_addr(&s->request, ATTR_XOR_PEER_ADDRESS, &seen));
	assert_true(addr_equal(&seen, &peer));
	script_success(s);
	assert_int_equal(turnc_channel(&s->t, &peer), 0);
	script_expect(s, METHOD_CHANNEL_BIND);
	assert_true(parse_addr(&s->request, ATTR_XOR_PEER_ADDRESS, &seen));
	assert_true(addr_equal(&seen, &peer));
	assert_true(parse_u16(&s->request, ATTR_CHANNEL_NUMBER, &channel));
	assert_int_equal(channel, 0x4000);
	script_success(s);
	turnc_refresh(&s->t);
	script_expect(s, METHOD_REFRESH);
	assert_false(parse_has(&s->request, ATTR_LIFETIME));
	script_begin(s, STUN_SUCCESS);
	build_u32(&s->answer, ATTR_LIFETIME, 600);
	script_signed(s);
	turnc_delete(&s->t);
	script_expect(s, METHOD_REFRESH);
	assert_true(parse_u32(&s->request, ATTR_LIFETIME, &lifetime));
	assert_int_equal(lifetime, 0);
}

/* S-271: every repetition has the same bits, signed or not */
static void
repetitions_are_identical_S_271(void **state)
{
	struct script *s = *state;
	uint8_t first[TURNC_MESSAGE];

	turnc_allocate(&s->t);
	for (int keyed = 0; keyed < 2; keyed++) {
		script_expect(s, METHOD_ALLOCATE);
		size_t n = s->out_n;
		memcpy(first, s->out, n);
		for (unsigned i = 1; i < 7; i++) {
			s->now.mono = turnc_deadline(&s->t);
			script_expect(s, METHOD_ALLOCATE);
			assert_int_equal(s->out_n, n);
			assert_memory_equal(s->out, first, n);
		}
		script_challenge(s, 401, SCRIPT_COOKIE_NONCE, (const uint16_t[]){KEY_SHA256}, 1);
	}
}

/* The largest request has room in TURNC_MESSAGE; a smaller room is no accident. */
static void
room(void **state)
{
	struct script *s = *state;
	uint8_t small[24];

	turnc_allocate(&s->t);
	assert_int_equal(turnc_output(&s->t, s->now, small, sizeof small, &s->ev), 0);
	script_done(s, TURNC_OP_ALLOCATE, TURNC_INTERNAL);
	assert_int_equal(turnc_deadline(&s->t), MSEC_NEVER);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, script_open, script_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(binding_is_bare),
		TEST(fingerprint_on_demand),
		TEST(allocate),
		TEST(optional_things_stay_away),
		TEST(peers_and_channels),
		TEST(repetitions_are_identical_S_271),
		TEST(room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
