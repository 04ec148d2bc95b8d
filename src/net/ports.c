#include "net/ports.h"

#include <assert.h>
#include <stdlib.h>

/*
 * A half has the even or the odd ports of the range, so that an even one is found without
 * searching. [0, free) of `port` are free: drawn by index, the last one fills the gap.
 */
struct rest {
	uint16_t port;
	msec until;
};

struct half {
	uint16_t *port;
	unsigned size, free;
	struct rest *rest; /* ring of ports that rest, oldest first */
	unsigned first, resting;
};

struct ports {
	struct half half[2]; /* even, odd */
	unsigned size, in_use;
	uint32_t (*below)(void *ctx, uint32_t n);
	void *ctx;
};

struct ports *
ports_new(uint16_t lo, uint16_t hi, uint32_t (*below)(void *ctx, uint32_t n), void *ctx)
{
	struct ports *p = calloc(1, sizeof *p);
	size_t most = (size_t)(hi - lo) / 2 + 1;

	assert(lo <= hi);
	if (p == NULL)
		return NULL;
	p->below = below;
	p->ctx = ctx;
	p->size = (unsigned)(hi - lo) + 1;
	for (unsigned i = 0; i < 2; i++) {
		p->half[i].port = calloc(most, sizeof *p->half[i].port);
		p->half[i].rest = calloc(most, sizeof *p->half[i].rest);
		if (p->half[i].port == NULL || p->half[i].rest == NULL) {
			ports_free(p);
			return NULL;
		}
	}
	for (unsigned port = lo; port <= hi; port++) {
		struct half *h = &p->half[port & 1];

		h->port[h->size++] = (uint16_t)port;
		h->free++;
	}
	return p;
}

void
ports_free(struct ports *p)
{
	if (p == NULL)
		return;
	for (unsigned i = 0; i < 2; i++) {
		free(p->half[i].port);
		free(p->half[i].rest);
	}
	free(p);
}

/* Is nearly everything in use that such a draw could take? */
static bool
scarce(const struct ports *p, bool even)
{
	if (even)
		return p->half[0].free <= p->half[0].size / 16;
	return p->half[0].free + p->half[1].free <= p->size / 16;
}

/* Wake the ports whose rest is over, and the oldest of the others while ports are scarce. */
static void
wake(struct ports *p, struct half *h, bool even, msec now)
{
	while (h->resting > 0 && (h->rest[h->first].until <= now || scarce(p, even))) {
		h->port[h->free++] = h->rest[h->first].port;
		h->first = (h->first + 1) % h->size;
		h->resting--;
	}
}

static uint16_t
draw(struct ports *p, struct half *h, unsigned i)
{
	uint16_t port = h->port[i];

	h->port[i] = h->port[--h->free];
	p->in_use++;
	return port;
}

uint16_t
ports_take(struct ports *p, bool even, msec now)
{
	unsigned candidates, i;

	wake(p, &p->half[0], even, now);
	if (!even)
		wake(p, &p->half[1], even, now);
	candidates = p->half[0].free + (even ? 0 : p->half[1].free);
	if (candidates == 0)
		return 0;
	i = p->below(p->ctx, candidates);
	if (i < p->half[0].free)
		return draw(p, &p->half[0], i);
	return draw(p, &p->half[1], i - p->half[0].free);
}

void
ports_give(struct ports *p, uint16_t port, msec now)
{
	struct half *h = &p->half[port & 1];

	assert(p->in_use > 0);
	p->in_use--;
	h->rest[(h->first + h->resting) % h->size] = (struct rest){port, now + PORTS_REST};
	h->resting++;
}

unsigned
ports_size(const struct ports *p)
{
	return p->size;
}
