#include "tools/natping_proof.h"

#include <errno.h>
#include <stdlib.h>

#include "common/clock.h"
#include "tools/natping_flow.h"
#include "tools/natping_steps.h"

enum { PATIENCE = 500, STALLS = 4, SIZE_MIN = 64, SIZE_SPAN = 1137 /* up to 1200 */ };

struct sender {
	unsigned under_way;
	uint8_t *seen; /* owned: per datagram */
};

static size_t
size_of(const struct natping *p, uint32_t number)
{
	return p->wish.size != 0 ? (size_t)p->wish.size : SIZE_MIN + number * 37 % SIZE_SPAN;
}

/* As much as the window and our own send buffer hold. */
static void
fill_window(struct natping *p, unsigned way, struct sender *s)
{
	struct natping_way *w = &p->way[way];

	while (s->under_way < NATPING_WINDOW && w->sent < p->wish.datagrams) {
		const size_t size = size_of(p, w->sent);
		const struct natping_parcel parcel = {way, w->sent, clock_nsec(), size};

		if (natping_flow_send(p, &parcel) == -EAGAIN)
			return;
		w->sent++;
		s->under_way++;
	}
}

static void
arrived(struct natping *p, struct sender *s, const struct natping_arrival *got)
{
	struct natping_way *w = &p->way[got->way];

	if (!got->sound || got->number >= w->sent || got->size != size_of(p, got->number)) {
		w->corrupt++;
		return;
	}
	if (s->seen[got->number]) {
		w->duplicate++;
		return;
	}
	s->seen[got->number] = 1;
	w->received++;
	w->bytes += got->size;
	s->under_way -= s->under_way > 0;
}

static bool
complete(const struct natping *p)
{
	return p->way[0].received == p->wish.datagrams && p->way[1].received == p->wish.datagrams;
}

/* A stall means that what was under way is lost: the window opens for the rest. */
static void
exchange(struct natping *p, struct sender s[2])
{
	struct natping_arrival got;
	unsigned stalls = 0;

	while (!complete(p) && stalls < STALLS) {
		fill_window(p, 0, &s[0]);
		fill_window(p, 1, &s[1]);
		if (natping_flow_receive(p, clock_now().mono + PATIENCE, &got)) {
			arrived(p, &s[got.way], &got);
			stalls = 0;
			continue;
		}
		stalls++;
		s[0].under_way = s[1].under_way = 0;
	}
}

static bool
say_way(struct natping *p, unsigned way)
{
	static const char *const names[] = {"A to B", "B to A"};
	static const char *const words[] = {
		"ChannelData, relay A, relay B, Data indication",
		"Send indication, relay B, relay A, ChannelData",
	};
	const struct natping_way *w = &p->way[way];

	if (w->received == p->wish.datagrams && w->corrupt == 0)
		return natping_steps_add(p, names[way], NATPING_OK,
			"%u of %u datagrams (%llu bytes), the checksum of each verified: %s",
			w->received, p->wish.datagrams, (unsigned long long)w->bytes, words[way]);
	return natping_steps_add(p, names[way], NATPING_FAILED,
		"%u of %u datagrams, %u damaged: %s",
		w->received, p->wish.datagrams, w->corrupt, words[way]);
}

bool
natping_proof_run(struct natping *p)
{
	struct sender s[2] = {{0, calloc(p->wish.datagrams, 1)}, {0, calloc(p->wish.datagrams, 1)}};
	uint64_t began = clock_nsec();
	bool good = false;

	if (s[0].seen != NULL && s[1].seen != NULL) {
		exchange(p, s);
		p->seconds = (double)(clock_nsec() - began) / 1e9;
		good = say_way(p, 0);
		good = say_way(p, 1) && good;
	} else {
		natping_steps_add(p, "data", NATPING_UNTESTED, "out of memory");
	}
	free(s[0].seen);
	free(s[1].seen);
	return good;
}
