#include "tools/natload_proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"

enum { FILE_MAX = 4096, PATH_ROOM = 96 };

/* Reads a small file whole, as a string. 0 or -errno. */
static int
file_read(const char *path, char into[static FILE_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	ssize_t n = read(fd, into, FILE_MAX - 1);
	int rc = n < 0 ? -errno : 0;
	into[n < 0 ? 0 : n] = '\0';
	close(fd);
	return rc;
}

/* The number at *at, which is moved behind it and the blanks that follow. */
static int
number_next(const char **at, uint64_t *into)
{
	char *end;

	errno = 0;
	*into = strtoull(*at, &end, 10);
	if (end == *at || errno != 0)
		return -EINVAL;
	*at = end + strspn(end, " \t\n");
	return 0;
}

int
natload_proc_parse_stat(const char *text, uint64_t *user_ticks, uint64_t *system_ticks)
{
	const char *at = strrchr(text, ')');

	if (at == NULL)
		return -EINVAL;
	for (unsigned field = 2; field < 14; field++) {
		at = strchr(at, ' ');
		if (at == NULL)
			return -EINVAL;
		at++;
	}
	if (number_next(&at, user_ticks) != 0)
		return -EINVAL;
	return number_next(&at, system_ticks);
}

/* Adds one thread's time on a CPU. A thread that has just ended is no error. */
static void
thread_add(pid_t pid, const char *tid, struct cpu_use *into)
{
	char path[PATH_ROOM], text[FILE_MAX];
	const char *at = text;
	uint64_t ns;

	snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", (int)pid, tid);
	if (file_read(path, text) != 0 || number_next(&at, &ns) != 0)
		return;
	into->run_ns += ns;
	into->threads++;
}

static int
threads_add(pid_t pid, struct cpu_use *into)
{
	char path[PATH_ROOM];

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *tasks = opendir(path);
	if (tasks == NULL)
		return -errno;
	for (struct dirent *e = readdir(tasks); e != NULL; e = readdir(tasks)) {
		if (e->d_name[0] != '.')
			thread_add(pid, e->d_name, into);
	}
	closedir(tasks);
	return 0;
}

int
natload_proc_cpu(pid_t pid, struct cpu_use *into)
{
	char path[PATH_ROOM], text[FILE_MAX];
	uint64_t user = 0, kernel = 0;

	*into = (struct cpu_use){0};
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	int rc = file_read(path, text);
	if (rc == 0)
		rc = natload_proc_parse_stat(text, &user, &kernel);
	if (rc == 0)
		rc = threads_add(pid, into);
	if (rc != 0)
		return rc;
	uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);
	into->user_ns = user * tick_ns;
	into->system_ns = kernel * tick_ns;
	if (into->run_ns == 0) /* a kernel without schedstat */
		into->run_ns = into->user_ns + into->system_ns;
	return 0;
}

struct cpu_use
natload_proc_since(const struct cpu_use *now, const struct cpu_use *then)
{
	struct cpu_use d = {.threads = now->threads};

	d.run_ns = now->run_ns > then->run_ns ? now->run_ns - then->run_ns : 0;
	d.user_ns = now->user_ns > then->user_ns ? now->user_ns - then->user_ns : 0;
	d.system_ns = now->system_ns > then->system_ns ? now->system_ns - then->system_ns : 0;
	return d;
}

int
natload_proc_rss(pid_t pid, uint64_t *bytes)
{
	char path[PATH_ROOM], text[FILE_MAX];
	const char *at;

	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
	if (file_read(path, text) == 0 && (at = strstr(text, "\nRss:")) != NULL) {
		at += strlen("\nRss:");
		int rc = number_next(&at, bytes);
		*bytes *= 1024;
		return rc;
	}
	snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
	int rc = file_read(path, text);
	if (rc != 0)
		return rc;
	at = strchr(text, ' ');
	if (at == NULL || number_next(&at, bytes) != 0)
		return -EINVAL;
	*bytes *= (uint64_t)sysconf(_SC_PAGESIZE);
	return 0;
}
