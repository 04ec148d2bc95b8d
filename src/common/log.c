/*
 * Callers append lines to one buffer while the writer empties another; the lock is held only to
 * append a line or to exchange the two. The state of the log is the one mutable thing in this
 * house that no owner hands around: every room logs, and a process has one log.
 */
#include "common/log.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/logform.h"
#include "common/logsink.h"

enum {
	BODY_MAX = 2048, /* what one call may say */
	BUFFER_SIZE = 256 * 1024,
	NOTES = 64, /* call sites that can be silenced at the same time */
};

struct buffer {
	char *text;
	size_t used;
};

/* A call site that is silenced, until a line has told how often. */
struct note {
	struct log_site *site;
	enum log_level level;
	char event[48];
};

static struct {
	pthread_mutex_t lock; /* guards what follows, but `sink` belongs to the writer */
	pthread_cond_t wake;
	pthread_t writer;
	bool open, stop;
	enum log_format format; /* AUTO: not chosen yet */
	bool prefixed;          /* lines begin with "<priority>" */
	unsigned repeat_limit;
	char *file;
	int next_fd; /* a file opened anew, to be taken over by the writer, or -1 */
	struct buffer filling, writing;
	struct note notes[NOTES];
	unsigned notes_used;
	uint64_t dropped_told;
	struct logsink sink;
	atomic_int level;
	atomic_uint_fast64_t dropped;
} the = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.wake = PTHREAD_COND_INITIALIZER,
	.next_fd = -1,
	.level = LOG_INFO,
};

bool
log_enabled(enum log_level level)
{
	return (int)level <= atomic_load_explicit(&the.level, memory_order_relaxed);
}

uint64_t
log_dropped(void)
{
	return atomic_load_explicit(&the.dropped, memory_order_relaxed);
}

static void
count_dropped(uint64_t lines)
{
	atomic_fetch_add_explicit(&the.dropped, lines, memory_order_relaxed);
}

const char *
log_text(struct bytes b, char *into, size_t room)
{
	logform_value(b, into, room);
	return into;
}

/* From here to log_line(): with the lock held. */

static void
choose_form(enum log_format wanted, enum log_target target, int fd)
{
	the.format = wanted;
	if (wanted == LOG_FORMAT_AUTO)
		the.format = isatty(fd) ? LOG_FORMAT_TEXT : LOG_FORMAT_LOGFMT;
	the.prefixed = logsink_wants_priority(target);
}

/* `text` has LOGSINK_LINE bytes. Returns the size. */
static size_t
render(const struct logform *line, char *text)
{
	static const char priority[] = {
		[LOG_ERROR] = '3', [LOG_WARN] = '4', [LOG_INFO] = '6', [LOG_DEBUG] = '7'};
	size_t n = 0;

	if (the.prefixed) {
		text[n++] = '<';
		text[n++] = priority[line->level];
		text[n++] = '>';
	}
	return n + logform_line(line, the.format, text + n, LOGSINK_LINE - n);
}

/* Appends a line for the writer; false when there is no room. */
static bool
append(const struct logform *line)
{
	struct buffer *to = &the.filling;

	if (BUFFER_SIZE - to->used < LOGSINK_LINE)
		return false;
	if (to->used == 0)
		pthread_cond_signal(&the.wake);
	to->used += render(line, to->text + to->used);
	return true;
}

/* Without a writer: at start, at the end, and in programs that never open the log. */
static void
write_directly(const struct logform *line)
{
	char text[LOGSINK_LINE];

	if (the.format == LOG_FORMAT_AUTO)
		choose_form(LOG_FORMAT_AUTO, LOG_TARGET_AUTO, STDERR_FILENO);
	size_t n = render(line, text);
	if (write(STDERR_FILENO, text, n) != (ssize_t)n)
		count_dropped(1);
}

