#include "conf/tree.h"

#include <stdlib.h>
#include <string.h>

#include "common/digest.h"

struct tree *
tree_new(enum tree_kind kind, const char *name, struct origin at)
{
	struct tree *t = calloc(1, sizeof *t);

	if (t == NULL)
		return NULL;
	t->kind = kind;
	t->at = at;
	if (name == NULL)
		return t;
	t->name = strdup(name);
	if (t->name == NULL) {
		free(t);
		return NULL;
	}
	return t;
}

void
tree_free(struct tree *t)
{
	if (t == NULL)
		return;
	for (struct tree *c = t->child, *next; c != NULL; c = next) {
		next = c->next;
		tree_free(c);
	}
	if (t->text != NULL)
		digest_wipe(t->text, strlen(t->text));
	free(t->text);
	free(t->name);
	free(t);
}

void
tree_append(struct tree *t, struct tree *child)
{
	child->next = NULL;
	if (t->last == NULL)
		t->child = child;
	else
		t->last->next = child;
	t->last = child;
}

struct tree *
tree_get(const struct tree *group, const char *name)
{
	if (group == NULL || group->kind != TREE_GROUP)
		return NULL;
	for (struct tree *c = group->child; c != NULL; c = c->next)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

struct tree *
tree_find(const struct tree *root, const char *path)
{
	char name[64];

	for (;;) {
		size_t n = strcspn(path, ".");

		if (n >= sizeof name)
			return NULL;
		memcpy(name, path, n);
		name[n] = '\0';
		struct tree *t = tree_get(root, name);
		if (t == NULL || path[n] == '\0')
			return t;
		root = t;
		path += n + 1;
	}
}

struct tree *
tree_take(struct tree *t, struct tree *child)
{
	struct tree *before = NULL;

	for (struct tree *c = t->child; c != child; c = c->next)
		before = c;
	if (before == NULL)
		t->child = child->next;
	else
		before->next = child->next;
	if (t->last == child)
		t->last = before;
	child->next = NULL;
	return child;
}

/* `new` takes the place of `old` among the children of `t`, so that the order stays. */
static void
replace(struct tree *t, struct tree *old, struct tree *new)
{
	struct tree **link = &t->child;

	while (*link != old)
		link = &(*link)->next;
	new->next = old->next;
	*link = new;
	if (t->last == old)
		t->last = new;
	tree_free(old);
}

void
tree_overlay(struct tree *base, struct tree *over)
{
	while (over->child != NULL) {
		struct tree *c = tree_take(over, over->child);
		struct tree *old = tree_get(base, c->name);

		if (old == NULL)
			tree_append(base, c);
		else if (old->kind == TREE_GROUP && c->kind == TREE_GROUP)
			tree_overlay(old, c);
		else
			replace(base, old, c);
	}
	tree_free(over);
}

const char *
tree_kind_words(const struct tree *t)
{
	switch (t->kind) {
	case TREE_GROUP:
		return "a group { }";
	case TREE_LIST:
		return "a list ( )";
	case TREE_ARRAY:
		return "an array [ ]";
	case TREE_BOOL:
		return "a boolean";
	case TREE_INT:
		return "a number";
	case TREE_FLOAT:
		return "a number with a point";
	case TREE_TEXT:
		return "a text";
	}
	return "something else";
}
