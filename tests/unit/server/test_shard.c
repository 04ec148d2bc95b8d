/*
 * Real shards on the loopback: the data path from socket to socket, in one thread and across two.
 */
#include "server/shards.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/sock.h"
#include "stats/cell.h"
#include "stun/build.h"
#include "stun/frame.h"
#include "stun/parse.h"
#include "turn/peers.h"

enum { LO = 52000, HI = 52099 };

struct house {
	struct turn_policy policy;
	struct peers *peers;
	struct settings_log log;
	struct shard_listener listener;
	struct shard_plan plan;
	struct pool *pool;
	struct shards *shards;
};

static union addr
addr(const char *text, uint16_t port)
{
	union addr a;

	assert_null(addr_parse(text, port, &a));
	return a;
}

static uint16_t
free_port(void)
{
	union addr at = addr("127.0.0.1", 0);
	int fd = sock_relay_udp(AF_INET, 0);
	socklen_t n = sizeof at;

	assert_int_equal(sock_bind(fd, &at), 0);
	assert_int_equal(getsockname(fd, &at.sa, &n), 0);
	close(fd);
	return addr_port(&at);
}

static void
open_house(struct house *h, const char *listen, unsigned shards)
{
	static const struct siphash_key key = {3, 4};
	struct quota_limits limits = {0, 0};
	const struct shard_listener *failed;
	union addr relay = addr("127.0.0.1", 0);

	struct pool_policy pool = {{relay}, LO, HI};

	memset(h, 0, sizeof *h);
	h->pool = pool_new(&pool);
	h->peers = peers_new();
	assert_true(peers_add_self(h->peers, &relay, LO, HI));
	h->policy = (struct turn_policy){.realm = bytes_text("test"),
	                                 .relay = true,
	                                 .ipv4 = true,
	                                 .anonymous = true,
	                                 .peers = h->peers,
	                                 .lifetime_default = 600,
	                                 .lifetime_max = 600,
	                                 .nonce_lifetime = 600};
	h->listener = (struct shard_listener){addr(listen, free_port()), "test"};
	h->plan = (struct shard_plan){.policy = &h->policy,
	                              .pool = h->pool,
	                              .listeners = &h->listener,
	                              .listeners_n = 1,
	                              .quota = quota_new(&limits, &key),
	                              .events = events_new(&h->log, &key)};
	h->log.usernames = SETTINGS_HIDE;
	assert_int_equal(shards_new(&h->plan, shards, &h->shards, &failed), 0);
	assert_int_equal(shards_start(h->shards), 0);
}

static void
close_house(struct house *h)
{
	assert_true(shards_stop(h->shards, 5000));
	shards_free(h->shards);
	assert_int_equal(quota_used(h->plan.quota), 0);
	quota_free(h->plan.quota);
	events_free((struct events *)h->plan.events);
	peers_free(h->peers);
	pool_free(h->pool);
}

struct client {
	int fd;
	union addr server, relayed;
	uint8_t in[2048];
	size_t n;
	struct parse m;
};

