#include "server/shards.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "common/clock.h"
#include "common/log.h"
#include "stats/cell.h"
#include "stats/line.h"

struct shards {
	unsigned n, running;
	const struct pool *pool;
	struct shard **shard;
	pthread_t *thread;
};

int
shards_new(struct shard_plan *plan, unsigned n, struct shards **into,
           const struct shard_listener **failed)
{
	struct shards *s = calloc(1, sizeof *s);
	int error = -ENOMEM;

	*failed = NULL;
	if (s == NULL)
		return -ENOMEM;
	s->shard = calloc(n, sizeof(struct shard *));
	s->thread = calloc(n, sizeof *s->thread);
	if (s->shard == NULL || s->thread == NULL)
		goto fail;
	plan->shards = s->shard;
	s->pool = plan->pool;
	for (; s->n < n; s->n++) {
		error = shard_new(plan, s->n, &s->shard[s->n], failed);
		if (error != 0)
			goto fail;
	}
	*into = s;
	return 0;
fail:
	shards_free(s);
	return error;
}

void
shards_free(struct shards *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < s->n; i++)
		shard_free(s->shard[i]);
	free(s->shard);
	free(s->thread);
	free(s);
}

static void *
body(void *arg)
{
	shard_run(arg);
	return NULL;
}

int
shards_start(struct shards *s)
{
	sigset_t all, before;
	int error = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (; s->running < s->n && error == 0; s->running++) {
		error = -pthread_create(&s->thread[s->running], NULL, body, s->shard[s->running]);
		if (error != 0)
			break;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0 && !shards_stop(s, 1000))
		abort(); /* nobody could free what a worker still uses */
	return error;
}

bool
shards_stop(struct shards *s, uint64_t timeout)
{
	int64_t until = clock_wall_usec() + (int64_t)timeout * 1000; /* joining takes a wall time */
	struct timespec end = {until / 1000000, until % 1000000 * 1000};
	unsigned left = s->running;

	for (unsigned i = 0; i < s->running; i++)
		shard_stop(s->shard[i]);
	for (unsigned i = 0; i < s->running; i++)
		if (pthread_timedjoin_np(s->thread[i], NULL, &end) == 0)
			left--;
	s->running = left;
	return left == 0;
}

static void
sum(const uint64_t *cells, unsigned n, struct line_value *into)
{
	for (unsigned i = 0; i < n; i++)
		into[i].value += cell_read(&cells[i]);
}

void
shards_log_state(const struct shards *s)
{
	static const char *const net_name[] = {
#define COUNTER(ident, name, help) name,
#include "net/counters.def"
#undef COUNTER
	};
	struct line_value value[2 + (int)TURN_COUNTERS + (int)NET_COUNTERS] = {
		{"relay_ports_in_use", 0}, {"relay_ports", 0}};
	struct line_value *turn = value + 2, *net = turn + TURN_COUNTERS;
	size_t n = sizeof value / sizeof value[0];
	char line[1900];

	for (unsigned i = 0; i < TURN_COUNTERS; i++)
		turn[i].name = turn_counter_name(i);
	for (unsigned i = 0; i < NET_COUNTERS; i++)
		net[i].name = net_name[i];
	for (unsigned i = 0; i < s->n; i++) {
		sum(shard_turn_counters(s->shard[i]), TURN_COUNTERS, turn);
		sum(shard_net_counters(s->shard[i]), NET_COUNTERS, net);
		for (unsigned family = 0; family < 2; family++)
			value[0].value += shard_relays(s->shard[i], family);
	}
	value[1].value = pool_size(s->pool, 0) + pool_size(s->pool, 1);
	for (size_t at = 0, fitted; at < n; at += fitted) {
		fitted = line_print(value + at, n - at, line, sizeof line);
		if (fitted == 0)
			break;
		log_line(NULL, LOG_INFO, "server.state", "%s", line); /* asked for: at any level */
	}
}

size_t
shards_receive_buffer(const struct shards *s)
{
	return shard_receive_buffer(s->shard[0]);
}
