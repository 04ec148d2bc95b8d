/*
 * common/log.h -- the log: one event a line, first the event, then key=value pairs. Any thread.
 *
 *	log_info("allocation.created", "user=%s relay=%s", user, relay);
 *
 * A call formats into a bounded ring; a writer thread owns the descriptor, so a caller never
 * waits for a disk or a full pipe. What does not fit is dropped and counted. Before log_open()
 * lines go straight to stderr. Values are escaped by the logger (control characters, quotes,
 * invalid UTF-8), never by call sites: use LOG_TEXT for what a stranger wrote.
 */
#ifndef NATSRV_COMMON_LOG_H
#define NATSRV_COMMON_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/bytes.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };
enum log_format { LOG_FORMAT_AUTO, LOG_FORMAT_TEXT, LOG_FORMAT_LOGFMT, LOG_FORMAT_JSON };
enum log_target { LOG_TARGET_AUTO, LOG_TARGET_STDERR, LOG_TARGET_SYSLOG, LOG_TARGET_FILE };

struct log_policy {
	enum log_target target;
	enum log_format format;
	enum log_level level;
	const char *file;        /* LOG_TARGET_FILE */
	unsigned repeat_limit;   /* lines per second and call site; 0 = no limit */
};

/*
 * 0 or -errno (the file cannot be opened, no thread). The policy is copied. The log must not be
 * open, and a program that forks does so before.
 */
int log_open(const struct log_policy *policy);

/*
 * Writes what is queued, then stops the writer; for a reader that does not read it waits a second
 * at most. Harmless when not open.
 */
void log_close(void);

/* Opens the file anew (logrotate). 0 or -errno; the old descriptor stays on error. */
int log_reopen(void);

/*
 * Gives the log file to a user who is about to take over from root, so that log_reopen() works
 * afterwards. Does nothing where there is no file. 0 or -errno.
 */
int log_give(uid_t uid, gid_t gid);

bool log_enabled(enum log_level level);
uint64_t log_dropped(void);

struct log_site { /* one per call site; rate limiting */
	int64_t second;
	unsigned lines, suppressed;
};

/* `site` NULL: no limit. */
void log_line(struct log_site *site, enum log_level level, const char *event, const char *format,
              ...) __attribute__((format(printf, 4, 5)));

#define LOG_AT(level, event, ...)                                                                  \
	do {                                                                                       \
		static struct log_site log_site_;                                                  \
		if (log_enabled(level))                                                            \
			log_line(&log_site_, level, event, __VA_ARGS__);                           \
	} while (0)
#define log_error(event, ...) LOG_AT(LOG_ERROR, event, __VA_ARGS__)
#define log_warn(event, ...) LOG_AT(LOG_WARN, event, __VA_ARGS__)
#define log_info(event, ...) LOG_AT(LOG_INFO, event, __VA_ARGS__)
#define log_debug(event, ...) LOG_AT(LOG_DEBUG, event, __VA_ARGS__)

/* A record that must not be thinned out, one per allocation say: no limit but the ring's. */
#define log_record(level, event, ...)                                                              \
	do {                                                                                       \
		if (log_enabled(level))                                                            \
			log_line(NULL, level, event, __VA_ARGS__);                                 \
	} while (0)

/*
 * Escapes bytes that came from outside for use as a %s value: printable UTF-8 stays, all else
 * becomes \xNN; quoted when it is empty, looks like a number, or holds a blank, '=' or '"' (a '"'
 * then is \" and everywhere a '\' is \\); cut with "..." when it does not fit. `room` is at least
 * 8, the NUL included. Returns `into`.
 */
const char *log_text(struct bytes b, char *into, size_t room);

/* The same as an argument of a call: log_info("auth.failed", "user=%s", LOG_TEXT(name)). */
enum { LOG_TEXT_ROOM = 256 };
#define LOG_TEXT(b) log_text((b), (char[LOG_TEXT_ROOM]){0}, LOG_TEXT_ROOM)

#endif
