/*
 * Broken configurations against the complaints that people should see (tests/conf/broken). Each
 * NN-name.conf is loaded and built as natsrvd would at start; the text must equal NN-name.expected.
 * F14, A6, A16, E15.
 *
 * Everything is copied into a private directory first, so that neither the mode of a checkout nor
 * its place shows up in the text. Comments at the head of a file steer the run:
 *	# mode 0644           of the copy; 0600 otherwise
 *	# set path=value      a --set
 *	# no-secret           without NATSRV_SECRET_FILE
 *
 * With NATSRV_ACCEPT=1 the expected texts are written anew into the source tree; read the diff.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/build.h"
#include "server/settings.h"

enum { SETS_MAX = 16, TEXT_MAX = 65536 };

static const char secret_mark[] = "MARK"; /* is in every secret of these files (canary, E13) */

struct run {
	mode_t mode;
	const char *set[SETS_MAX];
	size_t sets;
	bool no_secret;
	char head[TEXT_MAX]; /* the file; `set` points into it */
};

static void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

static void
die(const char *format, ...)
{
	va_list args;

	printf("Bail out! ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	exit(1);
}

static size_t
slurp(const char *path, char into[static TEXT_MAX])
{
	FILE *f = fopen(path, "r");
	size_t n;

	if (f == NULL)
		return 0;
	n = fread(into, 1, TEXT_MAX - 1, f);
	fclose(f);
	into[n] = '\0';
	return n;
}

static void
spill(const char *path, const char *text, size_t n, mode_t mode)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fwrite(text, 1, n, f) != n || fclose(f) != 0 || chmod(path, mode) != 0)
		die("cannot write %s: %s", path, strerror(errno));
}

static int
visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A directory and those in it, into the current directory's `to`. */
static void
copy_directory(const char *from, const char *to)
{
	static char text[TEXT_MAX];
	struct dirent **entry;
	int n = scandir(from, &entry, visible, by_name);

	if (n < 0)
		die("cannot read %s", from);
	for (int i = 0; i < n; i++) {
		char a[PATH_MAX], b[PATH_MAX];
		struct stat st;

		snprintf(a, sizeof a, "%s/%s", from, entry[i]->d_name);
		snprintf(b, sizeof b, "%s/%s", to, entry[i]->d_name);
		if (stat(a, &st) == 0 && S_ISDIR(st.st_mode)) {
			if (mkdir(b, 0700) != 0)
				die("cannot make %s", b);
			copy_directory(a, b);
		} else {
			spill(b, text, slurp(a, text), 0600);
		}
		free(entry[i]);
	}
	free(entry);
}

static void
remove_directory(const char *path)
{
	struct dirent **entry;
	int n = scandir(path, &entry, visible, by_name);

	for (int i = 0; i < n; i++) {
		char a[PATH_MAX];
		struct stat st;

		snprintf(a, sizeof a, "%s/%s", path, entry[i]->d_name);
		if (lstat(a, &st) == 0 && S_ISDIR(st.st_mode))
			remove_directory(a);
		else
			unlink(a);
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	rmdir(path);
}

static void
read_head(struct run *r, const char *file)
{
	r->mode = 0600;
	slurp(file, r->head);
	for (char *line = r->head, *next; line[0] == '#'; line = next) {
		next = strchr(line, '\n');
		if (next == NULL)
			break;
		*next++ = '\0';
		if (strncmp(line, "# mode ", 7) == 0)
			r->mode = (mode_t)strtoul(line + 7, NULL, 8);
		else if (strncmp(line, "# set ", 6) == 0 && r->sets < SETS_MAX)
			r->set[r->sets++] = line + 6;
		else if (strcmp(line, "# no-secret") == 0)
			r->no_secret = true;
	}
}

/* What natsrvd --check-config would say about the file. Freed by the caller. */
static char *
complaints_about(const char *file)
{
	static struct run r;
	struct complaints *c = complaints_new();
	struct build b = {0};
	char count[64], *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	if (c == NULL || to == NULL)
		die("out of memory");
	memset(&r, 0, sizeof r);
	read_head(&r, file);
	if (chmod(file, r.mode) != 0)
		die("chmod %s", file);
	unsetenv("CREDENTIALS_DIRECTORY");
	if (r.no_secret)
		unsetenv("NATSRV_SECRET_FILE");
	else
		setenv("NATSRV_SECRET_FILE", "files/secret", 1);
	struct settings_ask ask = {.file = file, .set = r.set, .set_n = r.sets};
	struct settings *s = settings_load(&ask, c);
	if (s != NULL && build_init(&b, s, c) != 0)
		die("out of memory");
	complaints_print(c, to);
	fprintf(to, "%s\n", complaints_count(c, count));
	if (complaints_errors(c) + complaints_warnings(c) == 0)
		fprintf(to, "(this file is fine, but should not be)\n");
	build_fini(&b);
	complaints_free(c);
	settings_free(s);
	fclose(to);
	return text;
}

static void
show(const char *what, const char *text)
{
	printf("# %s:\n", what);
	for (const char *at = text; *at != '\0';) {
		size_t n = strcspn(at, "\n");
		printf("#   %.*s\n", (int)n, at);
		at += n + (at[n] == '\n');
	}
}

static bool
judge(const char *source, const char *file)
{
	static char expected[TEXT_MAX];
	char path[2 * PATH_MAX], *got = complaints_about(file);
	const char *accept = getenv("NATSRV_ACCEPT");
	bool good;

	snprintf(path, sizeof path, "%s/%.*s.expected", source, (int)(strlen(file) - 5), file);
	if (accept != NULL && accept[0] == '1')
		spill(path, got, strlen(got), 0644);
	expected[0] = '\0';
	slurp(path, expected);
	good = strcmp(got, expected) == 0;
	if (!good) {
		show("expected", expected);
		show("but it says", got);
	}
	if (strstr(got, secret_mark) != NULL) {
		show("a secret is shown", got);
		good = false;
	}
	free(got);
	return good;
}

static int
is_conf(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 5 && strcmp(e->d_name + n - 5, ".conf") == 0;
}

int
main(void)
{
	const char *top = getenv("top_srcdir"), *tmp = getenv("TMPDIR");
	char source[PATH_MAX], real[PATH_MAX], work[PATH_MAX];
	struct dirent **entry;
	int n, bad = 0;

	snprintf(source, sizeof source, "%s/tests/conf/broken", top == NULL ? "." : top);
	snprintf(work, sizeof work, "%s/natsrv-broken-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	if (realpath(source, real) == NULL)
		die("cannot find %s", source);
	umask(077);
	if (mkdtemp(work) == NULL)
		die("cannot make a directory: %s", strerror(errno));
	copy_directory(real, work);
	if (chdir(work) != 0)
		die("chdir %s", work);
	n = scandir(".", &entry, is_conf, by_name);
	if (n < 40)
		die("only %d files", n);
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		struct stat st;
		bool good = stat(entry[i]->d_name, &st) == 0 && judge(real, entry[i]->d_name);

		bad += !good;
		printf("%sok %d - %s\n", good ? "" : "not ", i + 1, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	if (chdir("/") == 0)
		remove_directory(work);
	return bad > 0;
}