/* A line of the log's own; false when there is no room. */
static bool __attribute__((format(printf, 2, 3)))
tell(enum log_level level, const char *format, ...)
{
	char body[128];
	va_list args;

	va_start(args, format);
	int n = vsnprintf(body, sizeof body, format, args);
	va_end(args);
	assert(n >= 0 && (size_t)n < sizeof body);
	return append(&(struct logform){clock_wall_usec(), level, "suppressed", bytes_text(body)});
}

/* Tells how often sites were silenced, but for those that still are in this second. */
static void
tell_suppressed(int64_t second)
{
	unsigned i = 0;

	while (i < the.notes_used) {
		struct note *note = &the.notes[i];
		struct log_site *site = note->site;
		if (site->second == second ||
		    !tell(note->level, "of=%s suppressed=%u", note->event, site->suppressed)) {
			i++;
			continue;
		}
		site->suppressed = 0;
		*note = the.notes[--the.notes_used];
	}
}

static void
tell_dropped(void)
{
	uint64_t dropped = log_dropped();

	if (dropped != the.dropped_told &&
	    tell(LOG_WARN, "of=log.line dropped=%" PRIu64, dropped - the.dropped_told))
		the.dropped_told = dropped;
}

/* Counts a line that the limit forbids, and sees to it that somebody tells later. */
static void
suppress(struct log_site *site, enum log_level level, const char *event)
{
	if (site->suppressed == 0) {
		if (the.notes_used == NOTES) {
			count_dropped(1);
			return;
		}
		struct note *note = &the.notes[the.notes_used++];
		note->site = site;
		note->level = level;
		snprintf(note->event, sizeof note->event, "%s", event);
		pthread_cond_signal(&the.wake); /* from now on the writer looks at the clock */
	}
	site->suppressed++;
}

/* May this site write another line in this second? */
static bool
admit(struct log_site *site, enum log_level level, const char *event, int64_t second)
{
	if (!the.open || the.repeat_limit == 0)
		return true;
	if (site->second != second) {
		tell_suppressed(second);
		site->second = second;
		site->lines = 0;
	}
	if (site->lines >= the.repeat_limit) {
		suppress(site, level, event);
		return false;
	}
	site->lines++;
	return true;
}

void
log_line(struct log_site *site, enum log_level level, const char *event, const char *format, ...)
{
	int saved_errno = errno;
	int64_t now = clock_wall_usec();
	char body[BODY_MAX];
	va_list args;

	pthread_mutex_lock(&the.lock);
	bool admitted = site == NULL || admit(site, level, event, now / 1000000);
	pthread_mutex_unlock(&the.lock);
	if (!admitted)
		return;

	va_start(args, format);
	int n = vsnprintf(body, sizeof body, format, args);
	va_end(args);
	if (n < 0)
		n = 0;
	if ((size_t)n >= sizeof body) {
		n = sizeof body - 1;
		memcpy(body + n - 3, "...", 3);
	}
	struct logform line = {now, level, event, bytes_view(body, (size_t)n)};
	pthread_mutex_lock(&the.lock);
	if (!the.open)
		write_directly(&line);
	else if (!append(&line))
		count_dropped(1);
	pthread_mutex_unlock(&the.lock);
	errno = saved_errno;
}

/* Until there is a line; while sites are silenced, at most until the second is over. */
static void
wait_for_work(void)
{
	if (the.notes_used == 0) {
		pthread_cond_wait(&the.wake, &the.lock);
		return;
	}
	struct timespec until = {.tv_sec = (time_t)(clock_wall_usec() / 1000000 + 1)};
	pthread_cond_timedwait(&the.wake, &the.lock, &until);
}

/* Takes what callers have written, and a file that was opened anew. */
static struct bytes
take_batch(void)
{
	struct buffer batch = the.filling;

	the.filling = the.writing;
	the.filling.used = 0;
	the.writing = batch;
	if (the.next_fd >= 0) {
		close(the.sink.fd);
		the.sink.fd = the.next_fd;
		the.next_fd = -1;
	}
	return bytes_view(batch.text, batch.used);
}