static void
open_client(struct client *c, const struct house *h, const char *server)
{
	struct timeval patience = {5, 0};

	memset(c, 0, sizeof *c);
	c->server = addr(server, addr_port(&h->listener.at));
	c->fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(connect(c->fd, &c->server.sa, addr_size(&c->server)), 0);
	setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

static void
receive(struct client *c)
{
	ssize_t n = recv(c->fd, c->in, sizeof c->in, 0);

	assert_true(n >= 0);
	c->n = (size_t)n;
}

/* One request of at most two attributes besides what every Allocate needs; expects success. */
static void
ask(struct client *c, unsigned method, uint16_t channel, const union addr *peer)
{
	static const uint8_t tid[STUN_TID] = "transaction";
	uint8_t buf[200];
	struct build b;

	build_begin(&b, buf, sizeof buf, name_type(method, STUN_REQUEST), tid);
	if (method == METHOD_ALLOCATE)
		build_u8(&b, ATTR_REQUESTED_TRANSPORT, 17);
	if (channel != 0)
		build_u16(&b, ATTR_CHANNEL_NUMBER, channel);
	if (peer != NULL)
		build_addr(&b, ATTR_XOR_PEER_ADDRESS, peer);
	size_t n = build_end(&b);
	assert_int_equal(send(c->fd, buf, n, 0), (ssize_t)n);
	receive(c);
	assert_int_equal(parse_message(&c->m, bytes_view(c->in, c->n)), PARSE_OK);
	assert_int_equal(c->m.type, name_type(method, STUN_SUCCESS));
}

static void
allocate(struct client *c)
{
	ask(c, METHOD_ALLOCATE, 0, NULL);
	assert_true(parse_addr(&c->m, ATTR_XOR_RELAYED_ADDRESS, &c->relayed));
}

/* S-001, S-002: on any-address the answer comes from where the question went to. */
static void
test_binding(void **state)
{
	struct house h;
	struct client c;
	union addr mapped, own;
	socklen_t n = sizeof own;

	(void)state;
	open_house(&h, "0.0.0.0", 1);
	open_client(&c, &h, "127.0.0.55"); /* connected: another source would not be received */
	ask(&c, METHOD_BINDING, 0, NULL);
	assert_int_equal(c.n, 32);
	assert_true(parse_addr(&c.m, ATTR_XOR_MAPPED_ADDRESS, &mapped));
	assert_int_equal(getsockname(c.fd, &own.sa, &n), 0);
	assert_true(addr_equal(&mapped, &own));
	close(c.fd);
	close_house(&h);
}

static uint64_t
net_sum(const struct house *h, unsigned shards, enum net_counter c)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < shards; i++)
		sum += cell_read(&shard_net_counters(h->plan.shards[i])[c]);
	return sum;
}

/* A burst of channel data from a to b's relay, as one run; it reaches b as Data indications. */
static void
burst(struct client *a, struct client *b, unsigned packets)
{
	uint8_t run[64 * 104];
	int size = 104;
	union addr from;

	for (unsigned i = 0; i < packets; i++) {
		frame_channel_put(run + i * 104, 0x4000, 100);
		memset(run + i * 104 + 4, (int)i, 100);
	}
	assert_int_equal(setsockopt(a->fd, IPPROTO_UDP, 103 /* UDP_SEGMENT */, &size, sizeof size), 0);
	assert_int_equal(send(a->fd, run, packets * 104, 0), packets * 104);
	for (unsigned i = 0; i < packets; i++) {
		struct bytes data;

		receive(b);
		assert_int_equal(parse_message(&b->m, bytes_view(b->in, b->n)), PARSE_OK);
		assert_int_equal(b->m.type, name_type(METHOD_DATA, STUN_INDICATION));
		assert_true(parse_addr(&b->m, ATTR_XOR_PEER_ADDRESS, &from));
		assert_true(addr_equal(&from, &a->relayed));
		data = parse_value(&b->m, ATTR_DATA);
		assert_int_equal(data.n, 100);
		assert_int_equal(data.p[0], i);
		assert_int_equal(data.p[99], i);
	}
	size = 0;
	assert_int_equal(setsockopt(a->fd, IPPROTO_UDP, 103, &size, sizeof size), 0);
}

/* T-213: relay to relay on one server, in memory. */
static void
test_call(void **state)
{
	struct house h;
	struct client a, b;

	(void)state;
	open_house(&h, "127.0.0.1", 1);
	open_client(&a, &h, "127.0.0.1");
	open_client(&b, &h, "127.0.0.1");
	allocate(&a);
	allocate(&b);
	ask(&a, METHOD_CHANNEL_BIND, 0x4000, &b.relayed);
	ask(&b, METHOD_CREATE_PERMISSION, 0, &a.relayed);
	burst(&a, &b, 40);
	assert_int_equal(net_sum(&h, 1, NET_HANDED_OVER), 40);
	close(a.fd);
	close(b.fd);
	close_house(&h);
}

