#include "server/relays.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "stats/cell.h"
#include "net/sock.h"
#include "server/pool.h"

enum { FAMILIES = 2, TRIES = 16, PORTS = 65536 };

struct relays {
	struct relays_policy policy;
	struct relays_world world;
	struct relay_socket **socket[FAMILIES]; /* by port; NULL: not relayed */
	uint64_t in_use[FAMILIES];
	struct list closing;
};

static unsigned
family_index(int family)
{
	return family == AF_INET ? 0 : 1;
}

struct relays *
relays_new(const struct relays_policy *policy, const struct relays_world *world)
{
	struct relays *r = calloc(1, sizeof *r);

	if (r == NULL)
		return NULL;
	r->policy = *policy;
	r->world = *world;
	list_init(&r->closing);
	for (unsigned i = 0; i < FAMILIES; i++) {
		if (pool_ip(policy->pool, i) == NULL)
			continue;
		/* Pages of ports that are never used are never touched. */
		r->socket[i] = calloc(PORTS, sizeof(struct relay_socket *));
		if (r->socket[i] == NULL) {
			relays_free(r);
			return NULL;
		}
	}
	return r;
}

void
relays_free(struct relays *r)
{
	if (r == NULL)
		return;
	relays_sweep(r);
	for (unsigned i = 0; i < FAMILIES; i++) {
		assert(r->in_use[i] == 0);
		free(r->socket[i]);
	}
	free(r);
}

static void
on_ready(void *ctx)
{
	struct relay_socket *s = ctx;

	s->relays->world.ready(s, s->relays->world.ctx);
}

/* Binds `fd` to some free port, which is set in `at`. 0 or -errno. */
static int
bind_some_port(struct relays *r, int fd, const struct turn_relay_want *want, msec now,
               union addr *at)
{
	unsigned family = family_index(want->family);
	int error = -EADDRINUSE;

	/* A port may be in use by somebody else on this host: it rests, another one is tried. */
	for (unsigned i = 0; i < TRIES && error == -EADDRINUSE; i++) {
		uint16_t port = pool_take(r->policy.pool, family, want->even, now);

		if (port == 0)
			return -EADDRNOTAVAIL;
		*at = *pool_ip(r->policy.pool, family);
		addr_set_port(at, port);
		error = sock_bind(fd, at);
		if (error != 0)
			pool_give(r->policy.pool, family, port, now);
	}
	return error;
}

static void
enter(struct relays *r, struct relay_socket *s)
{
	r->socket[s->family][addr_port(&s->relay.relayed)] = s;
	pool_own(r->policy.pool, &s->relay.relayed, (int)r->policy.shard);
	cell_add(&r->in_use[s->family], 1);
}

static void
leave(struct relays *r, struct relay_socket *s, msec now)
{
	uint16_t port = addr_port(&s->relay.relayed);

	cell_add(&r->in_use[s->family], UINT64_MAX); /* one less */
	pool_own(r->policy.pool, &s->relay.relayed, -1);
	r->socket[s->family][port] = NULL;
	pool_give(r->policy.pool, s->family, port, now);
}

unsigned
relays_open(struct relays *r, const struct turn_relay_want *want, msec now, struct relay **relay)
{
	unsigned family = family_index(want->family);
	struct relay_socket *s;

	if (r->socket[family] == NULL)
		return 440;
	s = calloc(1, sizeof *s);
	if (s == NULL)
		return 508;
	s->family = (uint8_t)family;
	s->relays = r;
	list_init(&s->closing);
	s->fd = sock_relay_udp(want->family, r->policy.buffer);
	if (s->fd < 0)
		goto no_socket;
	if (bind_some_port(r, s->fd, want, now, &s->relay.relayed) != 0)
		goto no_port;
	if (loop_watch(r->world.loop, &s->watch, s->fd, on_ready, s) != 0)
		goto no_watch;
	enter(r, s);
	*relay = &s->relay;
	return 0;
no_watch:
	pool_give(r->policy.pool, family, addr_port(&s->relay.relayed), now);
no_port:
	close(s->fd);
no_socket:
	free(s);
	return 508;
}

void
relays_close(struct relays *r, struct relay *relay, msec now)
{
	struct relay_socket *s = (struct relay_socket *)relay;

	loop_unwatch(&s->watch);
	leave(r, s, now);
	list_push(&r->closing, &s->closing);
}

void
relays_sweep(struct relays *r)
{
	struct list *l;

	while ((l = list_shift(&r->closing)) != NULL) {
		struct relay_socket *s = LIST_ITEM(l, struct relay_socket, closing);

		close(s->fd);
		free(s);
	}
}

struct relay_socket *
relays_find(const struct relays *r, const union addr *to)
{
	unsigned family = family_index(addr_family(to));
	const union addr *ip = pool_ip(r->policy.pool, family);

	return ip != NULL && addr_same_ip(ip, to) ? r->socket[family][addr_port(to)] : NULL;
}

const uint64_t *
relays_in_use(const struct relays *r, unsigned family)
{
	return &r->in_use[family];
}
