#include "net/batch.h"

#include "socks.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "net/counters.h"

static uint64_t counters[NET_COUNTERS];

struct ends {
	struct batch *batch;
	int from, to;
	union addr dest;
};

static struct ends
open_ends(void)
{
	struct ends e = {batch_new(counters), socks_open(), socks_open(), {{0}}};

	assert_non_null(e.batch);
	memset(counters, 0, sizeof counters);
	e.dest = socks_name(e.to);
	/* Count datagrams, not runs. */
	int off = 0;
	assert_int_equal(setsockopt(e.to, IPPROTO_UDP, 104 /* UDP_GRO */, &off, sizeof off), 0);
	return e;
}

static void
close_ends(struct ends *e)
{
	batch_free(e->batch);
	close(e->from);
	close(e->to);
}

static void
put(struct ends *e, const char *head, const char *data, unsigned pad)
{
	struct batch_packet p = {.fd = e->from, .to = &e->dest, .pad = pad};

	batch_space(e->batch);
	p.head = bytes_text(head);
	p.data = bytes_text(data);
	batch_put(e->batch, &p);
}

static void
expect(const struct ends *e, const void *text, size_t n)
{
	char got[2048];

	assert_int_equal(recv(e->to, got, sizeof got, MSG_DONTWAIT), (ssize_t)n);
	assert_memory_equal(got, text, n);
}

