/*
 * tools/natload_report.h -- own thread: what was measured, kept as rows and then printed as a
 * table for people or as one JSON object.
 */
#ifndef NATSRV_TOOLS_NATLOAD_REPORT_H
#define NATSRV_TOOLS_NATLOAD_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tools/natload_hist.h"

enum { NATLOAD_REPORT_ROWS = 48, NATLOAD_REPORT_OUTCOMES = 704 };

struct report_row {
	const char *key;   /* JSON */
	const char *label; /* table; NULL = JSON only */
	const char *unit;
	double value;
	int decimals;
};

struct report {
	unsigned n;
	struct report_row row[NATLOAD_REPORT_ROWS];
	uint64_t good, negative[8];                 /* operations by outcome: 0, -1..-7, */
	uint64_t code[NATLOAD_REPORT_OUTCOMES];     /* and STUN codes */
	const char *missed;                         /* NULL: the load was achieved */
};

/* Texts are kept by pointer: literals. */
void natload_report_add(struct report *r, struct report_row row);

/* An operation has ended with this outcome of turnc.h. */
void natload_report_outcome(struct report *r, int outcome);

/* Percentiles of times in nanoseconds, as microseconds: rows KEY_p50 and so on. */
struct report_times {
	const char *p50, *p90, *p99, *p999, *max; /* keys */
};
void natload_report_times(struct report *r, const struct hist *h, const struct report_times *keys);

/* The value under a key, or 0. */
double natload_report_value(const struct report *r, const char *key);

struct report_head {
	const char *mode, *server;
};
void natload_report_print(const struct report *r, const struct report_head *head, bool json,
                          FILE *to);

#endif
