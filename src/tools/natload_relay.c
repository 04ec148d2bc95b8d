#include "tools/natload_relay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "common/clock.h"
#include "tools/natload_crowd.h"
#include "tools/natload_lane.h"
#include "tools/natload_wire.h"

enum { READY = 64, CHANNEL_HEADER = 4 };

struct relay_run {
	struct crowd crowd; /* first: `ask` gets a pointer to it */
	struct lanes lanes;
	struct meter meter;
	struct pace pace;
	struct wire_in *in;
	int *peer_fd;           /* one for each member; -1 when members talk to each other */
	union addr *peer;       /* whom each member talks to */
};

static bool
is_call(const struct crowd *c)
{
	return c->job->o->direction == NATLOAD_CALL;
}

/* --- setting up ------------------------------------------------------------------------------- */

static void
ask_path(struct crowd *c, struct member *m)
{
	const struct relay_run *x = (const struct relay_run *)c;
	const union addr *peer = &x->peer[m - c->v];

	if (c->job->o->indications)
		natload_crowd_permit(m, peer);
	else
		natload_crowd_channel(m, peer);
}

static int
ask_allocation(struct crowd *c, struct member *m)
{
	int rc = natload_crowd_open(c, m, true);

	if (rc != 0)
		return rc;
	natload_crowd_allocate(m);
	if (!is_call(c))
		ask_path(c, m);
	return 0;
}

/* The second half of a call: both relayed addresses are known now. */
static int
ask_partner(struct crowd *c, struct member *m)
{
	struct relay_run *x = (struct relay_run *)c;
	size_t at = (size_t)(m - c->v);

	if (m->failed)
		return 0;
	x->peer[at] = c->v[at ^ 1].t.relayed;
	ask_path(c, m);
	return 0;
}

static int
ask_release(struct crowd *c, struct member *m)
{
	(void)c;
	if (m->fd >= 0 && addr_family(&m->t.relayed) != 0)
		natload_crowd_delete(m);
	return 0;
}

