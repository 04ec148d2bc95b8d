#include "tools/natload_allocate.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/clock.h"
#include "tools/natload_crowd.h"
#include "tools/natload_meter.h"
#include "tools/natload_pace.h"
#include "tools/natload_wire.h"

struct churn {
	struct crowd crowd;
	struct meter meter;
	struct pace pace;
	struct hist hist;
	union addr peer;
	int sink;                 /* a peer that nobody sends to */
	struct member **idle;     /* a stack */
	unsigned idle_n;
	uint64_t whole, failed;   /* cycles ended within the measured span */
	int error;
};

/* A member has its channel, or has been released, or something went wrong. */
static void
step(struct crowd *crowd, struct member *m)
{
	struct churn *c = crowd->ctx;

	if (addr_family(&m->t.relayed) != 0 && !m->releasing) {
		natload_crowd_delete(m);
		return;
	}
	if (c->meter.phase == METER_RUN) {
		uint64_t now = clock_nsec();
		c->whole += !m->failed;
		c->failed += m->failed;
		natload_hist_add(&c->hist, now > m->at_ns ? now - m->at_ns : 0, !m->failed);
	}
	natload_crowd_close(m);
	c->idle[c->idle_n++] = m;
}

static int
cycle_begin(struct churn *c, uint64_t at_ns)
{
	struct member *m = c->idle[--c->idle_n];
	int rc = natload_crowd_open(&c->crowd, m, false);

	if (rc != 0)
		return rc;
	m->at_ns = at_ns;
	natload_crowd_allocate(m);
	natload_crowd_channel(m, &c->peer);
	natload_crowd_pump(&c->crowd, m);
	return 0;
}

/* Starts what is due; in the closed loop that is whatever is idle. */
static int
cycles_begin(struct churn *c, uint64_t now)
{
	bool open = c->crowd.job->o->rate > 0;
	uint64_t due = open ? natload_pace_due(&c->pace, now) : c->idle_n;
	int rc = 0;

	for (; due > 0 && c->idle_n > 0 && rc == 0; due--)
		rc = cycle_begin(c, open ? natload_pace_next(&c->pace) : now);
	return rc;
}

static int
measure(struct churn *c)
{
	const struct natload_options *o = c->crowd.job->o;
	uint64_t now = clock_nsec();
	int taken = 0;

	natload_meter_init(&c->meter, (pid_t)o->pid, now, o->warmup, o->seconds);
	if (o->rate > 0)
		c->pace = natload_pace_from(now, o->rate);
	while (natload_meter_turn(&c->meter, now, taken > 0) != METER_OVER) {
		bool starting = c->meter.phase < METER_DRAIN;
		if (!starting && c->idle_n == c->crowd.n)
			break;
		int rc = starting ? cycles_begin(c, now) : 0;
		if (rc == 0)
			taken = natload_crowd_turn(&c->crowd, 0);
		if (rc != 0 || taken < 0)
			return rc != 0 ? rc : taken;
		now = clock_nsec();
	}
	return 0;
}

static void
tell(struct churn *c, struct report *r)
{
	double wanted = c->crowd.job->o->rate * natload_meter_seconds(&c->meter);

	natload_meter_report(&c->meter, &(struct meter_unit){
		"cycles", "cycles_per_second", "whole allocations", "/s", c->whole}, r);
	natload_report_add(r, (struct report_row){
		"failed", "failed cycles", "", (double)c->failed, 0});
	natload_report_times(r, &c->hist, &(struct report_times){
		"latency_p50_us", "latency_p90_us", "latency_p99_us", "latency_p999_us",
		"latency_max_us"});
	if (c->whole == 0)
		r->missed = "no whole cycle";
	else if ((double)c->whole < wanted * 0.98)
		r->missed = "fewer cycles than asked for";
	else if (c->failed > c->whole / 100)
		r->missed = "more than 1 % failed";
}

static int
open_all(struct churn *c, struct job *j, struct report *r)
{
	unsigned n = j->o->number;
	int rc = natload_crowd_init(&c->crowd, j, r, n);

	if (rc != 0)
		return rc;
	c->crowd.finished = step;
	c->crowd.ctx = c;
	c->idle = calloc(n, sizeof(struct member *));
	if (c->idle == NULL)
		return -ENOMEM;
	while (c->idle_n < n) {
		c->idle[c->idle_n] = &c->crowd.v[c->idle_n];
		c->idle_n++;
	}
	c->sink = natload_wire_open(&j->peer, NULL);
	return c->sink < 0 ? c->sink : natload_wire_local(c->sink, &c->peer);
}

int
natload_allocate_run(struct job *j, struct report *r)
{
	struct churn *c = calloc(1, sizeof *c);

	if (c == NULL)
		return -ENOMEM;
	c->sink = -1;
	c->crowd.epoll = -1;
	int rc = open_all(c, j, r);
	if (rc == 0)
		rc = measure(c);
	if (rc == 0)
		tell(c, r);
	natload_crowd_fini(&c->crowd);
	if (c->sink >= 0)
		close(c->sink);
	free(c->idle);
	free(c);
	return rc;
}
