#include "common/entropy.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/digest.h"

void
entropy_fill(void *p, size_t n)
{
	uint8_t *at = p;

	while (n > 0) {
		ssize_t got = getrandom(at, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort(); /* a guessable secret would be worse than no server */
		at += got;
		n -= (size_t)got;
	}
}

void
entropy_take(struct entropy *e, void *p, size_t n)
{
	if (n > ENTROPY_POOL / 4) {
		entropy_fill(p, n);
		return;
	}
	if (n > e->left) {
		entropy_fill(e->pool, sizeof e->pool);
		e->left = sizeof e->pool;
	}
	e->left -= n;
	memcpy(p, e->pool + e->left, n);
	digest_wipe(e->pool + e->left, n);
}

/* Lemire's method: the high half of a product is uniform once its low half is not too small. */
uint32_t
entropy_below(struct entropy *e, uint32_t bound)
{
	assert(bound >= 1);
	uint32_t unfair = -bound % bound; /* 2^32 mod bound */

	for (;;) {
		uint32_t r;
		entropy_take(e, &r, sizeof r);
		uint64_t product = (uint64_t)r * bound;
		if ((uint32_t)product >= unfair)
			return (uint32_t)(product >> 32);
	}
}
