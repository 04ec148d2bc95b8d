/*
 * tools/natload_job.h -- own thread: what every mode needs before it can begin: the server's
 * address, leave to load it, credentials, and what the client machines share.
 */
#ifndef NATSRV_TOOLS_NATLOAD_JOB_H
#define NATSRV_TOOLS_NATLOAD_JOB_H

#include "common/addr.h"
#include "common/entropy.h"
#include "client/credential.h"
#include "client/turnc.h"
#include "tools/natload_options.h"
#include "tools/toolfile.h"

struct job {
	const struct natload_options *o;
	union addr server;
	union addr local; /* our address towards the server, port 0 */
	union addr peer;  /* where our own peers are bound, port 0 */
	struct turnc_env env;
	struct turnc_want want;
	struct entropy entropy;
	struct credential credential;      /* made from a secret */
	struct toolfile_secret secret;     /* or password, as it stands in its file */
};

/*
 * Fills `j`, which stays where it is from now on. 0, or the exit status to end with, after the
 * reason was printed on stderr: 3, or 64 when the server must not be loaded.
 */
int natload_job_init(struct job *j, const struct natload_options *o);
void natload_job_fini(struct job *j);

/* Lets this process have about `n` more descriptors than it needs anyway. 0 or -errno. */
int natload_job_descriptors(unsigned n);

#endif
