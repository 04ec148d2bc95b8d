/*
 * common/logform.h -- pure, any thread: what a log line looks like. The body of a line is a list
 * "key=value key=\"two words\""; from it come three forms:
 *
 *	logfmt  ts=2026-01-02T03:04:05.678Z level=info event=server.start key=value
 *	JSON    {"ts":"2026-01-02T03:04:05.678Z","level":"info","event":"server.start","key":1}
 *	text    2026-01-02T03:04:05.678Z info  server.start key=value
 *
 * Whatever bytes the body has, the outcome is one line of printable UTF-8, and valid JSON.
 */
#ifndef NATSRV_COMMON_LOGFORM_H
#define NATSRV_COMMON_LOGFORM_H

#include "common/bytes.h"
#include "common/log.h"

struct logform {
	int64_t wall_usec; /* Unix time */
	enum log_level level;
	const char *event;
	struct bytes body;
};

enum { LOGFORM_MIN = 128 }; /* the least room that makes sense */

/*
 * Writes the line with its newline, without a NUL; `format` is not AUTO. What does not fit into
 * `room` is cut, marked by "...". Returns the size.
 */
size_t logform_line(const struct logform *line, enum log_format format, char *into, size_t room);

/*
 * Writes `b` as a value that stands for itself in the body, as log_text() describes, with a NUL.
 * `room` is at least 8.
 */
void logform_value(struct bytes b, char *into, size_t room);

#endif
