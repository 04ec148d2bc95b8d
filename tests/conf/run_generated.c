/*
 * What is generated from the option tables is up to date, and what we ship is without fault:
 * etc/natsrv.conf.sample, the options of man/natsrv.conf.5, etc/natsrv.conf, and the output of
 * --dump-config, which must be readable as a configuration that means the same; and nobody can use
 * what they show as an example (E15).
 *
 * With NATSRV_ACCEPT=1 the sample and the manual page are written anew into the source tree.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/build.h"
#include "server/checks.h"
#include "server/settings.h"

static const char *top;
static char work[PATH_MAX];
static unsigned number, bad;

static void
ok(bool good, const char *what)
{
	number++;
	bad += !good;
	printf("%sok %u - %s\n", good ? "" : "not ", number, what);
}

static char *
slurp(const char *path)
{
	char *text = NULL;
	size_t n;
	int c;
	FILE *f = fopen(path, "r"), *to = open_memstream(&text, &n);

	if (to == NULL)
		exit(1);
	while (f != NULL && (c = getc(f)) != EOF)
		putc(c, to);
	if (f != NULL)
		fclose(f);
	fclose(to);
	return text;
}

static void
spill(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0) {
		printf("Bail out! cannot write %s\n", path);
		exit(1);
	}
}

static char *
in_tree(const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", top, name) < 0)
		exit(1);
	return path;
}

static char *
in_work(const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", work, name) < 0)
		exit(1);
	return path;
}

/* The file in the tree is what the tables say now. */
static void
check_same(const char *name, const char *now)
{
	const char *accept = getenv("NATSRV_ACCEPT");
	char *path = in_tree(name), what[200];

	if (accept != NULL && accept[0] == '1')
		spill(path, now);
	char *there = slurp(path);
	snprintf(what, sizeof what, "%s is up to date", name);
	ok(strcmp(there, now) == 0, what);
	free(there);
	free(path);
}

static char *
printed(void (*print)(FILE *))
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	if (to == NULL)
		exit(1);
	print(to);
	fclose(to);
	return text;
}

static char *
manual(void)
{
	static const char mark[] = "@OPTIONS@\n";
	char *path = in_tree("man/natsrv.conf.5.in"), *frame = slurp(path);
	char *options = printed(settings_print_man), *at = strstr(frame, mark), *text;

	if (at == NULL || asprintf(&text, "%.*s%s%s", (int)(at - frame), frame, options,
	                           at + sizeof mark - 1) < 0) {
		printf("Bail out! no @OPTIONS@ in %s\n", path);
		exit(1);
	}
	free(options);
	free(frame);
	free(path);
	return text;
}

/* The settings of a file that is without fault; NULL, with the complaints as a comment, if not. */
static struct settings *
load(const char *file, bool quiet)
{
	struct complaints *c = complaints_new();
	struct settings_ask ask = {.file = file};
	struct settings *s = settings_load(&ask, c);
	struct build b = {0};

	if (s != NULL && build_init(&b, s, c) != 0)
		exit(1);
	build_fini(&b);
	if (complaints_errors(c) + (quiet ? 0 : complaints_warnings(c)) > 0) {
		complaints_print(c, stdout);
		settings_free(s);
		s = NULL;
	}
	complaints_free(c);
	return s;
}

static void
check_good(const char *name)
{
	char *path = in_tree(name), what[200];
	struct settings *s = load(path, false);

	snprintf(what, sizeof what, "%s is without errors and warnings", name);
	ok(s != NULL, what);
	settings_free(s);
	free(path);
}

/* "a = 1;  # here" and "a = 1;  # there" are the same. */
static void
cut_origins(char *text)
{
	char *to = text;

	while (*text != '\0') {
		if (strncmp(text, ";  # ", 5) == 0)
			text += strcspn(text, "\n");
		*to++ = *text++;
	}
	*to = '\0';
}

static char *
dumped(const struct settings *s)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	if (to == NULL)
		exit(1);
	settings_print_effective(s, to);
	fclose(to);
	return text;
}

static void
check_dump(const char *what, const char *config)
{
	char *one = in_work("one.conf"), *two = in_work("two.conf");
	char *first = NULL, *second = NULL;
	struct settings *s, *again = NULL;

	spill(one, config);
	s = load(one, true);
	if (s != NULL) {
		first = dumped(s);
		spill(two, first);
		again = load(two, true);
	}
	if (again != NULL) {
		second = dumped(again);
		cut_origins(first);
		cut_origins(second);
	}
	ok(second != NULL && strcmp(first, second) == 0, what);
	settings_free(s);
	settings_free(again);
	free(first);
	free(second);
	unlink(one);
	unlink(two);
	free(one);
	free(two);
}

