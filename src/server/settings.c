#include "server/settings.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/prefix.h"
#include "stun/prep.h"
#include "conf/print.h"
#include "conf/read.h"
#include "conf/table.h"
#include "server/bind.h"
#include "server/book.h"
#include "server/checks.h"
#include "server/options.h"

struct loading {
	const struct settings_ask *ask;
	struct settings_book *book;
	struct complaints *c;
	unsigned rank; /* of the source read last */
	bool failed;   /* a text was unreadable: the settings would not be what was meant */
};

static void
starved(struct loading *l)
{
	complaints_error(l->c, (struct origin){0}, "out of memory");
	l->failed = true;
}

/* The book keeps the source; settings point into it. */
static void
keep(struct loading *l, struct source *s)
{
	s->rank = ++l->rank;
	s->next = l->book->sources;
	l->book->sources = s;
}

/* Lays what a source says over what is known. Takes `over`. */
static void
lay(struct loading *l, struct tree *over)
{
	if (over == NULL)
		l->failed = true;
	else
		tree_overlay(l->book->tree, over);
}

static void
load_file(struct loading *l, const char *path, bool optional)
{
	struct source *s;
	int error = source_open(path, &s);

	if (error == -ENOENT && optional)
		return;
	if (error == -ENOMEM) {
		starved(l);
		return;
	}
	if (error != 0) {
		struct source *nameless = source_veiled(path);
		complaints_error(l->c, (struct origin){.source = nameless}, "cannot read %s: %s",
		                 path, strerror(-error));
		source_free(nameless);
		l->failed = true;
		return;
	}
	keep(l, s);
	lay(l, read_source(s, l->c));
}

static int
is_drop_in(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return entry->d_name[0] != '.' && n > 5 && strcmp(entry->d_name + n - 5, ".conf") == 0;
}

/* Byte order, whatever the locale. */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void
load_directory(struct loading *l)
{
	struct dirent **entry;
	char *directory, *path;

	if (asprintf(&directory, "%s.d", l->ask->file) < 0) {
		starved(l);
		return;
	}
	int n = scandir(directory, &entry, is_drop_in, by_name);
	if (n < 0 && errno != ENOENT && errno != ENOTDIR) {
		struct source *nameless = source_veiled(directory);
		complaints_error(l->c, (struct origin){.source = nameless}, "cannot read %s: %s",
		                 directory, strerror(errno));
		source_free(nameless);
		l->failed = true;
	}
	for (int i = 0; i < n; i++) {
		if (asprintf(&path, "%s/%s", directory, entry[i]->d_name) < 0) {
			starved(l);
		} else {
			load_file(l, path, false);
			free(path);
		}
		free(entry[i]);
	}
	if (n >= 0)
		free(entry);
	free(directory);
}

static void
load_assignments(struct loading *l)
{
	for (size_t i = 0; i < l->ask->set_n; i++) {
		struct source *s = source_new("command line", l->ask->set[i]);

		if (s == NULL) {
			starved(l);
			return;
		}
		keep(l, s);
		struct tree *over = read_assignment(s, l->c);
		if (over !=
		    NULL) /* else it has been complained about, and the rest can be judged */
			lay(l, over);
	}
}

static void
load_texts(struct loading *l)
{
	load_file(l, l->ask->file, l->ask->file_optional);
	load_directory(l);
	load_assignments(l);
}

/* A default that is found out at start: into the field, and into the tree for --dump-config. */
static bool
settle(struct settings *s, char **field, const char *path, const char *value)
{
	char *copy = strdup(value), *shown = strdup(value);
	struct tree *node = tree_find(s->book->tree, path);

	if (copy == NULL || shown == NULL) {
		free(copy);
		free(shown);
		return false;
	}
	free(*field);
	*field = copy;
	if (node == NULL || node->kind != TREE_TEXT) {
		free(shown);
		return true;
	}
	free(node->text);
	node->text = shown;
	return true;
}

