#include "server/courier.h"

#include <stdlib.h>

#include "stats/cell.h"
#include "net/counters.h"

enum { COURIER_ROOM = 16 * 1024 };

unsigned
courier_packets(const struct courier_letter *l)
{
	return l->segment == 0 ? 1 : (l->n + l->segment - 1) / l->segment;
}

void
courier_flush(struct courier *c)
{
	struct courier_letter *l = c->draft;
	unsigned packets;

	if (l == NULL)
		return;
	c->draft = NULL;
	packets = courier_packets(l); /* once posted it is somebody else's */
	if (c->world.post(c->world.ctx, c->shard, &l->letter)) {
		cell_add(&c->world.counters[NET_HANDED_OVER], packets);
		return;
	}
	cell_add(&c->world.counters[NET_LETTER_DROPPED], packets);
	free(l);
}

static bool
continues(const struct courier_letter *l, const struct turn_out *out)
{
	size_t n = out->data.n;

	return l != NULL && n > 0 && n <= l->segment && l->n % l->segment == 0 &&
	       l->n + n <= l->room && addr_equal(&l->to, &out->peer) &&
	       addr_equal(&l->from, &out->relay->relayed);
}

static struct courier_letter *
begin(const struct courier *c, const struct turn_out *out)
{
	size_t room = out->data.n > COURIER_ROOM ? out->data.n : COURIER_ROOM;
	struct courier_letter *l = malloc(sizeof *l + room);

	if (l == NULL)
		return NULL;
	l->letter.kind = c->world.kind;
	l->to = out->peer;
	l->from = out->relay->relayed;
	l->n = 0;
	l->segment = (uint32_t)out->data.n;
	l->room = (uint32_t)room;
	return l;
}

void
courier_take(struct courier *c, unsigned shard, const struct turn_out *out)
{
	struct courier_letter *l;

	if (!continues(c->draft, out)) {
		courier_flush(c);
		c->draft = begin(c, out);
		c->shard = shard;
	}
	l = c->draft;
	if (l == NULL) {
		cell_add(&c->world.counters[NET_LETTER_DROPPED], 1);
		return;
	}
	if (out->data.n > 0)
		memcpy(l->data + l->n, out->data.p, out->data.n);
	l->n += (uint32_t)out->data.n;
}
