#include "conf/read.h"

#include <assert.h>
#include <ctype.h>
#include <libconfig.h>
#include <stdlib.h>
#include <string.h>

#include "common/digest.h"
#include "conf/grammar.h"
#include "conf/scan.h"

enum { LITERAL = 40 }; /* of a number that does not fit, so much is shown */

struct reading {
	const struct source *source;
	struct scan scan; /* keeps step with libconfig's tree, which is in the text's order */
	struct token next, value; /* not yet used; the value of the node that was found last */
	bool starved;             /* out of memory */
};

static struct token
step(struct reading *r)
{
	struct token t = r->next;

	r->next = scan_next(&r->scan);
	return t;
}

static bool
opens(const struct token *t)
{
	return scan_is_mark(t, '(') || scan_is_mark(t, '[') || scan_is_mark(t, '{');
}

/*
 * libconfig knows the line of a setting, at times one too far, and no column. The words of the text
 * come in the same order as the nodes of the tree: find those of this node.
 */
static struct token
find_words(struct reading *r, const config_setting_t *node)
{
	bool named = config_setting_name(node) != NULL;
	bool aggregate = config_setting_is_aggregate(node) == CONFIG_TRUE;
	struct token t = step(r);

	while (t.kind == SCAN_MARK && !(aggregate && !named && opens(&t)))
		t = step(r); /* what closed or divided the nodes before */
	r->value = t;
	if (named) {
		step(r); /* '=' */
		r->value = step(r);
	}
	while (r->value.kind == SCAN_STRING && r->next.kind == SCAN_STRING)
		step(r); /* neighbours are joined */
	return t;
}

static enum tree_kind
kind_of(const config_setting_t *from)
{
	switch (config_setting_type(from)) {
	case CONFIG_TYPE_GROUP:
		return TREE_GROUP;
	case CONFIG_TYPE_LIST:
		return TREE_LIST;
	case CONFIG_TYPE_ARRAY:
		return TREE_ARRAY;
	case CONFIG_TYPE_BOOL:
		return TREE_BOOL;
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return TREE_INT;
	case CONFIG_TYPE_FLOAT:
		return TREE_FLOAT;
	default:
		return TREE_TEXT;
	}
}

static void
copy_scalar(struct reading *r, const config_setting_t *from, struct tree *t)
{
	const char *text;

	switch (t->kind) {
	case TREE_TEXT:
		text = config_setting_get_string(from);
		t->text = strdup(text == NULL ? "" : text);
		r->starved |= t->text == NULL;
		break;
	case TREE_BOOL:
		t->number = config_setting_get_bool(from);
		break;
	case TREE_INT:
		t->number = config_setting_get_int64(from);
		if (r->source != NULL && scan_number(&r->value) == SCAN_TOO_BIG) {
			/* libconfig has cut it silently: keep what was written */
			size_t n = r->value.text.n > LITERAL ? LITERAL : r->value.text.n;
			t->text = strndup((const char *)r->value.text.p, n);
			r->starved |= t->text == NULL;
		}
		break;
	default:
		break;
	}
}

static struct tree *
copy(struct reading *r, const config_setting_t *from)
{
	struct origin at = {.source = r->source};

	if (r->source != NULL && !config_setting_is_root(from)) {
		struct token word = find_words(r, from);
		at.line = word.line;
		at.column = word.column;
	}
	struct tree *t = tree_new(kind_of(from), config_setting_name(from), at);
	if (t == NULL) {
		r->starved = true;
		return NULL;
	}
	if (!config_setting_is_aggregate(from)) {
		copy_scalar(r, from, t);
		return t;
	}
	for (int i = 0; i < config_setting_length(from); i++) {
		struct tree *child = copy(r, config_setting_get_elem(from, (unsigned)i));
		if (child != NULL)
			tree_append(t, child);
	}
	return t;
}

/* libconfig's own copies of texts may be secrets; it would free them as they are. */
static void
wipe(const config_setting_t *s)
{
	if (config_setting_type(s) == CONFIG_TYPE_STRING) {
		char *text = (char *)(uintptr_t)config_setting_get_string(s);
		if (text != NULL)
			digest_wipe(text, strlen(text));
	}
	if (!config_setting_is_aggregate(s))
		return;
	for (int i = 0; i < config_setting_length(s); i++)
		wipe(config_setting_get_elem(s, (unsigned)i));
}

