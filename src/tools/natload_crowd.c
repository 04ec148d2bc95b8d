#include "tools/natload_crowd.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "common/clock.h"
#include "tools/natload_wire.h"
#include "tools/toolsock.h"

enum {
	READY = 64,
	PACKET = 2048,
	SCAN_NS = 10 * 1000000,
	AT_ONCE = 32,
	/* Below the ports that kernels choose from and those that servers relay by. */
	PORT_FIRST = 10000,
	PORTS = 22000,
	TRIES = PORTS, /* another load on this host may hold many in a row */
	LOOPBACKS = 250, /* 127.0.0.1 and up are all ours */
};

int
natload_crowd_init(struct crowd *c, struct job *j, struct report *r, unsigned n)
{
	*c = (struct crowd){.job = j, .report = r, .n = n};
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (c->epoll < 0)
		return -errno;
	c->v = calloc(n, sizeof *c->v);
	if (c->v == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < n; i++) {
		c->v[i].fd = -1;
		turnc_init(&c->v[i].t, &j->env, &j->want, &j->server);
	}
	entropy_take(&j->entropy, &c->source, sizeof c->source);
	return natload_job_descriptors(n);
}

void
natload_crowd_fini(struct crowd *c)
{
	for (unsigned i = 0; c->v != NULL && i < c->n; i++) {
		natload_crowd_close(&c->v[i]);
		turnc_fini(&c->v[i].t);
	}
	free(c->v);
	c->v = NULL;
	toolsock_close(c->epoll);
	c->epoll = -1;
}

/* The next source address in turn. */
static union addr
source_next(struct crowd *c)
{
	union addr a = c->job->local;
	uint32_t at = c->source++;

	addr_set_port(&a, (uint16_t)(PORT_FIRST + at % PORTS));
	if (addr_family(&a) == AF_INET && addr_is_loopback(&a))
		a.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK + at / PORTS % LOOPBACKS);
	return a;
}

/* A socket to the server from `local`, without what only packets in bulk need. */
static int
socket_open(const union addr *local, const union addr *to)
{
	int fd = toolsock_udp(addr_family(local), local, 0);

	if (fd < 0)
		return fd;
	int rc = natload_wire_connect(fd, to);
	if (rc == 0)
		return fd;
	toolsock_close(fd);
	return rc;
}

int
natload_crowd_open(struct crowd *c, struct member *m, bool bulk)
{
	struct epoll_event want = {.events = EPOLLIN, .data.u32 = (uint32_t)(m - c->v)};

	natload_crowd_close(m);
	turnc_fini(&m->t);
	turnc_init(&m->t, &c->job->env, &c->job->want, &c->job->server);
	m->failed = m->releasing = false;
	int fd = -EADDRINUSE;
	for (unsigned i = 0; i < TRIES && fd == -EADDRINUSE; i++) {
		union addr local = source_next(c);
		fd = bulk ? natload_wire_open(&local, &c->job->server)
		          : socket_open(&local, &c->job->server);
	}
	if (fd < 0)
		return fd;
	m->fd = fd;
	return epoll_ctl(c->epoll, EPOLL_CTL_ADD, m->fd, &want) == 0 ? 0 : -errno;
}

void
natload_crowd_close(struct member *m)
{
	toolsock_close(m->fd);
	m->fd = -1;
	m->pending = 0;
}

static void
asked(struct member *m, enum turnc_op op)
{
	m->pending |= (uint8_t)(1u << op);
}

void
natload_crowd_allocate(struct member *m)
{
	turnc_allocate(&m->t);
	asked(m, TURNC_OP_ALLOCATE);
}

void
natload_crowd_channel(struct member *m, const union addr *peer)
{
	if (turnc_channel(&m->t, peer) == 0)
		asked(m, TURNC_OP_CHANNEL);
	else
		m->failed = true;
}

void
natload_crowd_permit(struct member *m, const union addr *peer)
{
	if (turnc_permit(&m->t, peer) == 0)
		asked(m, TURNC_OP_PERMIT);
	else
		m->failed = true;
}

void
natload_crowd_delete(struct member *m)
{
	turnc_delete(&m->t);
	m->pending = 1u << TURNC_OP_DELETE;
	m->releasing = true;
}

