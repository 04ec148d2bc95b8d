/* natload -- loads a STUN/TURN server and measures what it achieves and what that costs. */
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "tools/natload_allocate.h"
#include "tools/natload_binding.h"
#include "tools/natload_hold.h"
#include "tools/natload_job.h"
#include "tools/natload_proc.h"
#include "tools/natload_relay.h"
#include "tools/natload_report.h"

enum { EXIT_ACHIEVED = 0, EXIT_NOT_ACHIEVED = 1, EXIT_ERROR = 3 };

static int (*const runs[])(struct job *, struct report *) = {
	[NATLOAD_BINDING] = natload_binding_run,
	[NATLOAD_ALLOCATE] = natload_allocate_run,
	[NATLOAD_HOLD] = natload_hold_run,
	[NATLOAD_RELAY] = natload_relay_run,
};

static int
failed(const char *what, int error)
{
	fprintf(stderr, "natload: %s: %s\n", what, strerror(-error));
	return EXIT_ERROR;
}

static int
run(const struct natload_options *o, struct job *j)
{
	struct report r = {0};
	struct cpu_use probe;
	char server[ADDR_TEXT];
	int rc = o->pid == 0 ? 0 : natload_proc_cpu((pid_t)o->pid, &probe);

	if (rc != 0)
		return failed("cannot read the process given by --pid", rc);
	rc = runs[o->mode](j, &r);
	if (rc != 0)
		return failed(natload_options_mode(o->mode), rc);
	natload_report_print(&r, &(struct report_head){
		natload_options_mode(o->mode), addr_text(&j->server, server)}, o->json, stdout);
	return r.missed == NULL ? EXIT_ACHIEVED : EXIT_NOT_ACHIEVED;
}

int
main(int argc, char **argv)
{
	struct natload_options o;
	struct job j;
	bool ended;

	int status = natload_options_read(argc, argv, &o, &ended);
	if (ended || status != 0)
		return status;
	(void)prctl(PR_SET_TIMERSLACK, 1);
	status = natload_job_init(&j, &o);
	if (status != 0)
		return status;
	status = run(&o, &j);
	natload_job_fini(&j);
	return status;
}
