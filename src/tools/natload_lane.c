#include "tools/natload_lane.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/natload_stamp.h"
#include "tools/natload_wire.h"

enum {
	ROUNDS = 4,              /* bursts of each lane before arrivals are looked at */
	STALL_NS = 20 * 1000000, /* nothing for so long: what is under way was lost */
};

int
natload_lane_init(struct lanes *l, unsigned n, unsigned size, unsigned burst)
{
	*l = (struct lanes){.n = n, .size = size, .burst = burst};
	l->v = calloc(n, sizeof *l->v);
	l->room = calloc(burst, size + NATLOAD_LANE_PREFIX + 4);
	return l->v == NULL || l->room == NULL ? -ENOMEM : 0;
}

void
natload_lane_fini(struct lanes *l)
{
	free(l->v);
	free(l->room);
	l->v = NULL;
	l->room = NULL;
}

static bool
within_span(const struct lanes *l, uint64_t at_ns)
{
	const struct meter *m = l->meter;

	return m->phase != METER_WARM && at_ns >= m->begun_ns &&
	       (m->phase == METER_RUN || at_ns < m->ended_ns);
}

/* One packet of the lane into the room. Payload bytes behind the stamp are whatever was there. */
static void
packet_write(const struct lanes *l, const struct lane *x, unsigned place, uint64_t at_ns)
{
	size_t whole = x->prefix_n + l->size + x->pad;
	uint8_t *p = l->room + place * whole;
	struct stamp s = {
		.run = l->run, .lane = (uint32_t)(x - l->v), .seq = x->sent + place,
		.size = l->size, .at_ns = at_ns,
	};

	memcpy(p, x->prefix, x->prefix_n);
	natload_stamp_put(p + x->prefix_n, &s);
	memset(p + x->prefix_n + l->size, 0, x->pad);
}

/* One burst of a lane; open loop: as planned. Packets sent, or -errno. */
static long
burst_send(struct lanes *l, struct lane *x, uint64_t now_ns)
{
	uint64_t at_ns = l->pace != NULL ? natload_pace_next(l->pace) : now_ns;
	struct wire_run run = {l->room, x->prefix_n + l->size + x->pad, l->burst, l->burst};

	for (unsigned i = 0; i < l->burst; i++)
		packet_write(l, x, i, at_ns);
	long gone = natload_wire_send(x->fd, &run, &x->gso);
	if (gone < 0)
		return gone;
	l->refused += l->burst - (unsigned long)gone;
	if (within_span(l, at_ns))
		l->sent += l->burst;
	x->sent += (uint32_t)gone;
	return gone;
}

static struct lane *
lane_next(struct lanes *l)
{
	struct lane *x = &l->v[l->next];

	l->next = l->next + 1 == l->n ? 0 : l->next + 1;
	return x;
}

static long
send_open(struct lanes *l, uint64_t now_ns)
{
	uint64_t due = natload_pace_due(l->pace, now_ns);
	uint64_t most = (uint64_t)ROUNDS * l->n; /* then look for arrivals before going on */
	long all = 0;

	for (due = due < most ? due : most; due > 0; due--) {
		long n = burst_send(l, lane_next(l), now_ns);
		if (n < 0)
			return n;
		all += n;
	}
	return all;
}

/* Does the lane's window have room for a burst? */
static bool
window_open(const struct lanes *l, struct lane *x, uint64_t now_ns)
{
	uint32_t under_way = x->sent - x->seen;

	if (under_way > 0 && now_ns > x->moved_ns + STALL_NS) {
		x->seen = x->sent;
		under_way = 0;
	}
	if (under_way == 0)
		x->moved_ns = now_ns;
	return under_way + l->burst <= x->window;
}

static long
send_closed(struct lanes *l, uint64_t now_ns)
{
	long all = 0;

	for (unsigned i = 0; i < ROUNDS * l->n; i++) {
		struct lane *x = lane_next(l);
		long n = window_open(l, x, now_ns) ? burst_send(l, x, now_ns) : 0;
		if (n < 0)
			return n;
		all += n;
	}
	return all;
}

long
natload_lane_send(struct lanes *l, uint64_t now_ns)
{
	return l->pace != NULL ? send_open(l, now_ns) : send_closed(l, now_ns);
}

/* Moves the lane on to behind a packet; a gap before it makes the window smaller. */
static void
lane_advance(const struct lanes *l, struct lane *x, uint32_t seq, uint64_t now_ns)
{
	int32_t ahead = (int32_t)(seq - x->seen);

	if (ahead < 0) /* late: it had been given up */
		return;
	if (ahead > 0 && x->window > l->burst) {
		x->window -= x->window / 4 + 1;
		if (x->window < l->burst)
			x->window = l->burst;
	}
	x->seen = seq + 1;
	x->moved_ns = now_ns;
}

void
natload_lane_take(struct lanes *l, unsigned at, struct bytes payload, uint64_t now_ns)
{
	struct stamp s;

	if (!natload_stamp_get(payload, &s) || s.run != l->run || s.lane >= l->n ||
	    l->v[s.lane].to != at) {
		l->strange++;
		return;
	}
	lane_advance(l, &l->v[s.lane], s.seq, now_ns);
	if (l->meter->phase == METER_RUN)
		l->delivered++;
	if (!within_span(l, s.at_ns))
		return;
	l->received++;
	natload_hist_add(&l->hist, now_ns > s.at_ns ? now_ns - s.at_ns : 0, 1);
}