/* An operation that was asked for, or a refresh of the machine's own, has ended. */
static void
ended(struct crowd *c, struct member *m, const struct turnc_event *ev)
{
	if (ev->kind != TURNC_DONE)
		return;
	natload_report_outcome(c->report, ev->outcome);
	if (ev->outcome != TURNC_GOOD) {
		m->failed = true;
		if (ev->op == TURNC_OP_ALLOCATE) /* what waits for the allocation waits for ever */
			m->pending = 1u << TURNC_OP_ALLOCATE;
	}
	uint8_t bit = (uint8_t)(1u << ev->op);
	if ((m->pending & bit) == 0)
		return;
	m->pending &= (uint8_t)~bit;
	if (m->pending == 0 && c->finished != NULL)
		c->finished(c, m);
}

void
natload_crowd_pump(struct crowd *c, struct member *m)
{
	struct instant now = clock_now();
	uint8_t buf[TURNC_MESSAGE];
	struct turnc_event ev;

	while (m->fd >= 0) {
		size_t n = turnc_output(&m->t, now, buf, sizeof buf, &ev);
		if (n == 0 && ev.kind == TURNC_NOTHING)
			break;
		if (n > 0)
			(void)toolsock_send(m->fd, NULL, bytes_view(buf, n)); /* repeated if lost */
		ended(c, m, &ev);
	}
}

void
natload_crowd_take(struct crowd *c, struct member *m, struct bytes packet)
{
	struct turnc_event ev;

	turnc_input(&m->t, clock_now(), &c->job->server, packet, &ev);
	ended(c, m, &ev);
	natload_crowd_pump(c, m);
}

void
natload_crowd_scan(struct crowd *c)
{
	uint64_t now = clock_nsec();

	if (now < c->scan_at)
		return;
	c->scan_at = now + SCAN_NS;
	msec mono = clock_now().mono;
	for (unsigned i = 0; i < c->n; i++) {
		if (c->v[i].fd >= 0 && turnc_deadline(&c->v[i].t) <= mono)
			natload_crowd_pump(c, &c->v[i]);
	}
}

/* One packet from a member's socket. 1, 0 when there was none, or -errno. */
static int
packet_take(struct crowd *c, struct member *m)
{
	uint8_t buf[PACKET];
	struct turnc_event ev;

	ssize_t n = recv(m->fd, buf, sizeof buf, 0);
	if (n >= 0) {
		natload_crowd_take(c, m, bytes_view(buf, (size_t)n));
		return 1;
	}
	if (errno == ECONNREFUSED) {
		turnc_icmp(&m->t, &ev);
		ended(c, m, &ev);
		return 1;
	}
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -errno;
}

int
natload_crowd_turn(struct crowd *c, int timeout)
{
	struct epoll_event ready[READY];
	int n = epoll_wait(c->epoll, ready, READY, timeout), taken = 0;

	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < n; i++) {
		struct member *m = &c->v[ready[i].data.u32];
		int rc = m->fd < 0 ? 0 : packet_take(c, m);
		if (rc < 0)
			return rc;
		taken += rc;
	}
	natload_crowd_scan(c);
	return taken;
}

static void
one_less(struct crowd *c, struct member *m)
{
	unsigned *waiting = c->ctx;

	(void)m;
	(*waiting)--;
}

long
natload_crowd_all(struct crowd *c, int (*ask)(struct crowd *c, struct member *m))
{
	unsigned next = 0, waiting = 0;
	long failed = 0;
	int rc = 0;

	c->finished = one_less;
	c->ctx = &waiting;
	while (rc >= 0 && (next < c->n || waiting > 0)) {
		for (; next < c->n && waiting < AT_ONCE && rc >= 0; next++) {
			rc = ask(c, &c->v[next]);
			if (rc == 0 && c->v[next].pending != 0) {
				waiting++;
				natload_crowd_pump(c, &c->v[next]);
			}
		}
		if (rc >= 0 && waiting > 0)
			rc = natload_crowd_turn(c, 5);
	}
	c->finished = NULL;
	for (unsigned i = 0; i < c->n; i++)
		failed += c->v[i].failed;
	return rc < 0 ? rc : failed;
}
