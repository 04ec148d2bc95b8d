/* common/log.h: nobody waits for the log, nothing floods it, nothing is lost uncounted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/log.h"

static char dir[] = "log.XXXXXX", file[64], moved[64];
static char text[4 << 20];

static int
make_dir(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(file, sizeof file, "%s/log", dir);
	snprintf(moved, sizeof moved, "%s/log.1", dir);
	return 0;
}

static int
remove_files(void **state)
{
	(void)state;
	log_close();
	unlink(file);
	unlink(moved);
	return 0;
}

static int
remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

static void
open_log(enum log_format format, unsigned repeat_limit)
{
	const struct log_policy policy = {.target = LOG_TARGET_FILE, .format = format,
	                                  .level = LOG_INFO, .file = file,
	                                  .repeat_limit = repeat_limit};

	assert_int_equal(log_open(&policy), 0);
}

/* What the file has, into `text`. */
static const char *
contents(const char *name)
{
	int fd = open(name, O_RDONLY);
	size_t at = 0;
	ssize_t n;

	assert_true(fd >= 0);
	while ((n = read(fd, text + at, sizeof text - 1 - at)) > 0)
		at += (size_t)n;
	close(fd);
	text[at] = '\0';
	return text;
}

static unsigned
count(const char *where, const char *what)
{
	unsigned n = 0;

	for (; (where = strstr(where, what)) != NULL; where++)
		n++;
	return n;
}

static void
nap(unsigned ms)
{
	const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	nanosleep(&t, NULL);
}

static void
lines_are_written_in_order(void **state)
{
	(void)state;
	open_log(LOG_FORMAT_LOGFMT, 0);
	for (unsigned i = 0; i < 1000; i++)
		log_info("test.line", "n=%u", i);
	log_close();

	const char *at = contents(file);
	for (unsigned i = 0; i < 1000; i++) {
		char expected[64];
		int n = snprintf(expected, sizeof expected, " level=info event=test.line n=%u\n",
				 i);
		assert_memory_equal(at, "ts=2", 4);
		at = strchr(at, ' ');
		assert_memory_equal(at, expected, (size_t)n);
		at += n;
	}
	assert_string_equal(at, "");
}

static void
off_a_tty_the_format_is_logfmt(void **state)
{
	(void)state;
	open_log(LOG_FORMAT_AUTO, 0);
	log_info("test.line", "a=%d", 1);
	log_close();
	assert_int_equal(count(contents(file), " level=info event=test.line a=1\n"), 1);
}

static unsigned evaluated;

static unsigned
evaluate(void)
{
	return ++evaluated;
}

static void
the_level_decides_before_arguments_are_made(void **state)
{
	(void)state;
	open_log(LOG_FORMAT_LOGFMT, 0);
	assert_true(log_enabled(LOG_ERROR) && log_enabled(LOG_WARN) && log_enabled(LOG_INFO));
	assert_false(log_enabled(LOG_DEBUG));
	log_debug("test.debug", "n=%u", evaluate());
	log_error("test.error", "n=%u", evaluate());
	log_warn("test.warn", "n=%u", evaluate());
	log_close();
	assert_int_equal(evaluated, 2);
	contents(file);
	assert_int_equal(count(text, "\n"), 2);
	assert_int_equal(count(text, " level=error event=test.error n=1\n"), 1);
	assert_int_equal(count(text, " level=warn event=test.warn n=2\n"), 1);
}

/* security F10 */
static void
a_hostile_name_stays_in_its_line(void **state)
{
	(void)state;
	struct bytes name = bytes_text("a\r\nlevel=crit msg=pwned");

	open_log(LOG_FORMAT_LOGFMT, 0);
	log_info("auth.failed", "user=%s", LOG_TEXT(name));
	log_info("auth.failed", "user=%s", "raw\nlevel=crit\x1b[2J"); /* a call site's mistake */
	log_close();
	contents(file);
	assert_int_equal(count(text, "\n"), 2);
	assert_int_equal(count(text, " user=\"a\\x0d\\x0alevel=crit msg=pwned\"\n"), 1);
	assert_int_equal(count(text, " user=raw\\x0alevel=crit\\x1b[2J\n"), 1);
}

static void
a_long_line_is_cut(void **state)
{
	(void)state;
	static char long_value[10000];

	memset(long_value, 'x', sizeof long_value - 1);
	open_log(LOG_FORMAT_JSON, 0);
	log_info("test.line", "a=1 b=%s", long_value);
	memset(long_value, 1, sizeof long_value - 1); /* six times as long when escaped */
	log_info("test.line", "a=1 b=%s", long_value);
	log_close();
	contents(file);
	assert_int_equal(count(text, "\n"), 2);
	assert_int_equal(count(text, "...\"}\n"), 2);
	assert_true(strlen(text) < 2048 + 4096 + 100);
}

static void
errno_survives(void **state)
{
	(void)state;
	open_log(LOG_FORMAT_LOGFMT, 0);
	errno = ENOTTY;
	log_info("test.line", "error=%m");
	assert_int_equal(errno, ENOTTY);
	log_close();
	assert_int_equal(count(contents(file), "error=Inappropriate ioctl"), 1);
}

