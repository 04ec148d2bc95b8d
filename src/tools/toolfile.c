#include "tools/toolfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "common/digest.h"

static int
read_all(int fd, struct toolfile_secret *into)
{
	while (into->n < sizeof into->b) {
		ssize_t n = read(fd, into->b + into->n, sizeof into->b - into->n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		into->n += (size_t)n;
	}
	return -EFBIG;
}

/* Editors leave a line end; inside, it is a mistake that would look like a wrong secret. */
static int
one_line(struct toolfile_secret *s)
{
	while (s->n > 0 && (s->b[s->n - 1] == '\n' || s->b[s->n - 1] == '\r'))
		s->n--;
	if (s->n == 0)
		return -ENODATA;
	return memchr(s->b, '\n', s->n) != NULL ? -EILSEQ : 0;
}

int
toolfile_secret(const char *path, struct toolfile_secret *into)
{
	into->n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int wrong = read_all(fd, into);
	close(fd);
	if (wrong == 0)
		wrong = one_line(into);
	if (wrong != 0)
		digest_wipe(into, sizeof *into);
	return wrong;
}

const char *
toolfile_complaint(int wrong)
{
	switch (wrong) {
	case -ENODATA:
		return "the file is empty";
	case -EFBIG:
		return "the file is too long for a secret";
	case -EILSEQ:
		return "the file has more than one line";
	default:
		return strerror(-wrong);
	}
}