static void
check_masks(void)
{
	char *one = in_work("secret.conf");

	spill(one, "auth = { secrets = [ \"hunter2hunter2hunter2\" ]; secret_files = [ ];\n"
	           "users = ( { name = \"ann\"; password = \"hunter2\"; } ); };\n");
	struct settings *s = load(one, true);
	char *text = s == NULL ? NULL : dumped(s);
	ok(text != NULL && strstr(text, "hunter2") == NULL && strstr(text, "\"***\"") != NULL &&
	           strstr(text, "secret.conf:2") != NULL,
	   "a dump masks secrets and names origins");
	free(text);
	settings_free(s);
	unlink(one);
	free(one);
}

/* mdoc's \(dq is a quote. */
static void
plain_quotes(char *text)
{
	while ((text = strstr(text, "\\(dq")) != NULL) {
		*text++ = '"';
		memmove(text, text + 3, strlen(text + 3) + 1);
	}
}

/* Every text in quotes on a line about credentials; `refused` counts those that nobody can use. */
static void
judge_line(char *line, unsigned *shown, unsigned *refused)
{
	static const char *const words[] = {"password", "secret", "users", "key"};
	bool about = false;
	char *at, *end;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		about = about || strstr(line, words[i]) != NULL;
	for (at = about ? strchr(line, '"') : NULL; at != NULL; at = strchr(end + 1, '"')) {
		end = strchr(++at, '"');
		if (end == NULL)
			return;
		struct bytes value = bytes_view(at, (size_t)(end - at));
		if (value.n == 0)
			continue;
		bool good = checks_secret(value) != NULL && checks_password(value) != NULL;
		++*shown;
		*refused += good;
		if (!good)
			printf("# '%.*s' is shown, but taken as a password\n", (int)value.n, at);
	}
}

/* What our files show as an example is no password and no secret. E15 */
static void
check_examples(void)
{
	static const char *const names[] = {"etc/natsrv.conf", "etc/natsrv.conf.sample",
	                                    "man/natsrv.conf.5", "man/natsrvd.8"};
	unsigned shown = 0, refused = 0;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char *path = in_tree(names[i]), *text = slurp(path), *rest = text, *line;
		plain_quotes(text);
		while ((line = strsep(&rest, "\n")) != NULL)
			judge_line(line, &shown, &refused);
		free(text);
		free(path);
	}
	ok(shown >= 5 && refused == shown, "no example can be used as a credential");
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char *secret, *text;

	top = getenv("top_srcdir") == NULL ? "." : getenv("top_srcdir");
	snprintf(work, sizeof work, "%s/natsrv-generated-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	umask(077);
	if (mkdtemp(work) == NULL)
		return 1;
	secret = in_work("secret");
	spill(secret, "a-secret-of-the-tests-and-long-enough\n");
	setenv("NATSRV_SECRET_FILE", secret, 1);
	unsetenv("CREDENTIALS_DIRECTORY");

	printf("1..9\n");
	text = printed(settings_print_sample);
	check_same("etc/natsrv.conf.sample", text);
	free(text);
	text = manual();
	check_same("man/natsrv.conf.5", text);
	free(text);
	check_good("etc/natsrv.conf");
	check_good("etc/natsrv.conf.sample");
	check_dump("a dump of the defaults means the same", "");
	check_dump("a dump of an exacting configuration means the same",
	           "server = { name = \"a \\\\ b\"; realm = \"r\"; stop_timeout = 7; };\n"
	           "listeners = ( { name = \"x\"; address = \"127.0.0.1\"; },\n"
	           "{ name = \"y\"; address = [ \"::1\" ]; port = 99; transport = \"udp\"; } );\n"
	           "peers = { deny_ports = ( 53, \"7-9\" ); allow = [ ]; };\n"
	           "relay = { socket_buffer = \"64KiB\"; };\n");
	char *own = in_tree("etc/natsrv.conf"), *shipped = slurp(own);
	check_dump("a dump of etc/natsrv.conf means the same", shipped);
	free(shipped);
	free(own);
	check_masks();
	check_examples();

	unlink(secret);
	free(secret);
	rmdir(work);
	return bad > 0;
}
