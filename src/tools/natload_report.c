#include "tools/natload_report.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "client/turnc.h"

void
natload_report_add(struct report *r, struct report_row row)
{
	assert(r->n < NATLOAD_REPORT_ROWS);
	r->row[r->n++] = row;
}

void
natload_report_outcome(struct report *r, int outcome)
{
	if (outcome == TURNC_GOOD)
		r->good++;
	else if (outcome < 0 && outcome > -8)
		r->negative[-outcome]++;
	else if (outcome > 0 && outcome < NATLOAD_REPORT_OUTCOMES)
		r->code[outcome]++;
}

void
natload_report_times(struct report *r, const struct hist *h, const struct report_times *keys)
{
	const struct {
		const char *key, *label;
		double share;
	} rows[] = {
		{keys->p50, "latency p50", 0.5},    {keys->p90, "latency p90", 0.9},
		{keys->p99, "latency p99", 0.99},   {keys->p999, "latency p99.9", 0.999},
		{keys->max, "latency max", 1.0},
	};

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		double us = (double)natload_hist_at(h, rows[i].share) / 1e3;
		natload_report_add(r, (struct report_row){rows[i].key, rows[i].label, "us", us, 1});
	}
}

double
natload_report_value(const struct report *r, const char *key)
{
	for (unsigned i = 0; i < r->n; i++) {
		if (strcmp(r->row[i].key, key) == 0)
			return r->row[i].value;
	}
	return 0.0;
}

/* One outcome in whichever voice; `*first` places the commas. */
static void
outcome_print(int outcome, uint64_t n, bool json, FILE *to, bool *first)
{
	if (n == 0)
		return;
	if (!json)
		fprintf(to, "  %-24s %14" PRIu64 "\n", turnc_outcome_name(outcome), n);
	else if (outcome > 0)
		fprintf(to, "%s\"%d\": %" PRIu64, *first ? "" : ", ", outcome, n);
	else
		fprintf(to, "%s\"%s\": %" PRIu64, *first ? "" : ", ",
		        outcome == 0 ? "good" : turnc_outcome_name(outcome), n);
	*first = false;
}

static void
outcomes_print(const struct report *r, bool json, FILE *to)
{
	bool first = true;

	outcome_print(0, r->good, json, to, &first);
	for (int i = 1; i < 8; i++)
		outcome_print(-i, r->negative[i], json, to, &first);
	for (int i = 1; i < NATLOAD_REPORT_OUTCOMES; i++)
		outcome_print(i, r->code[i], json, to, &first);
}

static void
print_json(const struct report *r, const struct report_head *head, FILE *to)
{
	fprintf(to, "{\"schema\": \"natload/1\", \"mode\": \"%s\", \"server\": \"%s\"", head->mode,
	        head->server);
	for (unsigned i = 0; i < r->n; i++)
		fprintf(to, ", \"%s\": %.*f", r->row[i].key, r->row[i].decimals, r->row[i].value);
	fprintf(to, ", \"operations\": {");
	outcomes_print(r, true, to);
	fprintf(to, "}, \"achieved\": %s", r->missed == NULL ? "true" : "false");
	if (r->missed != NULL)
		fprintf(to, ", \"why_not\": \"%s\"", r->missed);
	fprintf(to, "}\n");
}

static void
print_table(const struct report *r, const struct report_head *head, FILE *to)
{
	fprintf(to, "natload %s to %s\n", head->mode, head->server);
	for (unsigned i = 0; i < r->n; i++) {
		const struct report_row *row = &r->row[i];
		if (row->label != NULL)
			fprintf(to, "  %-24s %14.*f %s\n", row->label, row->decimals, row->value,
			        row->unit);
	}
	outcomes_print(r, false, to);
	fprintf(to, "%s%s\n", r->missed == NULL ? "achieved" : "NOT ACHIEVED: ",
	        r->missed == NULL ? "" : r->missed);
}

void
natload_report_print(const struct report *r, const struct report_head *head, bool json, FILE *to)
{
	if (json)
		print_json(r, head, to);
	else
		print_table(r, head, to);
}
