#include "server/relays.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "stats/cell.h"
#include "net/sock.h"
#include "server/pool.h"

struct world {
	struct loop *loop;
	struct relays *relays;
	struct pool *pool;
	unsigned ready;
};

static void
on_ready(struct relay_socket *r, void *ctx)
{
	struct world *w = ctx;
	char buf[16];

	assert_true(read(r->fd, buf, sizeof buf) >= 0);
	w->ready++;
	loop_stop(w->loop);
}

static union addr
addr(const char *text, uint16_t port)
{
	union addr a;

	assert_null(addr_parse(text, port, &a));
	return a;
}

static void
open_world(struct world *w, uint16_t lo, uint16_t hi)
{
	struct pool_policy pool = {.ip = {addr("127.0.0.1", 0)}, .lo = lo, .hi = hi};
	struct relays_policy policy = {.shard = 3};
	struct relays_world world = {.ready = on_ready, .ctx = w};

	memset(w, 0, sizeof *w);
	w->loop = world.loop = loop_new(NULL, NULL);
	w->pool = policy.pool = pool_new(&pool);
	w->relays = relays_new(&policy, &world);
	assert_non_null(w->relays);
}

static void
close_world(struct world *w)
{
	relays_free(w->relays);
	loop_free(w->loop);
	pool_free(w->pool);
}

static const struct turn_relay_want four = {.family = AF_INET};

static void
test_open_and_close(void **state)
{
	struct world w;
	struct relay *r;
	struct relay_socket *s;

	(void)state;
	open_world(&w, 51000, 51063);
	assert_int_equal(relays_open(w.relays, &four, 0, &r), 0);
	s = relays_find(w.relays, &r->relayed);
	assert_ptr_equal(&s->relay, r);
	assert_int_equal(pool_owner(w.pool, &r->relayed), 3);
	assert_int_equal(cell_read(relays_in_use(w.relays, 0)), 1);

	/* What comes to it is seen. */
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(sendto(fd, "x", 1, 0, &r->relayed.sa, addr_size(&r->relayed)), 1);
	loop_run(w.loop);
	assert_int_equal(w.ready, 1);
	close(fd);

	/* Closed at once for the machine; the descriptor goes with the sweep. */
	union addr at = r->relayed;
	relays_close(w.relays, r, 0);
	assert_null(relays_find(w.relays, &at));
	assert_int_equal(pool_owner(w.pool, &at), -1);
	assert_int_equal(cell_read(relays_in_use(w.relays, 0)), 0);
	assert_int_not_equal(sock_probe_udp(&at), 0);
	relays_sweep(w.relays);
	assert_int_equal(sock_probe_udp(&at), 0);
	close_world(&w);
}

static void
test_whose(void **state)
{
	struct world w;
	union addr in = addr("127.0.0.1", 51000), other = addr("127.0.0.2", 51000),
	           out = addr("127.0.0.1", 52000), six = addr("::1", 51000);

	(void)state;
	open_world(&w, 51000, 51063);
	assert_int_equal(pool_owner(w.pool, &in), -1); /* ours, but nobody has it now */
	assert_null(relays_find(w.relays, &in));
	assert_int_equal(pool_owner(w.pool, &other), -1);
	assert_int_equal(pool_owner(w.pool, &out), -1);
	assert_null(relays_find(w.relays, &out));
	assert_int_equal(pool_owner(w.pool, &six), -1);
	close_world(&w);
}

/* T-082, T-072, T-099. */
static void
test_refusals(void **state)
{
	struct world w;
	struct relay *r[4], *none;
	struct turn_relay_want six = {.family = AF_INET6}, even = {.family = AF_INET, .even = true};

	(void)state;
	open_world(&w, 51100, 51103);
	assert_int_equal(relays_open(w.relays, &six, 0, &none), 440);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(relays_open(w.relays, &even, 0, &r[i]), 0);
		assert_int_equal(addr_port(&r[i]->relayed) & 1, 0);
	}
	assert_int_equal(relays_open(w.relays, &even, 0, &none), 508);
	for (int i = 2; i < 4; i++)
		assert_int_equal(relays_open(w.relays, &four, 0, &r[i]), 0);
	assert_int_equal(relays_open(w.relays, &four, 0, &none), 508);
	for (int i = 0; i < 4; i++)
		relays_close(w.relays, r[i], 0);
	relays_sweep(w.relays);
	assert_int_equal(relays_open(w.relays, &four, 0, &r[0]), 0);
	relays_close(w.relays, r[0], 0);
	close_world(&w);
}

/* A port that somebody else on this host holds is passed over (EADDRINUSE). */
static void
test_port_taken_by_others(void **state)
{
	struct world w;
	struct relay *r, *none;
	union addr taken = addr("127.0.0.1", 51200);
	int fd = sock_relay_udp(AF_INET, 0);

	(void)state;
	assert_int_equal(sock_bind(fd, &taken), 0);
	open_world(&w, 51200, 51201);
	assert_int_equal(relays_open(w.relays, &four, 0, &r), 0);
	assert_int_equal(addr_port(&r->relayed), 51201);
	assert_int_equal(relays_open(w.relays, &four, 0, &none), 508);
	relays_close(w.relays, r, 0);
	close_world(&w);
	close(fd);
}

/* No descriptors left: 508, and nothing is lost (EMFILE). */
static void
test_no_descriptors(void **state)
{
	struct world w;
	struct relay *r;
	struct rlimit before, none;

	(void)state;
	open_world(&w, 51300, 51303);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 3;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (int i = 0; i < 100; i++)
		assert_int_equal(relays_open(w.relays, &four, 0, &r), 508);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(cell_read(relays_in_use(w.relays, 0)), 0);
	assert_int_equal(relays_open(w.relays, &four, 0, &r), 0);
	relays_close(w.relays, r, 0);
	close_world(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_open_and_close), cmocka_unit_test(test_whose),
		cmocka_unit_test(test_refusals),       cmocka_unit_test(test_port_taken_by_others),
		cmocka_unit_test(test_no_descriptors),
	};
	return cmocka_run_group_tests_name("server/relays", tests, NULL, NULL);
}