static void *
run_writer(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&the.lock);
	for (;;) {
		/* INT64_MIN is no second: in the end everything is told. */
		tell_suppressed(the.stop ? INT64_MIN : clock_wall_usec() / 1000000);
		if (the.filling.used > 0) /* a lost line alone must not cause another */
			tell_dropped();
		if (the.filling.used == 0 && the.next_fd < 0) {
			if (the.stop)
				break;
			wait_for_work();
			continue;
		}
		struct bytes batch = take_batch();
		pthread_mutex_unlock(&the.lock);
		count_dropped(logsink_write(&the.sink, batch));
		pthread_mutex_lock(&the.lock);
	}
	pthread_mutex_unlock(&the.lock);
	return NULL;
}

/* Signals are for other threads, and a closed pipe is an error, not a death. */
static int
start_writer(void)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(&the.writer, NULL, run_writer, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -error;
}

/* Back to the state in which lines go straight to stderr. */
static void
forget(void)
{
	free(the.filling.text);
	free(the.writing.text);
	free(the.file);
	the.filling = the.writing = (struct buffer){0};
	the.file = NULL;
	the.format = LOG_FORMAT_AUTO;
	the.open = the.stop = false;
}

int
log_open(const struct log_policy *policy)
{
	bool to_file = policy->target == LOG_TARGET_FILE;
	int error = -ENOMEM;

	assert(!to_file || policy->file != NULL);
	pthread_mutex_lock(&the.lock);
	assert(!the.open);
	the.filling.text = malloc(BUFFER_SIZE);
	the.writing.text = malloc(BUFFER_SIZE);
	the.file = to_file ? strdup(policy->file) : NULL;
	if (the.filling.text == NULL || the.writing.text == NULL || (to_file && the.file == NULL))
		goto undo;
	error = logsink_open(&the.sink, policy->target, the.file);
	if (error != 0)
		goto undo;
	choose_form(policy->format, policy->target, the.sink.fd);
	the.repeat_limit = policy->repeat_limit;
	atomic_store(&the.level, (int)policy->level);
	error = start_writer();
	if (error != 0)
		goto close_sink;
	the.open = true;
	pthread_mutex_unlock(&the.lock);
	return 0;

close_sink:
	logsink_close(&the.sink);
undo:
	forget();
	pthread_mutex_unlock(&the.lock);
	return error;
}

void
log_close(void)
{
	pthread_mutex_lock(&the.lock);
	if (!the.open || the.stop) {
		pthread_mutex_unlock(&the.lock);
		return;
	}
	the.stop = true;
	atomic_store(&the.sink.hurry, true);
	pthread_cond_signal(&the.wake);
	pthread_mutex_unlock(&the.lock);
	pthread_join(the.writer, NULL);

	pthread_mutex_lock(&the.lock);
	tell_suppressed(INT64_MIN); /* of callers that came after the writer had left */
	count_dropped(logsink_write(&the.sink, bytes_view(the.filling.text, the.filling.used)));
	logsink_close(&the.sink);
	forget();
	pthread_mutex_unlock(&the.lock);
}

int
log_reopen(void)
{
	int result = 0;

	pthread_mutex_lock(&the.lock);
	if (the.open && the.file != NULL) {
		result = logsink_open_file(the.file);
		if (result >= 0) {
			if (the.next_fd >= 0)
				close(the.next_fd);
			the.next_fd = result;
			result = 0;
			pthread_cond_signal(&the.wake);
		}
	}
	pthread_mutex_unlock(&the.lock);
	return result;
}

int
log_give(uid_t uid, gid_t gid)
{
	int result = 0;

	pthread_mutex_lock(&the.lock);
	if (the.open && the.file != NULL && chown(the.file, uid, gid) != 0)
		result = -errno;
	pthread_mutex_unlock(&the.lock);
	return result;
}
