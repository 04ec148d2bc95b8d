/*
 * stats/line.h -- pure, any thread: counters as one line of key=value pairs, for the log.
 */
#ifndef NATSRV_STATS_LINE_H
#define NATSRV_STATS_LINE_H

#include <stddef.h>
#include <stdint.h>

struct line_value {
	const char *name;
	uint64_t value;
};

/*
 * Writes "name=value name=value ..." and a NUL. Returns how many values fitted whole; the caller
 * writes the rest on a further line.
 */
size_t line_print(const struct line_value *values, size_t n, char *into, size_t room);

#endif
