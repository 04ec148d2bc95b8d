#include "tools/natload_hold.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "common/clock.h"
#include "tools/natload_crowd.h"
#include "tools/natload_proc.h"
#include "tools/natload_wire.h"

enum { SETTLE_MS = 300 };

struct hold {
	struct crowd crowd; /* first: `ask` gets a pointer to it */
	union addr peer;
	int sink;
	long failed;
	double allocate_s; /* how long it took until all stood */
	uint64_t before, after, released;
};

/* Opens a member and asks for its allocation, and with it a channel and a permission. */
static int
ask(struct crowd *c, struct member *m)
{
	const struct hold *h = (const struct hold *)c;
	int rc = natload_crowd_open(c, m, false);

	if (rc != 0)
		return rc;
	natload_crowd_allocate(m);
	natload_crowd_channel(m, &h->peer);
	return 0;
}

static int
ask_release(struct crowd *c, struct member *m)
{
	(void)c;
	if (addr_family(&m->t.relayed) != 0)
		natload_crowd_delete(m);
	return 0;
}

/* The process' memory after it has had a moment to come to rest. 0 or -errno. */
static int
rss_read(const struct hold *h, uint64_t *into)
{
	unsigned pid = h->crowd.job->o->pid;

	if (pid == 0)
		return 0;
	(void)poll(NULL, 0, SETTLE_MS);
	return natload_proc_rss((pid_t)pid, into);
}

/* Keeps all alive for as long as the job says. */
static int
keep(struct hold *h)
{
	uint64_t end = clock_nsec() + h->crowd.job->o->seconds * 1000000u;
	int rc = 0;

	while (rc >= 0 && clock_nsec() < end)
		rc = natload_crowd_turn(&h->crowd, 20);
	return rc < 0 ? rc : 0;
}

static int
measure(struct hold *h)
{
	int rc = rss_read(h, &h->before);

	if (rc != 0)
		return rc;
	uint64_t begun = clock_nsec();
	h->failed = natload_crowd_all(&h->crowd, ask);
	h->allocate_s = (double)(clock_nsec() - begun) / 1e9;
	if (h->failed < 0)
		return (int)h->failed;
	rc = rss_read(h, &h->after);
	if (rc == 0)
		rc = keep(h);
	if (rc != 0 || h->crowd.job->o->leave)
		return rc;
	long left = natload_crowd_all(&h->crowd, ask_release);
	return left < 0 ? (int)left : rss_read(h, &h->released);
}

static void
tell(const struct hold *h, struct report *r)
{
	double held = (double)h->crowd.n - (double)h->failed;

	natload_report_add(r, (struct report_row){"held", "held allocations", "", held, 0});
	natload_report_add(r, (struct report_row){
		"allocate_seconds", "made within", "s", h->allocate_s, 3});
	if (h->failed > 0)
		r->missed = "not all allocations could be made";
	if (h->crowd.job->o->pid == 0)
		return;
	double grown = (double)h->after - (double)h->before;
	natload_report_add(r, (struct report_row){
		"rss_before", "server RSS before", "kB", (double)h->before / 1024, 0});
	natload_report_add(r, (struct report_row){
		"rss_after", "server RSS held", "kB", (double)h->after / 1024, 0});
	if (!h->crowd.job->o->leave)
		natload_report_add(r, (struct report_row){
			"rss_released", "server RSS released", "kB",
			(double)h->released / 1024, 0});
	natload_report_add(r, (struct report_row){
		"bytes_per_allocation", "each allocation", "bytes of RSS",
		held > 0 ? grown / held : 0.0, 0});
}

int
natload_hold_run(struct job *j, struct report *r)
{
	struct hold h = {.sink = -1};
	int rc = natload_crowd_init(&h.crowd, j, r, j->o->number);

	if (rc == 0) {
		h.sink = natload_wire_open(&j->peer, NULL);
		rc = h.sink < 0 ? h.sink : natload_wire_local(h.sink, &h.peer);
	}
	if (rc == 0)
		rc = measure(&h);
	if (rc == 0)
		tell(&h, r);
	natload_crowd_fini(&h.crowd);
	if (h.sink >= 0)
		close(h.sink);
	return rc;
}