/* The same across two workers: clients are tried until they have landed on different ones. */
static void
test_call_across_shards(void **state)
{
	struct house h;
	struct client a, b[16];
	int k = 0;

	(void)state;
	open_house(&h, "127.0.0.1", 2);
	open_client(&a, &h, "127.0.0.1");
	allocate(&a);
	for (k = 0; k < 16; k++) {
		open_client(&b[k], &h, "127.0.0.1");
		allocate(&b[k]);
		if (pool_owner(h.pool, &b[k].relayed) != pool_owner(h.pool, &a.relayed))
			break;
	}
	assert_int_not_equal(k, 16); /* chance 1 in 65536 */
	ask(&a, METHOD_CHANNEL_BIND, 0x4000, &b[k].relayed);
	ask(&b[k], METHOD_CREATE_PERMISSION, 0, &a.relayed);
	burst(&a, &b[k], 40);
	for (int i = 0; i < 100 && net_sum(&h, 2, NET_HANDED_OVER) < 40; i++)
		usleep(10000); /* counted once it is posted */
	assert_int_equal(net_sum(&h, 2, NET_HANDED_OVER), 40);
	assert_int_equal(net_sum(&h, 2, NET_LETTER_DROPPED), 0);
	close(a.fd);
	for (; k >= 0; k--)
		close(b[k].fd);
	close_house(&h);
}

/* Through a relay to a peer of this host and back, as packets and as runs. */
static void
test_peer(void **state)
{
	struct house h;
	struct client a;
	union addr at = addr("127.0.0.1", 0), from;
	int peer = sock_relay_udp(AF_INET, 0);
	socklen_t n = sizeof at;
	uint8_t data[8] = {0x40, 0x01, 0, 4, 'p', 'i', 'n', 'g'}, got[200];

	(void)state;
	assert_int_equal(sock_bind(peer, &at), 0);
	assert_int_equal(getsockname(peer, &at.sa, &n), 0);
	open_house(&h, "127.0.0.1", 1);
	open_client(&a, &h, "127.0.0.1");
	allocate(&a);
	ask(&a, METHOD_CHANNEL_BIND, 0x4001, &at);
	assert_int_equal(send(a.fd, data, 8, 0), 8);
	n = sizeof from;
	ssize_t k = -1;
	for (int i = 0; i < 500 && k < 0; i++) {
		k = recvfrom(peer, got, sizeof got, 0, &from.sa, &n);
		if (k < 0)
			usleep(10000);
	}
	assert_int_equal(k, 4);
	assert_memory_equal(got, "ping", 4);
	assert_true(addr_equal(&from, &a.relayed));

	char run[3 * 10];
	int size = 10;
	memset(run, 'r', sizeof run);
	setsockopt(peer, IPPROTO_UDP, 103, &size, sizeof size);
	assert_int_equal(sendto(peer, run, 25, 0, &a.relayed.sa, addr_size(&a.relayed)), 25);
	for (int i = 0; i < 3; i++) {
		size_t want = i < 2 ? 10 : 5;

		receive(&a);
		assert_int_equal(a.n, 4 + want);
		assert_int_equal(bytes_u16(a.in), 0x4001);
		assert_int_equal(bytes_u16(a.in + 2), want);
		assert_memory_equal(a.in + 4, run, want);
	}
	close(peer);
	close(a.fd);
	close_house(&h);
}

/* A12, S-211: what comes from a relayed address of this host is not a client. */
static void
test_relay_as_client(void **state)
{
	struct house h;
	struct client a;
	union addr own;
	socklen_t n = sizeof own;
	struct timeval soon = {0, 200000};

	(void)state;
	open_house(&h, "127.0.0.1", 1);
	open_client(&a, &h, "127.0.0.1");
	ask(&a, METHOD_BINDING, 0, NULL);
	assert_int_equal(getsockname(a.fd, &own.sa, &n), 0);
	pool_own(h.pool, &own, 0);
	setsockopt(a.fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
	assert_int_equal(send(a.fd, a.in, 0, 0), 0);
	assert_int_equal(recv(a.fd, a.in, sizeof a.in, 0), -1);
	assert_int_equal(net_sum(&h, 1, NET_SOURCE_DROPPED), 1);
	pool_own(h.pool, &own, -1);
	ask(&a, METHOD_BINDING, 0, NULL);
	close(a.fd);
	close_house(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binding),
		cmocka_unit_test(test_call),
		cmocka_unit_test(test_call_across_shards),
		cmocka_unit_test(test_peer),
		cmocka_unit_test(test_relay_as_client),
	};
	return cmocka_run_group_tests_name("server/shard", tests, NULL, NULL);
}
