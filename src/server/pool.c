#include "server/pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/entropy.h"
#include "net/ports.h"

enum { POOL_FAMILIES = 2, POOL_PORTS = 65536 };

struct pool {
	struct pool_policy policy;
	pthread_mutex_t lock; /* guards ports and entropy */
	struct ports *ports[POOL_FAMILIES];
	struct entropy entropy;
	uint16_t owner[POOL_FAMILIES][POOL_PORTS]; /* shard + 1, 0 none; atomic */
};

static uint32_t
below(void *ctx, uint32_t n)
{
	return entropy_below(ctx, n);
}

struct pool *
pool_new(const struct pool_policy *policy)
{
	struct pool *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->policy = *policy;
	if (pthread_mutex_init(&p->lock, NULL) != 0) {
		free(p);
		return NULL;
	}
	for (unsigned i = 0; i < POOL_FAMILIES; i++) {
		if (addr_family(&policy->ip[i]) == 0)
			continue;
		p->ports[i] = ports_new(policy->lo, policy->hi, below, &p->entropy);
		if (p->ports[i] == NULL) {
			pool_free(p);
			return NULL;
		}
	}
	return p;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	for (unsigned i = 0; i < POOL_FAMILIES; i++)
		ports_free(p->ports[i]);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

const union addr *
pool_ip(const struct pool *p, unsigned family)
{
	return p->ports[family] == NULL ? NULL : &p->policy.ip[family];
}

unsigned
pool_size(const struct pool *p, unsigned family)
{
	return p->ports[family] == NULL ? 0 : ports_size(p->ports[family]);
}

uint16_t
pool_take(struct pool *p, unsigned family, bool even, msec now)
{
	uint16_t port;

	pthread_mutex_lock(&p->lock);
	port = ports_take(p->ports[family], even, now);
	pthread_mutex_unlock(&p->lock);
	return port;
}

void
pool_give(struct pool *p, unsigned family, uint16_t port, msec now)
{
	pthread_mutex_lock(&p->lock);
	ports_give(p->ports[family], port, now);
	pthread_mutex_unlock(&p->lock);
}

static int
family_of(const struct pool *p, const union addr *a)
{
	for (unsigned i = 0; i < POOL_FAMILIES; i++)
		if (p->ports[i] != NULL && addr_same_ip(&p->policy.ip[i], a))
			return (int)i;
	return -1;
}

void
pool_own(struct pool *p, const union addr *relayed, int shard)
{
	int family = family_of(p, relayed);

	if (family >= 0)
		__atomic_store_n(&p->owner[family][addr_port(relayed)], (uint16_t)(shard + 1),
		                 __ATOMIC_RELAXED);
}

int
pool_owner(const struct pool *p, const union addr *a)
{
	int family = family_of(p, a);

	if (family < 0)
		return -1;
	return __atomic_load_n(&p->owner[family][addr_port(a)], __ATOMIC_RELAXED) - 1;
}