static struct tree *
parse(struct reading *r, const char *text, struct complaints *c)
{
	config_t config;
	struct tree *t = NULL;

	r->scan = scan_over(bytes_text(text));
	r->next = scan_next(&r->scan);
	config_init(&config);
	if (config_read_string(&config, text) == CONFIG_TRUE) {
		t = copy(r, config_root_setting(&config));
	} else if (c != NULL) {
		const char *why = config_error_text(&config);
		struct origin at = {.source = r->source,
		                    .line = (unsigned)config_error_line(&config)};
		complaints_error(c, at, "%s", why == NULL ? "syntax error" : why);
		if (why != NULL && strstr(why, "mismatched") != NULL)
			complaints_hint(c, "values of different kinds stand in ( ), not in [ ]");
	}
	wipe(config_root_setting(&config));
	config_destroy(&config);
	if (!r->starved)
		return t;
	tree_free(t);
	if (c != NULL)
		complaints_error(c, (struct origin){.source = r->source}, "out of memory");
	return NULL;
}

static bool
good_grammar(const struct source *s, struct complaints *c)
{
	struct offence offence;

	if (grammar_check(bytes_view(s->text, s->n), &offence))
		return true;
	complaints_error(c, (struct origin){s, offence.line, offence.column}, "%s", offence.what);
	if (offence.hint[0] != '\0')
		complaints_hint(c, "%s", offence.hint);
	return false;
}

struct tree *
read_source(const struct source *s, struct complaints *c)
{
	struct reading r = {.source = s};

	if (!good_grammar(s, c))
		return NULL;
	return parse(&r, s->text, c);
}

struct tree *
read_preset(const char *name, const char *text)
{
	struct reading r = {0};
	size_t n = strlen(name) + strlen(text) + 8;
	char *line = malloc(n);

	if (line == NULL)
		return NULL;
	snprintf(line, n, "%s = %s;", name, text);
	struct tree *root = parse(&r, line, NULL);
	free(line);
	if (root == NULL)
		return NULL;
	assert(root->child != NULL);
	struct tree *t = tree_take(root, root->child);
	tree_free(root);
	return t;
}

/* --set: a word that a file would want in quotes. */
static bool
is_bare(struct bytes value)
{
	struct scan scan = scan_over(value);
	struct token t = scan_next(&scan);
	struct token end = scan_next(&scan);

	if (end.kind != SCAN_END && !scan_is_mark(&end, ';'))
		return true;
	if (t.kind == SCAN_STRING)
		return t.unclosed;
	if (t.kind == SCAN_NUMBER)
		return scan_number(&t) == SCAN_NO_NUMBER;
	return !(t.kind == SCAN_NAME && (scan_is_word(&t, "true") || scan_is_word(&t, "false")));
}

static struct bytes
trim(struct bytes b)
{
	while (b.n > 0 && isspace(b.p[0]))
		b = bytes_view(b.p + 1, b.n - 1);
	while (b.n > 0 && isspace(b.p[b.n - 1]))
		b.n--;
	return b;
}

static void
put_quoted(FILE *to, struct bytes b)
{
	fputc('"', to);
	for (size_t i = 0; i < b.n; i++) {
		if (b.p[i] == '"' || b.p[i] == '\\')
			fputc('\\', to);
		fputc(b.p[i], to);
	}
	fputc('"', to);
}

/* [a, b] to ["a", "b"]; no more is done: quoted elements may hold commas and stay as they are. */
static void
put_array(FILE *to, struct bytes inner)
{
	size_t from = 0;
	bool quoted = false;

	for (size_t i = 0; i <= inner.n; i++) {
		if (i < inner.n && inner.p[i] == '"')
			quoted = !quoted;
		if (i < inner.n && (quoted || inner.p[i] != ','))
			continue;
		struct bytes item = trim(bytes_view(inner.p + from, i - from));
		if (item.n > 0 && is_bare(item))
			put_quoted(to, item);
		else
			fwrite(item.p, 1, item.n, to);
		if (i < inner.n)
			fputc(',', to);
		from = i + 1;
	}
}

