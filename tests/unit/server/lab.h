/* tests: a directory of one's own, and settings made from texts in it. */
#ifndef NATSRV_TESTS_UNIT_SERVER_LAB_H
#define NATSRV_TESTS_UNIT_SERVER_LAB_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/build.h"
#include "server/settings.h"

struct lab {
	char directory[64];
	struct complaints *c;
	struct settings *s;
	struct build b;
};

static inline const char *
lab_path(const struct lab *l, const char *name, char into[static 128])
{
	snprintf(into, 128, "%s/%s", l->directory, name);
	return into;
}

static inline void
lab_write(const struct lab *l, const char *name, const char *text)
{
	char path[128];
	FILE *f = fopen(lab_path(l, name, path), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	fclose(f);
	assert_int_equal(chmod(path, 0600), 0);
}

/* With a good secret in "secret", which NATSRV_SECRET_FILE names. */
static inline void
lab_open(struct lab *l)
{
	char path[128];

	memset(l, 0, sizeof *l);
	snprintf(l->directory, sizeof l->directory, "/tmp/natsrv-lab-XXXXXX");
	assert_non_null(mkdtemp(l->directory));
	lab_write(l, "secret", "a-secret-of-the-lab-and-long-enough\n");
	setenv("NATSRV_SECRET_FILE", lab_path(l, "secret", path), 1);
	unsetenv("CREDENTIALS_DIRECTORY");
}

static inline void
lab_forget(struct lab *l)
{
	build_fini(&l->b);
	settings_free(l->s);
	complaints_free(l->c);
	l->s = NULL;
	l->c = NULL;
}

/* Loads and builds; returns the number of errors. */
static inline size_t
lab_load(struct lab *l, const char *text, const char *set)
{
	char path[128];
	struct settings_ask ask = {.set = &set, .set_n = set != NULL};

	lab_forget(l);
	lab_write(l, "x.conf", text);
	ask.file = lab_path(l, "x.conf", path);
	l->c = complaints_new();
	l->s = settings_load(&ask, l->c);
	if (l->s != NULL)
		assert_int_equal(build_init(&l->b, l->s, l->c), 0);
	return complaints_errors(l->c);
}

/* Does any complaint say this? */
static inline bool
lab_says(struct lab *l, const char *what)
{
	char *text;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	complaints_print(l->c, to);
	fclose(to);
	bool found = strstr(text, what) != NULL;
	free(text);
	return found;
}

static inline void
lab_close(struct lab *l)
{
	static const char *const files[] = {"x.conf",          "secret",      "keys",
	                                    "users",           "turn-secret", "x.conf.d/a.conf",
	                                    "x.conf.d/b.conf", "x.conf.d"};
	char path[128];

	lab_forget(l);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		remove(lab_path(l, files[i], path));
	rmdir(l->directory);
}

#endif
