/* common/logsink.h: lines leave whole, and nothing that reads slowly holds the process up. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/logsink.h"

static struct logsink
sink_on(int fd)
{
	struct logsink s = {.target = LOG_TARGET_STDERR, .fd = fd};

	atomic_init(&s.hurry, false);
	return s;
}

static size_t
write_text(struct logsink *s, const char *text)
{
	return logsink_write(s, bytes_text(text));
}

static void
a_file_is_appended_to(void **state)
{
	(void)state;
	char dir[] = "logsink.XXXXXX", file[64], text[64];
	struct logsink s;
	struct stat st;

	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof file, "%s/log", dir);
	for (unsigned round = 0; round < 2; round++) {
		assert_int_equal(logsink_open(&s, LOG_TARGET_FILE, file), 0);
		assert_int_equal(write_text(&s, "one\ntwo\n"), 0);
		logsink_close(&s);
	}
	int fd = open(file, O_RDONLY);
	assert_int_equal(read(fd, text, sizeof text), 16);
	assert_memory_equal(text, "one\ntwo\none\ntwo\n", 16);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 027, 0); /* names of users are nobody else's business */
	close(fd);
	unlink(file);
	rmdir(dir);
	assert_int_equal(logsink_open(&s, LOG_TARGET_FILE, file), -ENOENT);
	assert_int_equal(logsink_open_file("/"), -EISDIR);
}

/* A reader of a packet pipe sees what was written in one piece. */
static void
pieces_end_with_a_line(void **state)
{
	(void)state;
	enum { LINES = 300, LINE = 101 };
	static char text[LINES * LINE + 1], piece[8192];
	int ends[2];

	for (size_t i = 0; i < LINES; i++) {
		memset(text + i * LINE, 'a' + (int)(i % 26), LINE - 1);
		text[i * LINE + LINE - 1] = '\n';
	}
	assert_int_equal(pipe2(ends, O_DIRECT), 0);
	struct logsink s = sink_on(ends[1]);
	assert_int_equal(write_text(&s, text), 0);
	for (size_t at = 0; at < LINES * LINE;) {
		ssize_t n = read(ends[0], piece, sizeof piece);
		assert_in_range(n, 1, LOGSINK_LINE);
		assert_int_equal(piece[n - 1], '\n');
		assert_memory_equal(piece, text + at, (size_t)n);
		at += (size_t)n;
	}
	close(ends[0]);
	close(ends[1]);
}

static void
a_closed_pipe_loses_lines_and_says_how_many(void **state)
{
	(void)state;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	struct logsink s = sink_on(ends[1]);
	assert_int_equal(write_text(&s, "one\ntwo\nthree\n"), 3);
	close(ends[1]);
}

/* security R13: at the end of the process there is a limit to patience. */
static void
a_full_pipe_holds_nobody_up_at_the_end(void **state)
{
	(void)state;
	char block[4096];
	int ends[2];

	memset(block, 'x', sizeof block);
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	while (write(ends[1], block, sizeof block) > 0)
		continue;
	struct logsink s = sink_on(ends[1]);
	atomic_store(&s.hurry, true);
	alarm(10); /* a hang would be a failure */
	assert_int_equal(write_text(&s, "one\ntwo\n"), 2);
	alarm(0);
	close(ends[0]);
	close(ends[1]);
}

static void
the_journal_is_known_by_its_inode(void **state)
{
	(void)state;
	struct stat st;
	char stream[64];

	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	unsetenv("JOURNAL_STREAM");
	assert_false(logsink_wants_priority(LOG_TARGET_AUTO));
	setenv("JOURNAL_STREAM", stream, 1);
	assert_true(logsink_wants_priority(LOG_TARGET_AUTO));
	assert_false(logsink_wants_priority(LOG_TARGET_STDERR));
	assert_false(logsink_wants_priority(LOG_TARGET_FILE));
	snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino + 1);
	setenv("JOURNAL_STREAM", stream, 1);
	assert_false(logsink_wants_priority(LOG_TARGET_AUTO));
	setenv("JOURNAL_STREAM", "", 1);
	assert_false(logsink_wants_priority(LOG_TARGET_AUTO));
	assert_true(logsink_wants_priority(LOG_TARGET_SYSLOG));
	unsetenv("JOURNAL_STREAM");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_appended_to),
		cmocka_unit_test(pieces_end_with_a_line),
		cmocka_unit_test(a_closed_pipe_loses_lines_and_says_how_many),
		cmocka_unit_test(a_full_pipe_holds_nobody_up_at_the_end),
		cmocka_unit_test(the_journal_is_known_by_its_inode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