static void
expect_nothing(const struct ends *e)
{
	char got[16];

	assert_int_equal(recv(e->to, got, sizeof got, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
}

/* Packets of all kinds arrive one by one, whole, in order (T-208). */
static void
test_runs_arrive_as_packets(void **state)
{
	struct ends e = open_ends();

	(void)state;
	put(&e, "h:", "one", 0);
	put(&e, "h:", "two", 0);
	put(&e, NULL, "three", 0); /* same size: same run */
	put(&e, "x", "y", 3);      /* shorter with padding, ends the run */
	put(&e, NULL, "longer than all", 0);
	put(&e, NULL, "", 0); /* an empty datagram is a datagram (T-175) */
	put(&e, NULL, "end", 0);
	expect_nothing(&e);
	batch_flush(e.batch);
	expect(&e, "h:one", 5);
	expect(&e, "h:two", 5);
	expect(&e, "three", 5);
	expect(&e, "xy\0\0\0", 5);
	expect(&e, "longer than all", 15);
	expect(&e, "", 0);
	expect(&e, "end", 3);
	expect_nothing(&e);
	assert_int_equal(counters[NET_SENT], 7);
	assert_int_equal(counters[NET_SEND_DROPPED], 0);
	close_ends(&e);
}

/* Between two destinations packets are joined, but each gets its own in order (T-208). */
static void
test_interleaved(void **state)
{
	struct ends e = open_ends(), f = open_ends();
	struct batch_packet p = {.fd = e.from};
	char text[64][8];

	(void)state;
	for (int i = 0; i < 64; i++) {
		/* every seventh is shorter and ends a run */
		snprintf(text[i], sizeof text[i], i % 7 == 0 ? "%03d" : "%06d", i);
		p.to = i % 3 == 0 ? &f.dest : &e.dest;
		p.data = bytes_text(text[i]);
		batch_space(e.batch);
		batch_put(e.batch, &p);
	}
	batch_flush(e.batch);
	for (int i = 0; i < 64; i++)
		expect(i % 3 == 0 ? &f : &e, text[i], strlen(text[i]));
	expect_nothing(&e);
	expect_nothing(&f);
	assert_int_equal(counters[NET_SENT], 64);
	close_ends(&e);
	close_ends(&f);
}

/* More than one call, run or queue can hold. */
static void
test_many(void **state)
{
	struct ends e = open_ends();
	char got[8], data[5000][8];
	int n = 0;

	(void)state;
	int wide = 1 << 24;
	setsockopt(e.to, SOL_SOCKET, SO_RCVBUFFORCE, &wide, sizeof wide);
	for (int i = 0; i < 5000; i++) {
		snprintf(data[i], sizeof data[i], "%07d", i);
		put(&e, NULL, data[i], 0);
		if (i % 200 == 199) {
			batch_flush(e.batch);
			while (recv(e.to, got, sizeof got, MSG_DONTWAIT) == 7)
				assert_memory_equal(got, data[n++], 7);
		}
	}
	assert_int_equal(n, 5000);
	assert_int_equal(counters[NET_SENT], 5000);
	close_ends(&e);
}

/* An answer made in scratch memory stays whole until the flush. */
static void
test_scratch(void **state)
{
	struct ends e = open_ends();

	(void)state;
	for (int i = 0; i < 40; i++) {
		struct batch_space space = batch_space(e.batch);
		struct batch_packet p = {.fd = e.from, .to = &e.dest};

		memset(space.reply, 'a' + i % 26, 1000);
		memset(space.room_end - 4, 'A' + i % 26, 4);
		p.head = bytes_view(space.room_end - 4, 4);
		p.data = bytes_view(space.reply, 1000);
		batch_put(e.batch, &p);
	}
	batch_flush(e.batch);
	for (int i = 0; i < 40; i++) {
		char want[1004];

		memset(want, 'A' + i % 26, 4);
		memset(want + 4, 'a' + i % 26, 1000);
		expect(&e, want, sizeof want);
	}
	close_ends(&e);
}

/* What the kernel refuses is dropped and counted; its neighbours leave (security 2.3: sendmmsg). */
static void
test_refused(void **state)
{
	struct ends e = open_ends();
	union addr broadcast = socks_addr("255.255.255.255", 9); /* EACCES without SO_BROADCAST */
	struct batch_packet bad = {.fd = e.from, .to = &broadcast, .data = bytes_text("bad")};

	(void)state;
	put(&e, NULL, "before", 0);
	batch_space(e.batch);
	batch_put(e.batch, &bad);
	batch_put(e.batch, &bad);
	put(&e, NULL, "after", 0);
	batch_flush(e.batch);
	expect(&e, "before", 6);
	expect(&e, "after", 5);
	assert_int_equal(counters[NET_SENT], 2);
	assert_int_equal(counters[NET_SEND_DROPPED], 2);
	close_ends(&e);
}

/* A run that the path cannot take as a whole (EMSGSIZE, EINVAL) leaves packet by packet. */
static void
test_run_refused(void **state)
{
	struct ends e = open_ends();
	static char big[66000];
	struct batch_packet p = {.fd = e.from, .to = &e.dest};

	(void)state;
	/* Checksums off is what makes the kernel refuse segmentation on any device. */
	int on = 1;
	assert_int_equal(setsockopt(e.from, SOL_SOCKET, SO_NO_CHECK, &on, sizeof on), 0);
	memset(big, 'b', sizeof big);
	for (int i = 0; i < 3; i++) {
		batch_space(e.batch);
		p.data = bytes_view(big, 1000);
		batch_put(e.batch, &p);
	}
	batch_flush(e.batch);
	for (int i = 0; i < 3; i++)
		expect(&e, big, 1000);
	assert_int_equal(counters[NET_SENT], 3);
	close_ends(&e);
}

/* S-002: the source address is the one that was asked for. */
static void
test_source(void **state)
{
	struct batch *b = batch_new(counters);
	union addr any = socks_addr("0.0.0.0", 0), source = socks_addr("127.0.0.77", 0), from;
	int fd = sock_listen_udp(&any, 0, true), to = socks_open();
	union addr dest = socks_name(to);
	struct batch_packet p = {.fd = fd, .to = &dest, .from = &source, .data = bytes_text("hi")};
	socklen_t n = sizeof from;
	char got[8];

	(void)state;
	for (int i = 0; i < 2; i++) {
		batch_space(b);
		batch_put(b, &p);
	}
	batch_flush(b);
	int off = 0;
	setsockopt(to, IPPROTO_UDP, 104, &off, sizeof off);
	assert_true(recvfrom(to, got, sizeof got, MSG_DONTWAIT, &from.sa, &n) > 0);
	assert_true(addr_same_ip(&from, &source));
	batch_free(b);
	close(fd);
	close(to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs_arrive_as_packets), cmocka_unit_test(test_many),
		cmocka_unit_test(test_scratch),                cmocka_unit_test(test_refused),
		cmocka_unit_test(test_run_refused),            cmocka_unit_test(test_source),
		cmocka_unit_test(test_interleaved),
	};
	return cmocka_run_group_tests_name("net/batch", tests, NULL, NULL);
}
