#include "tools/toolfile.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static const char path[] = "test_toolfile.secret";

static int
with(const char *content, size_t n, struct toolfile_secret *into)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, n), n);
	close(fd);
	int result = toolfile_secret(path, into);
	unlink(path);
	return result;
}

static void
one_line(void **state)
{
	static const char *const contents[] = {"s3cret", "s3cret\n", "s3cret\r\n", "s3cret\n\n"};
	struct toolfile_secret s;

	(void)state;
	for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
		assert_int_equal(with(contents[i], strlen(contents[i]), &s), 0);
		assert_int_equal(s.n, 6);
		assert_memory_equal(s.b, "s3cret", 6);
	}
	assert_int_equal(with(" a b ", 5, &s), 0); /* blanks belong to it */
	assert_int_equal(s.n, 5);
}

static void
refused(void **state)
{
	struct toolfile_secret s;
	char big[TOOLFILE_SECRET];

	(void)state;
	memset(big, 'x', sizeof big);
	assert_int_equal(with("", 0, &s), -ENODATA);
	assert_int_equal(with("\n\r\n", 3, &s), -ENODATA);
	assert_int_equal(with("one\ntwo\n", 8, &s), -EILSEQ);
	assert_int_equal(s.n, 0); /* nothing is left behind */
	assert_int_equal(s.b[0], 0);
	assert_int_equal(with(big, sizeof big, &s), -EFBIG);
	assert_int_equal(with(big, sizeof big - 1, &s), 0);
	assert_int_equal(s.n, sizeof big - 1);
	assert_int_equal(toolfile_secret("no such file", &s), -ENOENT);
}

static void
words(void **state)
{
	static const int wrong[] = {-ENODATA, -EFBIG, -EILSEQ, -ENOENT, -EACCES};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_true(strlen(toolfile_complaint(wrong[i])) > 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line),
		cmocka_unit_test(refused),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