/* security C9: a flood gives a few lines, and the last one tells how many there were. */
static void
a_flood_is_suppressed_and_counted(void **state)
{
	(void)state;
	enum { CALLS = 100000, LIMIT = 10 };
	unsigned lines, suppressed, of = 0;

	open_log(LOG_FORMAT_LOGFMT, LIMIT);
	for (unsigned i = 0; i < CALLS; i++)
		log_warn("packet.malformed", "n=%u", i);
	log_info("test.other", "n=%d", 1); /* another site has its own limit */
	nap(1300); /* nobody calls any more: the writer tells by itself */
	contents(file);
	lines = count(text, "event=packet.malformed");
	assert_in_range(lines, LIMIT, 5 * LIMIT);
	assert_int_equal(count(text, "event=test.other"), 1);
	for (const char *at = text; (at = strstr(at, "level=warn event=suppressed ")) != NULL;
	     at++) {
		assert_int_equal(
			sscanf(at, "level=warn event=suppressed of=packet.malformed suppressed=%u",
			       &suppressed),
			1);
		of += suppressed;
	}
	assert_int_equal(lines + of, CALLS);

	log_close();
	assert_int_equal(log_dropped(), 0);
}

static void
closing_tells_what_was_suppressed(void **state)
{
	(void)state;
	open_log(LOG_FORMAT_LOGFMT, 1);
	for (unsigned i = 0; i < 3; i++)
		log_info("test.line", "n=%u", i);
	log_close();
	unsigned told = count(contents(file), "suppressed=2\n") * 2 + count(text, "suppressed=1\n");
	assert_int_equal(told + count(text, "event=test.line"), 3);
}

/* security R13: a reader that does not read costs lines, not time. */
static void
nobody_waits_for_a_full_pipe(void **state)
{
	(void)state;
	enum { CALLS = 20000 };
	const struct log_policy policy = {.target = LOG_TARGET_STDERR,
	                                  .format = LOG_FORMAT_LOGFMT, .level = LOG_INFO};
	int ends[2], stderr_before = dup(STDERR_FILENO);
	uint64_t dropped_before = log_dropped();
	size_t got = 0;
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	assert_int_equal(log_open(&policy), 0);
	for (unsigned i = 0; i < CALLS; i++)
		log_info("test.line", "n=%u", i);
	uint64_t dropped = log_dropped() - dropped_before;
	assert_true(dropped > CALLS / 2);

	/* The reader wakes up: the rest comes, and with it how much was lost. */
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	for (unsigned tries = 0; tries < 100; tries++) {
		while ((n = read(ends[0], text + got, sizeof text - 1 - got)) > 0)
			got += (size_t)n;
		if (tries == 20)
			log_info("test.last", "a=%d", 1);
		text[got] = '\0';
		if (strstr(text, "test.last") != NULL && strstr(text, "dropped=") != NULL)
			break;
		nap(10);
	}
	assert_int_equal(dup2(stderr_before, STDERR_FILENO), STDERR_FILENO);
	close(stderr_before);
	close(ends[1]);
	log_close();
	while ((n = read(ends[0], text + got, sizeof text - 1 - got)) > 0)
		got += (size_t)n;
	close(ends[0]);
	text[got] = '\0';

	unsigned told = 0, sum = 0;
	for (const char *at = text; (at = strstr(at, "of=log.line dropped=")) != NULL; at++)
		if (sscanf(at, "of=log.line dropped=%u", &told) == 1)
			sum += told;
	assert_int_equal(sum, dropped);
	assert_int_equal(count(text, "event=test.line"), CALLS - dropped);
	assert_int_equal(log_dropped() - dropped_before, dropped);
}

static void *
many_lines(void *ctx)
{
	for (unsigned i = 0; i < 2000; i++)
		log_info("test.thread", "who=%u n=%u", *(unsigned *)ctx, i);
	return NULL;
}

