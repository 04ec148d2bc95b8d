/*
 * server/daemon.h -- main thread: natsrvd from settings to serving and back.
 */
#ifndef NATSRV_SERVER_DAEMON_H
#define NATSRV_SERVER_DAEMON_H

#include "server/build.h"
#include "server/settings.h"

enum { /* exit codes, from sysexits.h as surface.md 3 has them */
	DAEMON_OK = 0,
	DAEMON_USAGE = 64,
	DAEMON_UNAVAILABLE = 69,
	DAEMON_OS = 71,
	DAEMON_NO_PERMISSION = 77,
	DAEMON_CONFIG = 78,
};

struct daemon;

/*
 * Finds the relay addresses, opens every listener, gives up root. Errors go to the log. 0 and a
 * daemon that is ready to run, or an exit code. Settings and build are borrowed.
 */
int daemon_open(const struct settings *settings, struct build *build, struct daemon **into);
void daemon_close(struct daemon *d);

/*
 * Serves until SIGTERM or SIGINT; SIGHUP opens the log file anew, SIGUSR2 logs the counters. The
 * signals must be blocked in the calling thread. Returns an exit code.
 */
int daemon_run(struct daemon *d);

#endif
