#include "conf/listing.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A list of scalars is written [ ] or ( ); a single one may stand alone. */
static size_t
scalars(const struct tree *node, const struct tree **first)
{
	size_t n = 0;

	if (node->kind == TREE_TEXT || node->kind == TREE_INT) {
		*first = node;
		return 1;
	}
	*first = node->child;
	for (const struct tree *t = node->child; t != NULL; t = t->next)
		n++;
	return n;
}

static bool
is_listing(const struct value_job *job)
{
	enum tree_kind kind = job->node->kind;

	if (kind == TREE_ARRAY || kind == TREE_LIST || kind == TREE_TEXT || kind == TREE_INT)
		return true;
	return value_wrong_kind(job, "a list of texts", "write [ \"...\", \"...\" ]");
}

static bool
enough(const struct value_job *job, size_t n)
{
	if (n < job->row->min)
		return value_wrong(job, "the list is empty");
	if (job->row->max != 0 && n > job->row->max)
		return value_wrong(job, "the list has %zu entries; at most %" PRIu64 " are allowed",
		                   n, job->row->max);
	return true;
}

/* One element, as a job of its own whose complaints say "peers.deny[2]". */
static struct value_job
element(const struct value_job *job, const struct tree *node, size_t i, char path[static 160])
{
	struct value_job one = *job;

	snprintf(path, 160, "%s[%zu]", job->path, i);
	one.node = node;
	one.path = path;
	return one;
}

static bool
take_word(const struct value_job *one, struct word *word)
{
	char number[24];
	const char *text = one->node->text;

	if (one->node->kind == TREE_INT && text == NULL) { /* a port, say */
		snprintf(number, sizeof number, "%" PRId64, one->node->number);
		text = number;
	} else if (one->node->kind == TREE_INT) {
		return value_wrong(one, "%s does not fit", value_said(one, text));
	} else if (one->node->kind != TREE_TEXT) {
		return value_wrong_kind(one, "a text", "texts stand in quotes: \"...\"");
	} else if (text[0] == '\0') {
		return value_wrong(one, "is empty");
	} else {
		static const struct option any = {.type = OPTION_STRING};
		struct value_job check = *one;
		check.row = &any; /* the row's bounds are those of the list */
		if (!value_good_text(&check))
			return false;
	}
	word->text = strdup(text);
	word->at = one->node->at;
	return word->text != NULL || value_starved(one);
}

static bool
take_strings(const struct value_job *job)
{
	struct words words = {0};
	const struct tree *t;
	char path[160];

	if (!is_listing(job))
		return false;
	size_t n = scalars(job->node, &t);
	if (!enough(job, n))
		return false;
	words.v = calloc(n + 1, sizeof *words.v);
	if (words.v == NULL)
		return value_starved(job);
	for (size_t i = 0; i < n; i++, t = t->next) {
		struct value_job one = element(job, t, i, path);
		words.n += take_word(&one, &words.v[words.n]);
	}
	/* the good entries stay even beside bad ones: they are judged as well */
	*(struct words *)job->field = words;
	return true;
}

static bool
take_choices(const struct value_job *job)
{
	struct choices_set *set = job->field;
	const struct tree *t;
	char path[160];

	if (!is_listing(job))
		return false;
	set->n = 0;
	size_t n = scalars(job->node, &t);
	if (!enough(job, n))
		return false;
	for (size_t i = 0; i < n; i++, t = t->next) {
		struct value_job one = element(job, t, i, path);
		int value;
		if (t->kind != TREE_TEXT)
			return value_wrong_kind(&one, "a text", "texts stand in quotes: \"...\"");
		if (!value_choice(&one, t, &value))
			return false;
		for (size_t k = 0; k < set->n; k++)
			if (set->v[k] == value)
				return value_wrong(&one, "\"%s\" is there twice",
				                   value_said(&one, t->text));
		assert(set->n < OPTION_CHOICES_MAX);
		set->v[set->n++] = value;
	}
	return true;
}

static bool
take_secrets(const struct value_job *job)
{
	static const struct option secret = {.type = OPTION_SECRET};
	struct secrets secrets = {0};
	const struct tree *t;
	char path[160];

	if (!is_listing(job))
		return false;
	size_t n = scalars(job->node, &t);
	if (!enough(job, n))
		return false;
	secrets.v = calloc(n + 1, sizeof *secrets.v);
	if (secrets.v == NULL)
		return value_starved(job);
	for (size_t i = 0; i < n; i++, t = t->next) {
		struct value_job one = element(job, t, i, path);
		one.row = &secret;
		one.field = &secrets.v[secrets.n];
		secrets.n += value_take(&one);
	}
	*(struct secrets *)job->field = secrets;
	return true;
}

bool
listing_take(const struct value_job *job)
{
	switch (job->row->type) {
	case OPTION_STRINGS:
		return take_strings(job);
	case OPTION_CHOICES:
		return take_choices(job);
	case OPTION_SECRETS:
		return take_secrets(job);
	default:
		return false;
	}
}

static void
free_words(struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->v[i].text);
	free(w->v);
	*w = (struct words){0};
}

static void
free_secrets(struct secrets *s)
{
	static const struct option secret = {.type = OPTION_SECRET};

	for (size_t i = 0; i < s->n; i++)
		value_free(&secret, &s->v[i]);
	free(s->v);
	*s = (struct secrets){0};
}

void
listing_free(const struct option *row, void *field)
{
	if (row->type == OPTION_STRINGS)
		free_words(field);
	else if (row->type == OPTION_SECRETS)
		free_secrets(field);
}
