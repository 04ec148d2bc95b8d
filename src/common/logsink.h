/*
 * common/logsink.h -- owned by the log's writer thread: where log lines go. It may wait for a full
 * pipe or a slow disk; nobody waits for it.
 */
#ifndef NATSRV_COMMON_LOGSINK_H
#define NATSRV_COMMON_LOGSINK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/bytes.h"
#include "common/log.h"

enum { LOGSINK_LINE = 4096 }; /* no line is longer; a pipe takes so much in one piece */

struct logsink {
	enum log_target target;
	int fd;
	atomic_bool hurry; /* the process is about to end: give up on a reader that does not read */
};

/* 0 or -errno. `file` is for LOG_TARGET_FILE only; it is appended to. */
int logsink_open(struct logsink *s, enum log_target target, const char *file);
void logsink_close(struct logsink *s);

/* A new descriptor for `file`, or -errno. */
int logsink_open_file(const char *file);

/* Must lines begin with "<priority>"? So it is for syslog and under the journal. */
bool logsink_wants_priority(enum log_target target);

/* Writes whole lines, each with its newline. Returns how many were lost. */
size_t logsink_write(struct logsink *s, struct bytes lines);

#endif
