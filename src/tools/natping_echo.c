#include "tools/natping_echo.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/clock.h"
#include "tools/natping_flow.h"
#include "tools/natping_steps.h"

enum { DEFAULT_SIZE = 64 };

static void
arrived(struct natping *p, const struct natping_arrival *got)
{
	struct natping_echo *e = &p->echo;
	double ms = (double)(clock_nsec() - got->sent_ns) / 1e6;
	char at[ADDR_TEXT];

	if (!got->sound || got->number >= e->sent)
		return;
	if (got->way == 0) { /* at B: send it back with the same stamp */
		const struct natping_parcel back = {1, got->number, got->sent_ns, got->size};

		natping_flow_send(p, &back);
		return;
	}
	if (e->rtt_ms[got->number] > 0) /* the network made two of one */
		return;
	e->rtt_ms[got->number] = ms;
	e->received++;
	if (!p->quiet)
		printf("  %zu bytes through %s: seq=%u rtt=%.2f ms\n", got->size,
		       addr_text(&p->relayed[1], at), got->number + 1, ms);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
percentile(const struct natping_echo *e, unsigned percent)
{
	return e->rtt_ms[((uint64_t)e->received * percent + 99) / 100 - 1]; /* nearest rank */
}

/* Jitter: the mean difference between one round trip and the next. */
static void
summarize(struct natping_echo *e)
{
	double sum = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < e->sent; i++) /* close the gaps */
		if (e->rtt_ms[i] > 0)
			e->rtt_ms[n++] = e->rtt_ms[i];
	for (unsigned i = 1; i < e->received; i++) {
		double d = e->rtt_ms[i] - e->rtt_ms[i - 1];
		sum += d < 0 ? -d : d;
	}
	e->jitter = e->received < 2 ? 0 : sum / (e->received - 1);
	if (e->received == 0)
		return;
	qsort(e->rtt_ms, e->received, sizeof *e->rtt_ms, by_size);
	e->min = e->rtt_ms[0];
	e->max = e->rtt_ms[e->received - 1];
	e->p50 = percentile(e, 50);
	e->p99 = percentile(e, 99);
}

bool
natping_echo_run(struct natping *p)
{
	struct natping_echo *e = &p->echo;
	size_t size = p->wish.size == 0 ? DEFAULT_SIZE : (size_t)p->wish.size;
	struct natping_arrival got;

	if (p->wish.count == 0)
		return true;
	e->rtt_ms = calloc(p->wish.count, sizeof *e->rtt_ms);
	if (e->rtt_ms == NULL)
		return natping_steps_add(p, "echo", NATPING_UNTESTED, "out of memory");
	if (!p->quiet)
		putchar('\n');
	while (e->sent < p->wish.count) {
		bool last = e->sent + 1 == p->wish.count;
		msec until = clock_now().mono + (last ? p->wish.timeout : p->wish.interval);

		natping_flow_send(p, &(struct natping_parcel){0, e->sent++, clock_nsec(), size});
		while (!(last && e->received == e->sent) && natping_flow_receive(p, until, &got))
			arrived(p, &got);
	}
	if (!p->quiet)
		putchar('\n');
	summarize(e);
	unsigned lost = e->sent - e->received;
	if (e->received == 0)
		return natping_steps_add(p, "echo", NATPING_FAILED,
			"none of %u echoes of %zu bytes came back",
			e->sent, size);
	return natping_steps_add(p, "echo", lost == 0 ? NATPING_OK : NATPING_WARNING,
		"%u of %u, %.1f%% loss, rtt p50 %.2f ms, p99 %.2f ms, jitter %.2f ms",
		e->received, e->sent, 100.0 * lost / e->sent, e->p50, e->p99, e->jitter);
}
