/* What the tests of natload's engines share: a job for a fake server, and its end. */
#ifndef NATSRV_TESTS_UNIT_TOOLS_LOAD_FIXTURE_H
#define NATSRV_TESTS_UNIT_TOOLS_LOAD_FIXTURE_H

#include "tools/natload_job.h"
#include "tools/natload_report.h"

#include "fake_turn.h"

static struct job load_job;
static struct report load_report;
static struct natload_options load_options;
static pid_t load_server;

/* A server, and a job that it is to be loaded with. */
static inline void
load_begin(struct natload_options o, unsigned lose, unsigned full)
{
	char target[ADDR_TEXT];
	union addr at;

	load_server = fake_start(lose, full, &at);
	load_options = o;
	load_options.target = addr_text(&at, target);
	load_options.pid = (unsigned)load_server;
	load_options.warmup = 20;
	if (load_options.seconds == 0)
		load_options.seconds = 150;
	load_report = (struct report){0};
	assert_int_equal(natload_job_init(&load_job, &load_options), 0);
}

static inline void
load_end(void)
{
	natload_job_fini(&load_job);
	fake_stop(load_server);
}

static inline double
load_value(const char *key)
{
	return natload_report_value(&load_report, key);
}

#endif
