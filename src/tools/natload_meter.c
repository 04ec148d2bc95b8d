#include "tools/natload_meter.h"

#include <string.h>

enum { DRAIN_MS = 300 };

void
natload_meter_init(struct meter *m, pid_t pid, uint64_t now_ns, uint64_t warmup, uint64_t run)
{
	*m = (struct meter){.pid = pid, .phase = METER_WARM, .turn_ns = now_ns};
	m->run_at = now_ns + warmup * 1000000u;
	m->drain_at = m->run_at + run * 1000000u;
	m->over_at = m->drain_at + DRAIN_MS * 1000000u;
}

static void
span_begin(struct meter *m, uint64_t now_ns)
{
	m->begun_ns = now_ns;
	if (m->pid != 0)
		m->error = natload_proc_cpu(m->pid, &m->before);
}

static void
span_end(struct meter *m, uint64_t now_ns)
{
	struct cpu_use now = {0};

	m->ended_ns = now_ns;
	if (m->pid == 0 || m->error != 0)
		return;
	m->error = natload_proc_cpu(m->pid, &now);
	if (m->error == 0)
		m->used = natload_proc_since(&now, &m->before);
}

enum meter_phase
natload_meter_turn(struct meter *m, uint64_t now_ns, bool worked)
{
	if (m->phase == METER_RUN && worked)
		m->busy_ns += now_ns - m->turn_ns;
	m->turn_ns = now_ns;
	if (m->phase == METER_WARM && now_ns >= m->run_at) {
		span_begin(m, now_ns);
		m->phase = METER_RUN;
	}
	if (m->phase == METER_RUN && now_ns >= m->drain_at) {
		span_end(m, now_ns);
		m->phase = METER_DRAIN;
	}
	if (m->phase == METER_DRAIN && now_ns >= m->over_at)
		m->phase = METER_OVER;
	return m->phase;
}

double
natload_meter_seconds(const struct meter *m)
{
	return (double)(m->ended_ns - m->begun_ns) / 1e9;
}

/* Rows about the server's process. */
static void
server_report(const struct meter *m, uint64_t n, struct report *r)
{
	double seconds = natload_meter_seconds(m);
	double each = n == 0 ? 0.0 : (double)m->used.run_ns / 1e3 / (double)n;
	double ticks = (double)(m->used.user_ns + m->used.system_ns);
	double user = ticks > 0.0 ? (double)m->used.user_ns / ticks * 100.0 : 0.0;

	natload_report_add(r, (struct report_row){"cpu_us", "server CPU each", "us", each, 4});
	natload_report_add(r, (struct report_row){
		"cpu_percent", "server CPU", "% of a core",
		(double)m->used.run_ns / 1e7 / seconds, 1});
	natload_report_add(r, (struct report_row){
		"cpu_user_percent", "of it in user space", "%", user, 1});
}

void
natload_meter_report(const struct meter *m, const struct meter_unit *u, struct report *r)
{
	double seconds = natload_meter_seconds(m);

	if (seconds <= 0.0)
		return;
	natload_report_add(r, (struct report_row){"seconds", "measured", "s", seconds, 3});
	natload_report_add(r, (struct report_row){u->count_key, NULL, u->unit, (double)u->n, 0});
	natload_report_add(r, (struct report_row){u->rate_key, u->label, u->unit,
	                                          (double)u->n / seconds, 0});
	if (m->pid != 0 && m->error == 0)
		server_report(m, u->n, r);
	natload_report_add(r, (struct report_row){
		"generator_busy_percent", "generator busy", "%",
		(double)m->busy_ns / 1e7 / seconds, 1});
}
