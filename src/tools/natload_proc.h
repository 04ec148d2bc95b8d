/*
 * tools/natload_proc.h -- reads /proc, own thread: what a process has used, all its threads
 * together.
 */
#ifndef NATSRV_TOOLS_NATLOAD_PROC_H
#define NATSRV_TOOLS_NATLOAD_PROC_H

#include <stdint.h>
#include <sys/types.h>

struct cpu_use {
	uint64_t run_ns;  /* time on a CPU: schedstat of every thread, or user + system */
	uint64_t user_ns; /* from stat; the kernel counts these in ticks */
	uint64_t system_ns;
	unsigned threads;
};

/* 0 or -errno; -EINVAL when /proc does not read as expected. */
int natload_proc_cpu(pid_t pid, struct cpu_use *into);

/* Resident bytes: smaps_rollup when we may read it, else statm. 0 or -errno. */
int natload_proc_rss(pid_t pid, uint64_t *bytes);

/* The difference of two readings; never below zero. */
struct cpu_use natload_proc_since(const struct cpu_use *now, const struct cpu_use *then);

/*
 * Text of /proc/PID/stat, whose second field is a name that may hold blanks and brackets.
 * 0 or -EINVAL. Ticks as they stand there.
 */
int natload_proc_parse_stat(const char *text, uint64_t *user_ticks, uint64_t *system_ticks);

#endif
