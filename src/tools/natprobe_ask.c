#include "tools/natprobe_ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "tools/toolsock.h"

enum { PACKET = 2048 };

struct asker {
	int fd;
	struct turnc turn;
	uint64_t sent_ns;
	int wrong;
};

static bool
hard(int wrong)
{
	return wrong == -ECONNREFUSED || wrong == -EHOSTUNREACH || wrong == -ENETUNREACH ||
	       wrong == -EPERM || wrong == -EACCES;
}

static void
note_wrong(struct asker *a, int wrong, struct turnc_event *ev)
{
	if (!hard(wrong))
		return;
	a->wrong = wrong;
	turnc_icmp(&a->turn, ev);
}

/* One Binding transaction. */
static struct turnc_event
transact(struct asker *a)
{
	uint8_t packet[PACKET];
	struct turnc_event ev;
	union addr from;

	turnc_binding(&a->turn);
	for (;;) {
		size_t n = turnc_output(&a->turn, clock_now(), packet, sizeof packet, &ev);

		if (n > 0) {
			a->sent_ns = clock_nsec();
			note_wrong(a, toolsock_send(a->fd, NULL, bytes_view(packet, n)), &ev);
		}
		if (ev.kind == TURNC_DONE)
			return ev;
		struct pollfd fd = {.fd = a->fd, .events = POLLIN};
		toolsock_wait(&fd, 1, turnc_deadline(&a->turn));
		long got = toolsock_recv(a->fd, packet, sizeof packet, &from);
		if (got >= 0)
			turnc_input(&a->turn, clock_now(), &from, bytes_view(packet, (size_t)got),
			            &ev);
		else
			note_wrong(a, (int)got, &ev);
		if (ev.kind == TURNC_DONE)
			return ev;
	}
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void
pause_until(msec until)
{
	while (clock_now().mono < until)
		toolsock_wait(NULL, 0, until);
}

/* Silence is not asked twice: nobody wants to wait for what is not there. */
static void
ask_all(const struct natprobe_how *how, struct asker *a, struct natprobe_found *f)
{
	while (f->sent < how->count) {
		msec next = clock_now().mono + how->interval;
		struct turnc_event ev = transact(a);
		double ms = (double)(clock_nsec() - a->sent_ns) / 1e6;

		f->sent++;
		if (ev.outcome != TURNC_GOOD) {
			f->outcome = ev.outcome;
			f->wrong = a->wrong;
			if (f->received == 0)
				return;
			continue;
		}
		f->received++;
		if (ev.sends == 1)
			f->rtt_ms[f->timed++] = ms;
		f->mapped = a->turn.mapped;
		if (f->sent < how->count)
			pause_until(next);
	}
}

void
natprobe_ask(const struct natprobe_how *how, struct natprobe_found *f)
{
	struct asker a = {.fd = toolsock_udp_to(&f->server, 0)};

	if (a.fd < 0) {
		f->complaint = strerror(-a.fd);
		return;
	}
	turnc_init(&a.turn, how->env, how->want, &f->server);
	toolsock_local(a.fd, &f->local);
	ask_all(how, &a, f);
	qsort(f->rtt_ms, f->timed, sizeof *f->rtt_ms, by_size);
	turnc_fini(&a.turn);
	toolsock_close(a.fd);
}