/* The value as a file would have it. Wiped and freed by the caller; NULL when memory is short. */
static char *
spell_value(struct bytes value)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	if (to == NULL)
		return NULL;
	fputs("value = ", to);
	value = trim(value);
	if (value.n >= 2 && value.p[0] == '[' && value.p[value.n - 1] == ']') {
		fputc('[', to);
		put_array(to, bytes_view(value.p + 1, value.n - 2));
		fputc(']', to);
	} else if (value.n > 0 && strchr("([{", value.p[0]) != NULL) {
		fwrite(value.p, 1, value.n, to);
	} else if (is_bare(value)) {
		put_quoted(to, value);
	} else {
		fwrite(value.p, 1, value.n, to);
	}
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}

static bool
good_path(struct bytes path)
{
	bool dot = true;

	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '.'
		            ? dot
		            : !(isalnum(path.p[i]) || path.p[i] == '_' || path.p[i] == '-'))
			return false;
		if (dot && !isalpha(path.p[i]))
			return false;
		dot = path.p[i] == '.';
	}
	return !dot;
}

/* Every node of a --set stands on its one line. */
static void
place(struct tree *t, struct origin at)
{
	t->at = at;
	for (struct tree *c = t->child; c != NULL; c = c->next)
		place(c, at);
}

/* The value's tree below groups for the path's names. Takes `leaf`; NULL when memory is short. */
static struct tree *
nest(struct bytes path, struct tree *leaf)
{
	while (leaf != NULL) {
		size_t dot = path.n;
		while (dot > 0 && path.p[dot - 1] != '.')
			dot--;
		free(leaf->name);
		leaf->name = strndup((const char *)path.p + dot, path.n - dot);
		struct tree *group = tree_new(TREE_GROUP, NULL, leaf->at);
		if (leaf->name == NULL || group == NULL) {
			tree_free(group);
			break;
		}
		tree_append(group, leaf);
		leaf = group;
		if (dot == 0)
			return leaf;
		path.n = dot - 1;
	}
	tree_free(leaf);
	return NULL;
}

/* `text` is "value = ..."; the complaint stands at the --set that it came from. */
static struct tree *
read_value(const struct source *s, const char *text, struct complaints *c)
{
	struct reading r = {.source = s};
	struct offence offence;
	struct origin at = {.source = s, .line = 1};

	if (!grammar_check(bytes_text(text), &offence)) {
		complaints_error(c, at, "%s", offence.what);
		if (offence.hint[0] != '\0')
			complaints_hint(c, "%s", offence.hint);
		return NULL;
	}
	struct tree *root = parse(&r, text, c);
	if (root == NULL)
		return NULL;
	struct tree *t = root->child == NULL ? NULL : tree_take(root, root->child);
	if (t == NULL || root->child != NULL) {
		complaints_error(c, at, "more than one setting in one --set");
		tree_free(t);
		t = NULL;
	}
	tree_free(root);
	if (t != NULL)
		place(t, at);
	return t;
}

struct tree *
read_assignment(const struct source *s, struct complaints *c)
{
	struct origin at = {.source = s, .line = 1};
	const char *equals = strchr(s->text, '=');
	struct bytes path =
		trim(bytes_view(s->text, equals == NULL ? 0 : (size_t)(equals - s->text)));

	if (path.n == 0 || !good_path(path)) {
		complaints_error(c, at, "--set wants path=value");
		complaints_hint(c, "for example --set limits.allocations=1000");
		return NULL;
	}
	char *text = spell_value(bytes_text(equals + 1));
	struct tree *t = NULL;
	if (text != NULL)
		t = read_value(s, text, c);
	else
		complaints_error(c, at, "out of memory");
	if (text != NULL)
		digest_wipe(text, strlen(text));
	free(text);
	if (t == NULL)
		return NULL;
	t = nest(path, t);
	if (t == NULL)
		complaints_error(c, at, "out of memory");
	return t;
}
