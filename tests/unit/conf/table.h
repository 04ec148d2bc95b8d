/* tests: a small option table with a struct for it. */
#ifndef NATSRV_TESTS_UNIT_CONF_TABLE_H
#define NATSRV_TESTS_UNIT_CONF_TABLE_H

#include "conf/complaints.h"
#include "conf/read.h"
#include "conf/table.h"

struct table_item {
	char *name;
	unsigned port;
};

struct table_inner {
	bool on;
	uint64_t wait;
	struct words names;
	struct secrets secrets;
};

struct table_all {
	unsigned version;
	struct table_inner inner;
	struct groups items;
};

static const struct option table_item_rows[] = {
	{OPTION_STRING, "name", offsetof(struct table_item, name), .min = 1, .words = "Its name."},
	{OPTION_INT, "port", offsetof(struct table_item, port), .preset = "7", .min = 1, .max = 9,
         .words = "Its port. A small one."},
	{.type = OPTION_END},
};

static const struct option table_inner_rows[] = {
	{OPTION_BOOL, "on", offsetof(struct table_inner, on), .preset = "true",
         .words = "Is it on?"},
	{OPTION_DURATION, "wait", offsetof(struct table_inner, wait), .preset = "\"5s\"",
         .max = 60000, .words = "How \\ long."},
	{OPTION_STRINGS, "names", offsetof(struct table_inner, names), .preset = "[ \"a\" ]",
         .tentative = true, .words = ".names or so."},
	{OPTION_SECRETS, "secrets", offsetof(struct table_inner, secrets), .preset = "[ ]",
         .words = "Secrets."},
	{.type = OPTION_END},
};

static const struct option table_rows[] = {
	{OPTION_INT, "version", offsetof(struct table_all, version), .preset = "1", .min = 1,
         .max = 1, .words = "The version."},
	{OPTION_GROUP, "inner", offsetof(struct table_all, inner), .rows = table_inner_rows,
         .words = "The inside."},
	{OPTION_GROUPS, "items", offsetof(struct table_all, items), .preset = "( )", .max = 2,
         .rows = table_item_rows, .size = sizeof(struct table_item), .words = "The items."},
	{.type = OPTION_END},
};

static const struct vocabulary table_words = {.rows = table_rows};

struct table_world {
	struct complaints *c;
	struct source *s;
	struct tree *t;
	struct table_all all;
};

static inline struct table_world
table_world_of(const char *text)
{
	struct table_world w = {.c = complaints_new(), .s = source_new("x.conf", text)};

	w.s->is_file = true;
	w.t = read_source(w.s, w.c);
	assert_non_null(w.t);
	struct table_job job = {.vocabulary = &table_words, .root = w.t, .into = &w.all, .c = w.c};
	assert_int_equal(table_fill(&job), 0);
	return w;
}

static inline void
table_world_end(struct table_world *w)
{
	table_free(table_rows, &w->all);
	tree_free(w->t);
	source_free(w->s);
	complaints_free(w->c);
}

#endif
