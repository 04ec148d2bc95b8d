#include "tools/natload_binding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/clock.h"
#include "client/txn.h"
#include "tools/natload_job.h"
#include "tools/natload_meter.h"
#include "tools/natload_pace.h"
#include "tools/natload_wire.h"

enum {
	OPEN_SLOTS = 65536,       /* open loop: requests that may be under way */
	LOST_NS = 500 * 1000000,  /* an answer that took longer counts as lost */
	SWEEP_NS = 50 * 1000000,
	CHECK_EVERY = 1024,       /* every so many answers one is read to the last byte */
	READY = 64,
};

struct request {
	uint64_t at_ns; /* when it was meant to leave; 0 = free */
	uint32_t turn;  /* which use of this place: late answers do not match */
	uint32_t socket;
};

struct binding {
	struct job *job;
	struct meter meter;
	struct pace pace;
	struct hist hist;
	struct wire_in *in;
	int epoll;
	int *fd;
	unsigned sockets, next_socket;
	struct request *slot;
	uint32_t *free; /* a stack of places */
	unsigned slots, free_n;
	uint32_t run;
	uint64_t sent, answered, counted, lost, strange; /* `sent`, `counted`: in the span */
	uint64_t sweep_at;
};

static uint32_t
word_at(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* One request's 20 bytes. Its transaction id says where it is kept. */
static void
request_write(struct binding *b, uint32_t at, uint8_t into[static STUN_HEADER])
{
	uint32_t id[3] = {b->run, at, b->slot[at].turn};

	bytes_put16(into, name_type(METHOD_BINDING, STUN_REQUEST));
	bytes_put16(into + 2, 0);
	bytes_put32(into + 4, STUN_COOKIE);
	memcpy(into + 8, id, sizeof id);
}

static void
slot_release(struct binding *b, uint32_t at)
{
	b->slot[at].at_ns = 0;
	b->slot[at].turn++;
	b->free[b->free_n++] = at;
}

/* Up to `n` requests by one socket; open loop: as planned, else as of now. 0 or -errno. */
static int
requests_send(struct binding *b, unsigned socket, unsigned n, uint64_t now)
{
	uint8_t packets[NATLOAD_WIRE_SEND * STUN_HEADER];
	uint32_t used[NATLOAD_WIRE_SEND];
	bool gso = false;
	unsigned k = 0;

	for (; k < n && k < NATLOAD_WIRE_SEND && b->free_n > 0; k++) {
		uint32_t at = used[k] = b->free[--b->free_n];
		b->slot[at].at_ns = b->job->o->rate > 0 ? natload_pace_next(&b->pace) : now;
		b->slot[at].socket = socket;
		request_write(b, at, packets + k * STUN_HEADER);
	}
	struct wire_run run = {packets, STUN_HEADER, k, 1};
	long gone = natload_wire_send(b->fd[socket], &run, &gso);
	unsigned left = gone > 0 ? (unsigned)gone : 0;
	if (b->meter.phase == METER_RUN)
		b->sent += left;
	while (k > left)
		slot_release(b, used[--k]);
	return gone < 0 ? (int)gone : 0;
}

/* Every so often an answer is read like a client reads it: it must show our own address. */
static bool
answer_is_right(struct binding *b, unsigned socket, struct bytes packet)
{
	struct parse m;
	union addr mapped, own;

	return parse_message(&m, packet) == PARSE_OK &&
	       parse_addr(&m, ATTR_XOR_MAPPED_ADDRESS, &mapped) &&
	       natload_wire_local(b->fd[socket], &own) == 0 && addr_equal(&mapped, &own);
}

/* True when the packet answers a request of ours that is under way. */
static bool
answer_take(struct binding *b, unsigned socket, struct bytes packet, uint64_t now)
{
	uint32_t success = name_type(METHOD_BINDING, STUN_SUCCESS);

	if (packet.n < STUN_HEADER || bytes_u16(packet.p) != success ||
	    word_at(packet.p + 8) != b->run)
		return false;
	uint32_t at = word_at(packet.p + 12);
	if (at >= b->slots || b->slot[at].at_ns == 0 || b->slot[at].turn != word_at(packet.p + 16))
		return false;
	if (b->answered++ % CHECK_EVERY == 0 && !answer_is_right(b, socket, packet))
		return false;
	if (b->meter.phase == METER_RUN) {
		b->counted++;
		uint64_t at_ns = b->slot[at].at_ns;
		natload_hist_add(&b->hist, now > at_ns ? now - at_ns : 0, 1);
	}
	slot_release(b, at);
	return true;
}

/* Takes what a socket has; how many answers it were, or -errno. */
static int
answers_take(struct binding *b, unsigned socket, uint64_t now)
{
	const struct wire_got *got;
	int n = natload_wire_receive(b->in, b->fd[socket], &got), answers = 0;

	for (int i = 0; i < n; i++) {
		for (size_t at = 0; at < got[i].n; at += got[i].size) {
			size_t left = got[i].n - at;
			struct bytes p = {got[i].p + at, left < got[i].size ? left : got[i].size};
			if (answer_take(b, socket, p, now))
				answers++;
			else
				b->strange++;
		}
	}
	return n < 0 ? n : answers;
}

/* Gives up requests without an answer, so that their places are used again. */
static void
sweep(struct binding *b, uint64_t now)
{
	if (now < b->sweep_at)
		return;
	b->sweep_at = now + SWEEP_NS;
	for (uint32_t at = 0; at < b->slots; at++) {
		if (b->slot[at].at_ns == 0 || now < b->slot[at].at_ns + LOST_NS)
			continue;
		if (b->slot[at].at_ns >= b->meter.begun_ns && b->meter.begun_ns != 0)
			b->lost++;
		slot_release(b, at);
	}
}

/* Open loop: what is due. Closed loop: what fits into the window (at first, and after losses). */
static int
send_due(struct binding *b, uint64_t now)
{
	bool open = b->job->o->rate > 0;
	uint64_t due = open ? natload_pace_due(&b->pace, now) : b->free_n;

	if (due > b->free_n)
		due = b->free_n;
	unsigned share = (unsigned)(due / b->sockets) + 1;
	while (due > 0) {
		unsigned n = due < share ? (unsigned)due : share;
		int rc = requests_send(b, b->next_socket, n, now);
		if (rc != 0)
			return rc;
		b->next_socket = (b->next_socket + 1) % b->sockets;
		due -= n < NATLOAD_WIRE_SEND ? n : NATLOAD_WIRE_SEND;
	}
	return 0;
}

/* One turn: receive, send. Answers received, or -errno. */
static int
turn(struct binding *b, uint64_t now, bool sending)
{
	struct epoll_event ready[READY];
	int n = epoll_wait(b->epoll, ready, READY, 0), answers = 0, rc = 0;

	for (int i = 0; i < n && rc >= 0; i++) {
		rc = answers_take(b, ready[i].data.u32, now);
		if (rc > 0 && sending && b->job->o->rate == 0)
			(void)requests_send(b, ready[i].data.u32, (unsigned)rc, now);
		answers += rc > 0 ? rc : 0;
	}
	if (rc >= 0 && sending)
		rc = send_due(b, now);
	sweep(b, now);
	return rc < 0 ? rc : answers;
}

static int
measure(struct binding *b)
{
	const struct natload_options *o = b->job->o;
	uint64_t now = clock_nsec();
	int answers = 0;

	natload_meter_init(&b->meter, (pid_t)o->pid, now, o->warmup, o->seconds);
	if (o->rate > 0)
		b->pace = natload_pace_from(now, o->rate);
	while (natload_meter_turn(&b->meter, now, answers > 0) != METER_OVER) {
		bool sending = b->meter.phase < METER_DRAIN;
		if (!sending && b->free_n == b->slots)
			break;
		answers = turn(b, now, sending);
		if (answers < 0)
			return answers;
		now = clock_nsec();
	}
	sweep(b, UINT64_MAX - LOST_NS - SWEEP_NS);
	return 0;
}

static int
sockets_open(struct binding *b)
{
	b->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (b->epoll < 0)
		return -errno;
	for (unsigned i = 0; i < b->job->o->number; i++) {
		struct epoll_event want = {.events = EPOLLIN, .data.u32 = i};
		int fd = natload_wire_open(&b->job->local, &b->job->server);
		if (fd < 0)
			return fd;
		b->fd[b->sockets++] = fd;
		if (epoll_ctl(b->epoll, EPOLL_CTL_ADD, fd, &want) != 0)
			return -errno;
	}
	return 0;
}

static int
open_all(struct binding *b)
{
	const struct natload_options *o = b->job->o;

	b->slots = o->rate > 0 ? OPEN_SLOTS : o->window;
	b->slot = calloc(b->slots, sizeof *b->slot);
	b->free = calloc(b->slots, sizeof *b->free);
	b->fd = calloc(o->number, sizeof *b->fd);
	b->in = natload_wire_new();
	if (b->slot == NULL || b->free == NULL || b->fd == NULL || b->in == NULL)
		return -ENOMEM;
	for (uint32_t at = 0; at < b->slots; at++)
		b->free[b->free_n++] = at;
	entropy_take(&b->job->entropy, &b->run, sizeof b->run);
	int rc = natload_job_descriptors(o->number);
	return rc != 0 ? rc : sockets_open(b);
}

static void
close_all(struct binding *b)
{
	for (unsigned i = 0; i < b->sockets; i++)
		close(b->fd[i]);
	if (b->epoll >= 0)
		close(b->epoll);
	natload_wire_free(b->in);
	free(b->fd);
	free(b->free);
	free(b->slot);
	free(b);
}

static void
tell(struct binding *b, struct report *r)
{
	unsigned rate = b->job->o->rate;
	double all = b->sent > 0 ? (double)b->sent : 1.0;

	natload_meter_report(&b->meter, &(struct meter_unit){
		"answers", "answers_per_second", "answers", "/s", b->counted}, r);
	natload_report_add(r, (struct report_row){
		"loss_percent", "lost", "%", (double)b->lost * 100.0 / all, 3});
	natload_report_add(r, (struct report_row){
		"strange", "wrong or late answers", "", (double)b->strange, 0});
	natload_report_times(r, &b->hist, &(struct report_times){
		"latency_p50_us", "latency_p90_us", "latency_p99_us", "latency_p999_us",
		"latency_max_us"});
	double wanted = rate * natload_meter_seconds(&b->meter);
	if (b->counted == 0)
		r->missed = "no answers";
	else if ((double)b->counted < wanted * 0.98)
		r->missed = "fewer answers than asked for";
	else if ((double)b->lost > all * 0.01)
		r->missed = "more than 1 % lost";
}

int
natload_binding_run(struct job *j, struct report *r)
{
	struct binding *b = calloc(1, sizeof *b);

	if (b == NULL)
		return -ENOMEM;
	b->job = j;
	b->epoll = -1;
	int rc = open_all(b);
	if (rc == 0)
		rc = measure(b);
	if (rc == 0)
		tell(b, r);
	close_all(b);
	return rc;
}
