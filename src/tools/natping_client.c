#include "tools/natping_client.h"

#include <errno.h>

#include "common/clock.h"

enum { BUFFER = 1 << 20 };

int
natping_client_open(struct natping *p, struct natping_client *c, const struct turnc_want *want,
                    const union addr *server)
{
	*c = (struct natping_client){.fd = toolsock_udp_to(server, BUFFER)};
	turnc_init(&c->turn, &p->env, want, server);
	c->wrong = c->fd < 0 ? c->fd : 0;
	return c->wrong;
}

void
natping_client_close(struct natping_client *c)
{
	toolsock_close(c->fd);
	c->fd = -1;
	turnc_fini(&c->turn);
}

static bool
hard(int wrong)
{
	return wrong == -ECONNREFUSED || wrong == -EHOSTUNREACH || wrong == -ENETUNREACH ||
	       wrong == -EPERM || wrong == -EACCES;
}

/* One datagram of the machine's. True when something happened. */
static bool
send_due(struct natping *p, struct natping_client *c, struct turnc_event *ev)
{
	size_t n = turnc_output(&c->turn, clock_now(), p->out, sizeof p->out, ev);

	if (n == 0)
		return ev->kind != TURNC_NOTHING;
	int wrong = toolsock_send(c->fd, NULL, bytes_view(p->out, n));
	if (hard(wrong)) {
		c->wrong = wrong;
		turnc_icmp(&c->turn, ev);
	}
	return true; /* anything softer is a lost datagram: it will be sent again */
}

bool
natping_client_pump(struct natping *p, struct natping_client *c, struct turnc_event *ev)
{
	bool sent = send_due(p, c, ev);
	union addr from;

	if (ev->kind != TURNC_NOTHING)
		return true;
	long n = toolsock_recv(c->fd, p->packet, sizeof p->packet, &from);
	if (n >= 0)
		turnc_input(&c->turn, clock_now(), &from, bytes_view(p->packet, (size_t)n), ev);
	else if (hard((int)n)) {
		c->wrong = (int)n;
		turnc_icmp(&c->turn, ev);
	}
	return sent || n >= 0 || hard((int)n);
}

void
natping_client_wait(struct natping_client *const *c, unsigned n, msec until)
{
	struct pollfd fds[2];

	for (unsigned i = 0; i < n && i < 2; i++) {
		msec due = turnc_deadline(&c[i]->turn);

		fds[i] = (struct pollfd){.fd = c[i]->fd, .events = POLLIN};
		until = due < until ? due : until;
	}
	toolsock_wait(fds, n < 2 ? n : 2, until);
}

int
natping_client_await(struct natping *p, struct natping_client *c, enum turnc_op op,
                     struct turnc_event *ev)
{
	/* the schedule itself ends in time; several transactions and a pause after 500 may not */
	msec until = clock_now().mono + 3 * p->wish.timeout;

	while (clock_now().mono < until) {
		if (!natping_client_pump(p, c, ev))
			natping_client_wait(&c, 1, until);
		else if (ev->kind == TURNC_DONE && ev->op == op)
			return ev->outcome;
	}
	*ev = (struct turnc_event){.kind = TURNC_DONE, .op = op, .outcome = TURNC_TIMEOUT};
	return TURNC_TIMEOUT;
}