static void
threads_do_not_mix_their_lines(void **state)
{
	(void)state;
	enum { THREADS = 4 };
	pthread_t threads[THREADS];
	unsigned who[THREADS], next[THREADS] = {0}, lost = 0;
	uint64_t dropped_before = log_dropped();

	open_log(LOG_FORMAT_LOGFMT, 0);
	for (unsigned i = 0; i < THREADS; i++) {
		who[i] = i;
		assert_int_equal(pthread_create(&threads[i], NULL, many_lines, &who[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	log_close();

	contents(file);
	for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		unsigned by, n;
		*end = '\0';
		const char *pairs = strstr(line, "event=test.thread ");
		if (pairs == NULL) {
			assert_non_null(strstr(line, "event=suppressed of=log.line dropped="));
			continue;
		}
		assert_int_equal(sscanf(pairs, "event=test.thread who=%u n=%u", &by, &n), 2);
		assert_true(by < THREADS && n >= next[by]);
		lost += n - next[by];
		next[by] = n + 1;
	}
	for (unsigned i = 0; i < THREADS; i++)
		lost += 2000 - next[i];
	assert_int_equal(lost, log_dropped() - dropped_before);
}

static void
reopening_begins_a_new_file(void **state)
{
	(void)state;
	open_log(LOG_FORMAT_LOGFMT, 0);
	log_info("test.before", "a=%d", 1);
	for (unsigned tries = 0; tries < 200 && count(contents(file), "test.before") == 0; tries++)
		nap(10);
	assert_int_equal(rename(file, moved), 0);
	assert_int_equal(log_reopen(), 0);
	assert_int_equal(log_reopen(), 0); /* twice before the writer has looked */
	log_info("test.after", "a=%d", 2);
	for (unsigned tries = 0; tries < 200 && count(contents(file), "test.after") == 0; tries++)
		nap(10);
	assert_int_equal(count(contents(file), "test.after"), 1);
	assert_int_equal(count(contents(file), "test.before"), 0);
	assert_int_equal(count(contents(moved), "test.before"), 1);
	assert_int_equal(count(contents(moved), "test.after"), 0);

	/* When the new file cannot be opened, the old one stays in use. */
	assert_int_equal(unlink(file), 0);
	assert_int_equal(mkdir(file, 0700), 0);
	assert_int_equal(log_reopen(), -EISDIR);
	assert_int_equal(rmdir(file), 0);
	log_info("test.still", "a=%d", 3);
	log_close();
	assert_int_equal(log_reopen(), 0); /* not open: nothing to do */
}

static void
what_cannot_be_opened_is_an_error(void **state)
{
	(void)state;
	const struct log_policy policy = {
		.target = LOG_TARGET_FILE, .file = dir, .level = LOG_INFO};

	assert_int_equal(log_open(&policy), -EISDIR);
	log_close();
	log_close();
	open_log(LOG_FORMAT_AUTO, 0); /* and then it can still be opened properly */
}

static void
before_opening_lines_go_to_stderr(void **state)
{
	(void)state;
	int ends[2], stderr_before = dup(STDERR_FILENO);

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	close(ends[1]);
	log_info("test.early", "a=%d", 1);
	assert_int_equal(dup2(stderr_before, STDERR_FILENO), STDERR_FILENO);
	close(stderr_before);
	ssize_t n = read(ends[0], text, sizeof text - 1);
	close(ends[0]);
	assert_true(n > 0);
	text[n] = '\0';
	assert_int_equal(count(text, " level=info event=test.early a=1\n"), 1);
}

/* surface 3: a priority before each line, so that the journal knows the level. */
static void
under_the_journal_lines_have_a_priority(void **state)
{
	(void)state;
	const struct log_policy policy = {.target = LOG_TARGET_AUTO, .level = LOG_DEBUG};
	int ends[2], stderr_before = dup(STDERR_FILENO);
	struct stat st;
	char stream[64];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	close(ends[1]);
	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof stream, "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	assert_int_equal(log_open(&policy), 0);
	log_error("test.error", "a=%d", 1);
	log_warn("test.warn", "a=%d", 1);
	log_info("test.info", "a=%d", 1);
	log_debug("test.debug", "a=%d", 1);
	log_close();
	unsetenv("JOURNAL_STREAM");
	assert_int_equal(dup2(stderr_before, STDERR_FILENO), STDERR_FILENO);
	close(stderr_before);
	size_t got = 0;
	ssize_t n;
	while ((n = read(ends[0], text + got, sizeof text - 1 - got)) > 0)
		got += (size_t)n;
	close(ends[0]);
	text[got] = '\0';
	assert_memory_equal(text, "<3>ts=", 6);
	assert_int_equal(count(text, "\n<4>ts="), 1);
	assert_int_equal(count(text, "\n<6>ts="), 1);
	assert_int_equal(count(text, "\n<7>ts="), 1);
	assert_int_equal(count(text, "\n"), 4);
}

static void
text_is_escaped_into_its_room(void **state)
{
	(void)state;
	char room[16];

	assert_ptr_equal(log_text(bytes_text("a\n"), room, sizeof room), room);
	assert_string_equal(room, "a\\x0a");
	assert_string_equal(log_text(bytes_text("0123456789abcdefgh"), room, sizeof room),
	                    "0123456789ab...");
}

#define TEST(f) cmocka_unit_test_teardown(f, remove_files)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(before_opening_lines_go_to_stderr),
		TEST(lines_are_written_in_order),
		TEST(off_a_tty_the_format_is_logfmt),
		TEST(the_level_decides_before_arguments_are_made),
		TEST(a_hostile_name_stays_in_its_line),
		TEST(a_long_line_is_cut),
		TEST(errno_survives),
		TEST(a_flood_is_suppressed_and_counted),
		TEST(closing_tells_what_was_suppressed),
		TEST(nobody_waits_for_a_full_pipe),
		TEST(threads_do_not_mix_their_lines),
		TEST(reopening_begins_a_new_file),
		TEST(what_cannot_be_opened_is_an_error),
		TEST(under_the_journal_lines_have_a_priority),
		TEST(text_is_escaped_into_its_room),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