/* Name and realm that nobody wrote. A host name that is no realm does not become one. */
static bool
settle_names(struct settings *s)
{
	char host[256] = "";

	if (gethostname(host, sizeof host - 1) < 0 || prep_realm(bytes_text(host)) != NULL)
		snprintf(host, sizeof host, "natsrv");
	if (s->server.name[0] == '\0' && !settle(s, &s->server.name, "server.name", host))
		return false;
	if (s->server.realm[0] != '\0' || book_written(s->book, "server.realm"))
		return true;
	return settle(s, &s->server.realm, "server.realm", s->server.name);
}

/* Items of a list of groups know where they stand. */
static void
note_origins(struct settings *s)
{
	const struct tree *t = tree_find(s->book->tree, "listeners");
	size_t i = 0;

	for (t = t == NULL ? NULL : t->child; t != NULL && i < s->listeners.n; t = t->next)
		if (t->kind == TREE_GROUP)
			s->listeners.v[i++].origin = t->at;
	t = tree_find(s->book->tree, "auth.users");
	i = 0;
	for (t = t == NULL ? NULL : t->child; t != NULL && i < s->auth.users.n; t = t->next)
		if (t->kind == TREE_GROUP)
			s->auth.users.v[i++].origin = t->at;
}

static bool
make(struct settings *s, struct complaints *c)
{
	struct table_job job = {
		.vocabulary = &options_vocabulary, .root = s->book->tree, .into = s, .c = c};

	if (table_fill(&job) != 0 || !settle_names(s))
		return false;
	note_origins(s);
	if (bind_resolve(s, c) != 0)
		return false;
	checks_run(s, c);
	return true;
}

struct settings *
settings_load(const struct settings_ask *ask, struct complaints *c)
{
	struct settings *s = calloc(1, sizeof *s);
	struct loading l = {.ask = ask, .c = c};

	if (s != NULL)
		s->book = calloc(1, sizeof *s->book);
	if (s != NULL && s->book != NULL)
		s->book->tree = tree_new(TREE_GROUP, NULL, (struct origin){0});
	if (s == NULL || s->book == NULL || s->book->tree == NULL) {
		starved(&l);
		goto fail;
	}
	l.book = s->book;
	s->book->open_relay = ask->open_relay;
	load_texts(&l);
	if (l.failed)
		goto fail;
	if (make(s, c))
		return s;
	starved(&l);
fail:
	settings_free(s);
	return NULL;
}

void
settings_free(struct settings *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->listeners.n; i++)
		free(s->listeners.v[i].at);
	table_free(options_rows, s);
	if (s->book != NULL) {
		tree_free(s->book->tree);
		for (struct source *src = s->book->sources, *next; src != NULL; src = next) {
			next = src->next;
			source_free(src);
		}
	}
	free(s->book);
	free(s);
}

struct origin
settings_origin(const struct settings *s, const char *path)
{
	return book_origin(s->book, path);
}

struct log_policy
settings_log_policy(const struct settings *s)
{
	return (struct log_policy){
		.target = (enum log_target)s->log.target,
		.format = (enum log_format)s->log.format,
		.level = (enum log_level)s->log.level,
		.file = s->log.file,
		.repeat_limit = s->log.repeat_limit,
	};
}

bool
settings_private_address(const union addr *a)
{
	static const char *const list[] = {
		"0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",  "127.0.0.0/8",
		"169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::/128",
		"::1/128",        "fc00::/7",      "fe80::/10",      "fec0::/10",
	};
	struct prefix p;

	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
		if (prefix_parse(list[i], &p) == NULL && prefix_holds(&p, a))
			return true;
	return false;
}

uint64_t
settings_descriptors(const struct settings *s, unsigned workers)
{
	enum {
		PER_ALLOCATION = 2 /* a second family, or a reserved port */,
		PER_WORKER = 16,
		REST = 64
	};
	uint64_t sockets = 0;

	for (size_t i = 0; i < s->listeners.n; i++)
		sockets += s->listeners.v[i].at_n;
	return PER_ALLOCATION * (uint64_t)s->limits.allocations + workers * (sockets + PER_WORKER) +
	       REST;
}

void
settings_print_effective(const struct settings *s, FILE *to)
{
	print_effective(options_rows, s->book->tree, to);
}

void
settings_print_sample(FILE *to)
{
	print_sample(options_rows, to);
}

void
settings_print_man(FILE *to)
{
	print_man(options_rows, to);
}
