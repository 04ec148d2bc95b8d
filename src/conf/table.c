#include "conf/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/listing.h"
#include "conf/read.h"
#include "conf/value.h"

enum { PATH = 160 };

struct place { /* one group of the tree, its table and its struct */
	const struct option *rows;
	struct tree *group;
	char *into;
	const char *path; /* "" at the root */
	bool veiled;
};

static int fill_place(const struct table_job *job, const struct place *at);

static void
join(const char *path, const char *name, char into[static PATH])
{
	snprintf(into, PATH, "%s%s%s", path, path[0] == '\0' ? "" : ".", name);
}

static const struct option *
row_called(const struct option *rows, const char *name)
{
	for (; rows->type != OPTION_END; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

static void
find_unknown(const struct table_job *job, const struct place *at)
{
	char path[PATH];

	for (const struct tree *t = at->group->child; t != NULL; t = t->next) {
		if (row_called(at->rows, t->name) != NULL)
			continue;
		join(at->path, t->name, path);
		names_unknown(job->vocabulary, at->rows, t, path, job->c);
	}
}

/* The default as a node. NULL also when the row has none. */
static struct tree *
preset(const struct option *row)
{
	if (row->preset != NULL)
		return read_preset(row->name, row->preset);
	if (row->type == OPTION_GROUP)
		return tree_new(TREE_GROUP, row->name, (struct origin){0});
	return NULL;
}

static bool
take_scalar(const struct value_job *one)
{
	switch (one->row->type) {
	case OPTION_STRINGS:
	case OPTION_CHOICES:
	case OPTION_SECRETS:
		return listing_take(one);
	default:
		return value_take(one);
	}
}

/* A wrong value has been complained about; the default takes its place. */
static int
take_default(const struct value_job *wrong)
{
	struct value_job one = *wrong;
	struct tree *node = preset(one.row);

	if (node == NULL)
		return one.row->preset == NULL ? 0 : -ENOMEM;
	one.node = node;
	bool good = take_scalar(&one);
	tree_free(node);
	return good ? 0 : -ENOMEM;
}

static int
fill_group(const struct table_job *job, const struct value_job *one)
{
	struct tree *group = (struct tree *)(uintptr_t)one->node;
	struct place inside = {one->row->rows, group, one->field, one->path, one->veiled};

	if (group->kind == TREE_GROUP)
		return fill_place(job, &inside);
	value_wrong_kind(one, "a group", "groups are written name = { ... };");
	struct tree *empty = tree_new(TREE_GROUP, NULL, (struct origin){0});
	if (empty == NULL)
		return -ENOMEM;
	inside.group = empty;
	int error = fill_place(job, &inside);
	tree_free(empty);
	return error;
}

static int
fill_groups(const struct table_job *job, const struct value_job *all)
{
	struct groups *groups = all->field;
	const struct option *row = all->row;
	char path[PATH];
	size_t n = 0, i = 0;

	if (all->node->kind != TREE_LIST) {
		value_wrong_kind(all, "a list of groups", "write ( { ... }, { ... } )");
		return 0;
	}
	for (const struct tree *t = all->node->child; t != NULL; t = t->next)
		n++;
	if (n < row->min) {
		value_wrong(all, "the list is empty");
		return 0;
	}
	if (row->max != 0 && n > row->max) {
		value_wrong(all, "the list has %zu entries; at most %u are allowed", n,
		            (unsigned)row->max);
		return 0;
	}
	groups->v = calloc(n + 1, row->size);
	if (groups->v == NULL)
		return -ENOMEM;
	for (const struct tree *t = all->node->child; t != NULL; t = t->next) {
		struct value_job one = *all;
		snprintf(path, sizeof path, "%.120s[%zu]", all->path, i++);
		one.node = t;
		one.path = path;
		one.field = (char *)groups->v + groups->n * row->size;
		if (t->kind != TREE_GROUP) {
			value_wrong_kind(&one, "a group",
			                 "a list of groups is written ( { ... }, { ... } )");
			continue;
		}
		groups->n++;
		int error = fill_group(job, &one);
		if (error != 0)
			return error;
	}
	return 0;
}

/* The node of a row; a missing one is made from the default and joins the tree. */
static int
find_node(const struct table_job *job, const struct place *at, const struct option *row,
          struct tree **node)
{
	char path[PATH];

	*node = tree_get(at->group, row->name);
	if (*node != NULL)
		return 0;
	*node = preset(row);
	if (*node != NULL) {
		tree_append(at->group, *node);
		return 0;
	}
	if (row->preset != NULL || row->type == OPTION_GROUP)
		return -ENOMEM;
	join(at->path, row->name, path);
	complaints_error(job->c, at->group->at, "%s is missing", path);
	return 0;
}

static int
fill_row(const struct table_job *job, const struct place *at, const struct option *row)
{
	char path[PATH];
	struct tree *node;
	int error = find_node(job, at, row, &node);

	if (error != 0 || node == NULL)
		return error;
	join(at->path, row->name, path);
	struct value_job one = {.row = row,
	                        .node = node,
	                        .path = path,
	                        .field = at->into + row->offset,
	                        .c = job->c,
	                        .veiled = at->veiled || row->veiled};
	if (row->type == OPTION_GROUP)
		return fill_group(job, &one);
	if (row->type == OPTION_GROUPS)
		return fill_groups(job, &one);
	return take_scalar(&one) ? 0 : take_default(&one);
}

/* A field whose setting is missing altogether still holds a text. */
static int
no_null_strings(const struct place *at)
{
	for (const struct option *row = at->rows; row->type != OPTION_END; row++) {
		if (row->type != OPTION_STRING)
			continue;
		char **field = (char **)(void *)(at->into + row->offset);
		if (*field == NULL && (*field = strdup("")) == NULL)
			return -ENOMEM;
	}
	return 0;
}

static int
fill_place(const struct table_job *job, const struct place *at)
{
	find_unknown(job, at);
	for (const struct option *row = at->rows; row->type != OPTION_END; row++) {
		int error = fill_row(job, at, row);
		if (error != 0)
			return error;
	}
	return no_null_strings(at);
}

int
table_fill(const struct table_job *job)
{
	struct place root = {job->vocabulary->rows, job->root, job->into, "", false};

	return fill_place(job, &root);
}

static void
free_groups(const struct option *row, struct groups *groups)
{
	for (size_t i = 0; i < groups->n; i++)
		table_free(row->rows, (char *)groups->v + i * row->size);
	free(groups->v);
	*groups = (struct groups){0};
}

void
table_free(const struct option *rows, void *from)
{
	for (const struct option *row = rows; row->type != OPTION_END; row++) {
		void *field = (char *)from + row->offset;

		switch (row->type) {
		case OPTION_GROUP:
			table_free(row->rows, field);
			break;
		case OPTION_GROUPS:
			free_groups(row, field);
			break;
		case OPTION_STRINGS:
		case OPTION_CHOICES:
		case OPTION_SECRETS:
			listing_free(row, field);
			break;
		default:
			value_free(row, field);
			break;
		}
	}
}
