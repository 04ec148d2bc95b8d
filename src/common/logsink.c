#include "common/logsink.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

enum { WAIT_MS = 100, LAST_WAITS = 10 }; /* a second of patience at the end of the process */

int
logsink_open_file(const char *file)
{
	int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);

	return fd < 0 ? -errno : fd;
}

int
logsink_open(struct logsink *s, enum log_target target, const char *file)
{
	s->target = target;
	s->fd = STDERR_FILENO;
	atomic_init(&s->hurry, false);
	if (target == LOG_TARGET_SYSLOG)
		openlog(NULL, LOG_PID, LOG_DAEMON);
	if (target == LOG_TARGET_FILE)
		s->fd = logsink_open_file(file);
	return s->fd < 0 ? s->fd : 0;
}

void
logsink_close(struct logsink *s)
{
	if (s->target == LOG_TARGET_SYSLOG)
		closelog();
	if (s->target == LOG_TARGET_FILE)
		close(s->fd);
	s->fd = -1;
}

/* Is stderr the journal's socket? (systemd.exec(5), JOURNAL_STREAM) */
static bool
is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char ours[64];
	struct stat st;

	if (stream == NULL || fstat(STDERR_FILENO, &st) != 0)
		return false;
	snprintf(ours, sizeof ours, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	return bytes_equal(bytes_text(stream), bytes_text(ours));
}

bool
logsink_wants_priority(enum log_target target)
{
	return target == LOG_TARGET_SYSLOG || (target == LOG_TARGET_AUTO && is_journal());
}

/* Waits until the descriptor takes something; false when there is no more time to wait. */
static bool
wait_writable(struct logsink *s)
{
	struct pollfd p = {.fd = s->fd, .events = POLLOUT};
	unsigned last_waits = 0;

	while (poll(&p, 1, WAIT_MS) == 0)
		if (atomic_load(&s->hurry) && ++last_waits >= LAST_WAITS)
			return false;
	return true;
}

static bool
write_piece(struct logsink *s, struct bytes b)
{
	while (b.n > 0) {
		if (!wait_writable(s))
			return false;
		ssize_t n = write(s->fd, b.p, b.n);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return false;
		if (n > 0)
			b = bytes_view(b.p + n, b.n - (size_t)n);
	}
	return true;
}

/* "<6>text\n" */
static bool
send_syslog(struct bytes line)
{
	assert(line.n >= 4);
	syslog(line.p[1] - '0', "%.*s", (int)(line.n - 4), (const char *)line.p + 3);
	return true;
}

/*
 * The next piece to hand over: one line for syslog, else as many as a pipe takes in one piece, so
 * that our lines do not mix with those of others.
 */
static struct bytes
next_piece(struct bytes b, bool one_line)
{
	size_t n = b.n < LOGSINK_LINE ? b.n : LOGSINK_LINE;
	const uint8_t *end = one_line ? memchr(b.p, '\n', n) : memrchr(b.p, '\n', n);

	assert(end != NULL);
	return bytes_view(b.p, (size_t)(end + 1 - b.p));
}

size_t
logsink_write(struct logsink *s, struct bytes lines)
{
	bool by_syslog = s->target == LOG_TARGET_SYSLOG, ok = true;
	size_t lost = 0;

	while (ok && lines.n > 0) {
		struct bytes piece = next_piece(lines, by_syslog);
		ok = by_syslog ? send_syslog(piece) : write_piece(s, piece);
		if (ok)
			lines = bytes_view(lines.p + piece.n, lines.n - piece.n);
	}
	for (size_t i = 0; i < lines.n; i++)
		lost += lines.p[i] == '\n';
	return lost;
}
