#include "server/courier.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "net/counters.h"

struct desk {
	struct courier courier;
	uint64_t counters[NET_COUNTERS];
	unsigned letters, shard;
	bool full;
	struct courier_letter *last;
};

static bool
post(void *ctx, unsigned shard, struct letter *letter)
{
	struct desk *d = ctx;

	if (d->full)
		return false;
	free(d->last);
	d->last = (struct courier_letter *)letter;
	d->letters++;
	d->shard = shard;
	return true;
}

static void
open_desk(struct desk *d)
{
	memset(d, 0, sizeof *d);
	d->courier.world =
		(struct courier_world){.kind = 7, .counters = d->counters, .post = post, .ctx = d};
}

static struct relay relay;

static void
take(struct desk *d, const char *to, const char *text)
{
	struct turn_out out = {.verdict = TURN_TO_PEER, .relay = &relay, .data = bytes_text(text)};

	assert_null(addr_parse("192.0.2.1", 50000, &relay.relayed));
	assert_null(addr_parse(to, 0, &out.peer));
	courier_take(&d->courier, 3, &out);
}

static void
test_run(void **state)
{
	struct desk d;

	(void)state;
	open_desk(&d);
	take(&d, "192.0.2.1:50002", "aaaa");
	take(&d, "192.0.2.1:50002", "bbbb");
	take(&d, "192.0.2.1:50002", "cc"); /* shorter: the last of its run */
	assert_int_equal(d.letters, 0);
	take(&d, "192.0.2.1:50002", "dd");
	assert_int_equal(d.letters, 1);
	assert_int_equal(d.shard, 3);
	assert_int_equal(d.last->letter.kind, 7);
	assert_int_equal(d.last->n, 10);
	assert_int_equal(d.last->segment, 4);
	assert_memory_equal(d.last->data, "aaaabbbbcc", 10);
	assert_int_equal(addr_port(&d.last->to), 50002);
	assert_int_equal(addr_port(&d.last->from), 50000);
	take(&d, "192.0.2.1:50004", "dd"); /* to another relay */
	assert_int_equal(d.letters, 2);
	courier_flush(&d.courier);
	courier_flush(&d.courier);
	assert_int_equal(d.letters, 3);
	assert_int_equal(d.counters[NET_HANDED_OVER], 5);
	free(d.last);
}

/* T-190: an empty packet is a packet. */
static void
test_empty(void **state)
{
	struct desk d;

	(void)state;
	open_desk(&d);
	take(&d, "192.0.2.1:50002", "");
	take(&d, "192.0.2.1:50002", "");
	courier_flush(&d.courier);
	assert_int_equal(d.letters, 2);
	assert_int_equal(d.last->n, 0);
	assert_int_equal(courier_packets(d.last), 1);
	free(d.last);
}

static void
test_full_box(void **state)
{
	struct desk d;

	(void)state;
	open_desk(&d);
	d.full = true;
	take(&d, "192.0.2.1:50002", "x");
	take(&d, "192.0.2.1:50002", "y");
	courier_flush(&d.courier);
	assert_int_equal(d.counters[NET_LETTER_DROPPED], 2);
	assert_int_equal(d.counters[NET_HANDED_OVER], 0);
}

/* The largest packet, and more of a run than one letter holds. */
static void
test_large(void **state)
{
	struct desk d;
	static char big[65001];

	(void)state;
	open_desk(&d);
	memset(big, 'x', 65000);
	take(&d, "192.0.2.1:50002", big);
	courier_flush(&d.courier);
	assert_int_equal(d.last->n, 65000);
	big[1000] = '\0';
	for (int i = 0; i < 40; i++)
		take(&d, "192.0.2.1:50002", big);
	courier_flush(&d.courier);
	assert_int_equal(d.letters, 4);
	assert_int_equal(d.counters[NET_HANDED_OVER], 41);
	free(d.last);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_full_box),
		cmocka_unit_test(test_large),
	};
	return cmocka_run_group_tests_name("server/courier", tests, NULL, NULL);
}
