#include "server/quota.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "common/htab.h"

enum { STRIPES = 16 };

struct account {
	struct hnode node;
	unsigned used;
	uint32_t n;
	uint8_t name[];
};

struct stripe {
	pthread_mutex_t lock; /* guards accounts */
	struct htab accounts;
};

struct quota {
	struct quota_limits limits;
	struct siphash_key hash;
	unsigned used; /* atomic */
	unsigned stripes; /* that were initialised */
	struct stripe stripe[STRIPES];
};

struct quota *
quota_new(const struct quota_limits *limits, const struct siphash_key *hash)
{
	struct quota *q = calloc(1, sizeof *q);

	if (q == NULL)
		return NULL;
	q->limits = *limits;
	q->hash = *hash;
	for (; q->stripes < STRIPES; q->stripes++) {
		struct stripe *s = &q->stripe[q->stripes];

		if (htab_init(&s->accounts, 8) != 0)
			goto fail;
		if (pthread_mutex_init(&s->lock, NULL) != 0) {
			htab_fini(&s->accounts);
			goto fail;
		}
	}
	return q;
fail:
	quota_free(q);
	return NULL;
}

static void
drop_account(struct hnode *n, void *ctx)
{
	struct htab *accounts = ctx;

	htab_remove(accounts, n);
	free(HTAB_ITEM(n, struct account, node));
}

void
quota_free(struct quota *q)
{
	if (q == NULL)
		return;
	for (unsigned i = 0; i < q->stripes; i++) {
		struct stripe *s = &q->stripe[i];

		htab_each(&s->accounts, drop_account, &s->accounts);
		htab_fini(&s->accounts);
		pthread_mutex_destroy(&s->lock);
	}
	free(q);
}

static struct account *
find(const struct htab *accounts, struct bytes user, uint64_t hash)
{
	for (struct hnode *n = htab_first(accounts, hash); n != NULL; n = htab_next(n)) {
		struct account *a = HTAB_ITEM(n, struct account, node);

		if (bytes_equal(bytes_view(a->name, a->n), user))
			return a;
	}
	return NULL;
}

static struct account *
open_account(struct htab *accounts, struct bytes user, uint64_t hash)
{
	struct account *a = calloc(1, sizeof *a + user.n);

	if (a == NULL)
		return NULL;
	a->n = (uint32_t)user.n;
	if (user.n > 0)
		memcpy(a->name, user.p, user.n);
	htab_insert(accounts, &a->node, hash);
	return a;
}

/* Without authentication nobody has a name, and all of them are not one user. */
static bool
counted(const struct quota *q, struct bytes user)
{
	return q->limits.per_user > 0 && user.n > 0;
}

/* By the top bits: the tables within the stripes use the low ones. */
static struct stripe *
stripe_of(struct quota *q, uint64_t hash)
{
	_Static_assert(STRIPES == 16, "four bits");
	return &q->stripe[hash >> 60];
}

static unsigned
admit_user(struct quota *q, struct bytes user)
{
	uint64_t hash = siphash(&q->hash, user.p, user.n);
	struct stripe *s = stripe_of(q, hash);
	struct account *a;
	unsigned code = 0;

	pthread_mutex_lock(&s->lock);
	a = find(&s->accounts, user, hash);
	if (a == NULL)
		a = open_account(&s->accounts, user, hash);
	if (a == NULL)
		code = 508;
	else if (a->used >= q->limits.per_user)
		code = 486;
	else
		a->used++;
	pthread_mutex_unlock(&s->lock);
	return code;
}

static void
release_user(struct quota *q, struct bytes user)
{
	uint64_t hash = siphash(&q->hash, user.p, user.n);
	struct stripe *s = stripe_of(q, hash);
	struct account *a;

	pthread_mutex_lock(&s->lock);
	a = find(&s->accounts, user, hash);
	assert(a != NULL && a->used > 0);
	if (--a->used == 0) {
		htab_remove(&s->accounts, &a->node);
		free(a);
	}
	pthread_mutex_unlock(&s->lock);
}

unsigned
quota_admit(struct quota *q, struct bytes user)
{
	unsigned code = counted(q, user) ? admit_user(q, user) : 0;

	if (code != 0)
		return code;
	if (__atomic_add_fetch(&q->used, 1, __ATOMIC_RELAXED) <= q->limits.total ||
	    q->limits.total == 0)
		return 0;
	quota_release(q, user);
	return 508;
}

void
quota_release(struct quota *q, struct bytes user)
{
	if (counted(q, user))
		release_user(q, user);
	__atomic_sub_fetch(&q->used, 1, __ATOMIC_RELAXED);
}

unsigned
quota_used(const struct quota *q)
{
	return __atomic_load_n(&q->used, __ATOMIC_RELAXED);
}