static int
peers_open(struct relay_run *x)
{
	struct job *j = x->crowd.job;

	for (unsigned i = 0; i < x->crowd.n; i++) {
		x->peer_fd[i] = natload_wire_open(&j->peer, NULL);
		if (x->peer_fd[i] < 0)
			return x->peer_fd[i];
		int rc = natload_wire_local(x->peer_fd[i], &x->peer[i]);
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* Peers hear and answer their relayed addresses only. */
static int
peers_connect(struct relay_run *x)
{
	for (unsigned i = 0; i < x->crowd.n; i++) {
		struct epoll_event want = {.events = EPOLLIN, .data.u32 = x->crowd.n + i};
		int rc = natload_wire_connect(x->peer_fd[i], &x->crowd.v[i].t.relayed);
		if (rc != 0)
			return rc;
		if (epoll_ctl(x->crowd.epoll, EPOLL_CTL_ADD, x->peer_fd[i], &want) != 0)
			return -errno;
	}
	return 0;
}

static void
lane_set(struct relay_run *x, struct lane *lane, unsigned member, bool up)
{
	const struct natload_options *o = x->crowd.job->o;
	struct member *m = &x->crowd.v[member];
	uint8_t head[NATLOAD_LANE_PREFIX];
	unsigned pad = 0;

	*lane = (struct lane){.fd = up ? m->fd : x->peer_fd[member], .gso = !o->plain};
	lane->to = !up ? member : is_call(&x->crowd) ? member ^ 1 : x->crowd.n + member;
	lane->window = o->window / x->lanes.n;
	if (lane->window < o->burst)
		lane->window = o->burst;
	if (!up)
		return;
	size_t n = turnc_before(&m->t, &x->peer[member], !o->indications, head + sizeof head,
	                        o->size, &pad);
	memcpy(lane->prefix, head + sizeof head - n, n);
	lane->prefix_n = (uint8_t)n;
	lane->pad = (uint8_t)pad;
}

static int
lanes_make(struct relay_run *x)
{
	const struct natload_options *o = x->crowd.job->o;
	unsigned n = x->crowd.n, each = o->direction == NATLOAD_BOTH ? 2 : 1;
	int rc = natload_lane_init(&x->lanes, n * each, o->size, o->burst);

	if (rc != 0)
		return rc;
	entropy_take(&x->crowd.job->entropy, &x->lanes.run, sizeof x->lanes.run);
	x->lanes.meter = &x->meter;
	for (unsigned i = 0; i < n; i++) {
		lane_set(x, &x->lanes.v[i], i, o->direction != NATLOAD_DOWN);
		if (each == 2)
			lane_set(x, &x->lanes.v[n + i], i, false);
	}
	return 0;
}

/* 0, -errno, or how many allocations could not be set up. */
static long
set_up(struct relay_run *x)
{
	bool call = is_call(&x->crowd);
	int rc = call ? 0 : peers_open(x);

	if (rc != 0)
		return rc;
	long failed = natload_crowd_all(&x->crowd, ask_allocation);
	if (failed == 0 && call)
		failed = natload_crowd_all(&x->crowd, ask_partner);
	if (failed != 0)
		return failed;
	rc = call ? 0 : peers_connect(x);
	return rc != 0 ? rc : lanes_make(x);
}

/* --- running ---------------------------------------------------------------------------------- */

/* What a client received: relayed data, or an answer to one of its own refreshes. */
static void
client_take(struct relay_run *x, unsigned at, struct bytes packet, uint64_t now)
{
	struct bytes payload = BYTES_NONE;
	struct parse parsed;

	if (packet.n >= CHANNEL_HEADER && (packet.p[0] & 0xf0) == 0x40) {
		size_t n = bytes_u16(packet.p + 2);
		if (n <= packet.n - CHANNEL_HEADER)
			payload = bytes_view(packet.p + CHANNEL_HEADER, n);
		natload_lane_take(&x->lanes, at, payload, now);
		return;
	}
	if (packet.n < STUN_HEADER ||
	    bytes_u16(packet.p) != name_type(METHOD_DATA, STUN_INDICATION)) {
		natload_crowd_take(&x->crowd, &x->crowd.v[at], packet);
		return;
	}
	if (parse_message(&parsed, packet) == PARSE_OK)
		payload = parse_value(&parsed, ATTR_DATA);
	natload_lane_take(&x->lanes, at, payload, now);
}

/* Takes what one socket has. Runs taken, or -errno. */
static int
socket_take(struct relay_run *x, unsigned at)
{
	const struct wire_got *got;
	unsigned n = x->crowd.n;
	int fd = at < n ? x->crowd.v[at].fd : x->peer_fd[at - n];
	int runs = natload_wire_receive(x->in, fd, &got);
	uint64_t now = clock_nsec();

	for (int i = 0; i < runs; i++) {
		for (size_t k = 0; k < got[i].n; k += got[i].size) {
			size_t left = got[i].n - k;
			struct bytes p = {got[i].p + k, left < got[i].size ? left : got[i].size};
			if (at < n)
				client_take(x, at, p, now);
			else
				natload_lane_take(&x->lanes, at, p, now);
		}
	}
	return runs;
}

/* One turn: receive, send. Whether there was anything to do, or -errno. */
static int
turn(struct relay_run *x, bool sending)
{
	struct epoll_event ready[READY];
	int n = epoll_wait(x->crowd.epoll, ready, READY, 0);
	long rc = 0;

	for (int i = 0; i < n && rc >= 0; i++)
		rc = socket_take(x, ready[i].data.u32);
	natload_crowd_scan(&x->crowd);
	if (rc >= 0 && sending)
		rc = natload_lane_send(&x->lanes, clock_nsec());
	if (rc < 0)
		return (int)rc;
	return n > 0 || rc > 0;
}

static int
measure(struct relay_run *x)
{
	const struct natload_options *o = x->crowd.job->o;
	uint64_t now = clock_nsec();
	int worked = 0;

	natload_meter_init(&x->meter, (pid_t)o->pid, now, o->warmup, o->seconds);
	if (o->rate > 0) {
		x->pace = natload_pace_from(now, (double)o->rate / o->burst);
		x->lanes.pace = &x->pace;
	}
	while (natload_meter_turn(&x->meter, now, worked > 0) != METER_OVER) {
		bool sending = x->meter.phase < METER_DRAIN;
		if (!sending && x->lanes.received == x->lanes.sent)
			break;
		worked = turn(x, sending);
		if (worked < 0)
			return worked;
		now = clock_nsec();
	}
	return 0;
}

/* --- the result ------------------------------------------------------------------------------- */

static const char *
judge(const struct relay_run *x, double loss)
{
	unsigned rate = x->crowd.job->o->rate;
	double wanted = rate * natload_meter_seconds(&x->meter);

	if (x->lanes.delivered == 0)
		return "no packet arrived";
	if ((double)x->lanes.delivered < wanted * 0.98)
		return "fewer packets than asked for";
	if (loss > (rate > 0 ? 1.0 : 5.0))
		return "too many packets lost";
	return NULL;
}

static void
tell(struct relay_run *x, struct report *r)
{
	const struct natload_options *o = x->crowd.job->o;
	const struct lanes *l = &x->lanes;
	double sent = l->sent > 0 ? (double)l->sent : 1.0;
	double lost = l->sent > l->received ? (double)(l->sent - l->received) * 100.0 / sent : 0.0;
	double seconds = natload_meter_seconds(&x->meter);

	natload_meter_report(&x->meter, &(struct meter_unit){
		"packets", "packets_per_second", "packets", "/s", l->delivered}, r);
	natload_report_add(r, (struct report_row){
		"mbit_per_second", "payload", "Mbit/s",
		(double)l->delivered * o->size * 8.0 / 1e6 / seconds, 1});
	natload_report_add(r, (struct report_row){"loss_percent", "lost", "%", lost, 3});
	if (l->refused > 0)
		natload_report_add(r, (struct report_row){
			"refused", "not taken by our kernel", "", (double)l->refused, 0});
	natload_report_add(r, (struct report_row){
		"strange", "foreign or damaged", "", (double)l->strange, 0});
	natload_report_times(r, &l->hist, &(struct report_times){
		"latency_p50_us", "latency_p90_us", "latency_p99_us", "latency_p999_us",
		"latency_max_us"});
	r->missed = judge(x, lost);
}

static int
open_all(struct relay_run *x, struct job *j, struct report *r)
{
	unsigned n = j->o->number;
	int rc = natload_crowd_init(&x->crowd, j, r, n);

	if (rc == 0) /* as many peers as clients */
		rc = natload_job_descriptors(2 * n);
	if (rc != 0)
		return rc;
	x->peer_fd = calloc(n, sizeof *x->peer_fd);
	x->peer = calloc(n, sizeof *x->peer);
	x->in = natload_wire_new();
	if (x->peer_fd == NULL || x->peer == NULL || x->in == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < n; i++)
		x->peer_fd[i] = -1;
	return 0;
}

static void
close_all(struct relay_run *x)
{
	for (unsigned i = 0; x->peer_fd != NULL && i < x->crowd.n; i++) {
		if (x->peer_fd[i] >= 0)
			close(x->peer_fd[i]);
	}
	natload_lane_fini(&x->lanes);
	natload_crowd_fini(&x->crowd);
	natload_wire_free(x->in);
	free(x->peer_fd);
	free(x->peer);
	free(x);
}

int
natload_relay_run(struct job *j, struct report *r)
{
	struct relay_run *x = calloc(1, sizeof *x);

	if (x == NULL)
		return -ENOMEM;
	x->crowd.epoll = -1;
	long rc = open_all(x, j, r);
	if (rc == 0)
		rc = set_up(x);
	if (rc > 0) {
		r->missed = "not all allocations could be made";
		rc = 0;
	} else if (rc == 0) {
		rc = measure(x);
		if (rc == 0)
			tell(x, r);
	}
	if (rc == 0 && x->crowd.v != NULL)
		(void)natload_crowd_all(&x->crowd, ask_release);
	close_all(x);
	return (int)rc;
}
