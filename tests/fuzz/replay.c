/*
 * Runs a fuzz target over the files of its corpus and speaks TAP: a line for each folder. Folders
 * are arguments, or $srcdir/tests/fuzz/corpus/<name of the target>. With files as arguments it
 * reproduces a finding.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_ROOM = 4096 };

/* One file, in memory of exactly its size, so that a sanitizer sees a read too far. */
static bool
replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	bool ok = false;

	if (f == NULL)
		return false;
	if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode)) {
		size_t size = (size_t)st.st_size;
		uint8_t *data = malloc(size + (size == 0));
		ok = data != NULL && fread(data, 1, size, f) == size;
		if (ok) {
			printf("# %s\n",
			       path); /* the last one named is the one that ended the process */
			fflush(stdout);
			LLVMFuzzerTestOneInput(data, size);
		}
		free(data);
	}
	fclose(f);
	return ok;
}

static int
visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Number of files, or -1 when something could not be read. */
static int
replay_folder(const char *folder)
{
	struct dirent **entries;
	char path[PATH_ROOM];
	int n = scandir(folder, &entries, visible, alphasort);
	bool ok = n >= 0;

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
		ok = replay_file(path) && ok;
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return ok ? n : -1;
}

static void
replay(int number, const char *path)
{
	struct stat st;
	bool file = stat(path, &st) == 0 && S_ISREG(st.st_mode);
	int n = file ? (replay_file(path) ? 1 : -1) : replay_folder(path);

	/* an empty corpus proves nothing */
	printf("%s %d - %s: %d inputs of %s\n", n > 0 ? "ok" : "not ok", number, fuzz_name,
	       n < 0 ? 0 : n, path);
}

int
main(int argc, char **argv)
{
	const char *top = getenv("srcdir");
	char folder[PATH_ROOM];

	if (argc > 1) {
		printf("1..%d\n", argc - 1);
		for (int i = 1; i < argc; i++)
			replay(i, argv[i]);
		return 0;
	}
	snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", top != NULL ? top : ".",
	         fuzz_name);
	printf("1..1\n");
	replay(1, folder);
	return 0;
}
