#include "conf/value.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "common/digest.h"
#include "common/text.h"

bool
value_wrong(const struct value_job *job, const char *format, ...)
{
	char text[300];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	assert(job->c != NULL);
	complaints_error(job->c, job->node->at, "%s: %s", job->path, text);
	return false;
}

bool
value_wrong_kind(const struct value_job *job, const char *wanted, const char *hint)
{
	value_wrong(job, "%s is expected, not %s", wanted, tree_kind_words(job->node));
	complaints_hint(job->c, "%s", hint);
	return false;
}

const char *
value_said(const struct value_job *job, const char *piece)
{
	return job->veiled ? "***" : piece;
}

bool
value_starved(const struct value_job *job)
{
	if (job->c != NULL)
		complaints_error(job->c, job->node->at, "%s: out of memory", job->path);
	return false;
}

const char *
value_rate(const char *text, uint64_t *into)
{
	char digits[24];
	int64_t number;
	size_t n = strcspn(text, "/");
	const char *why;

	if (n >= sizeof digits)
		return "is no rate";
	memcpy(digits, text, n);
	digits[n] = '\0';
	why = text_int(digits, 0, INT64_MAX, &number);
	if (why != NULL)
		return why;
	if (text[n] == '\0' ? number != 0 : strcmp(text + n, "/s") != 0)
		return "a rate is a number and \"/s\"";
	*into = (uint64_t)number;
	return NULL;
}

static void
print_quantity(const struct option *row, uint64_t n, char into[static 32])
{
	if (row->type == OPTION_DURATION)
		text_print_duration(n, into);
	else if (row->type == OPTION_SIZE)
		text_print_size(n, into);
	else if (row->type == OPTION_RATE)
		snprintf(into, 32, "%" PRIu64 "/s", n);
	else
		snprintf(into, 32, "%" PRIu64, n);
}

static const char *
choice_list(const struct choice *choices, char into[static VALUE_WORDS])
{
	size_t n = 0;

	into[0] = '\0';
	for (; choices->name != NULL && n < VALUE_WORDS; choices++) {
		if (choices->refusal != NULL)
			continue;
		n += (size_t)snprintf(into + n, VALUE_WORDS - n, "%s\"%s\"", n > 0 ? ", " : "",
		                      choices->name);
	}
	return into;
}

const char *
value_bounds(const struct option *row, char into[static VALUE_WORDS])
{
	char lo[32], hi[32];

	into[0] = '\0';
	switch (row->type) {
	case OPTION_CHOICE:
	case OPTION_CHOICES:
		return choice_list(row->choices, into);
	case OPTION_INT:
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_RATE:
		break;
	default:
		return into;
	}
	print_quantity(row, row->min, lo);
	print_quantity(row, row->max, hi);
	if (row->max != 0 && row->min == row->max)
		snprintf(into, VALUE_WORDS, "only %s", lo);
	else if (row->max != 0)
		snprintf(into, VALUE_WORDS, "%s to %s", lo, hi);
	else if (row->min != 0)
		snprintf(into, VALUE_WORDS, "at least %s", lo);
	if (row->special != NULL) {
		size_t n = strlen(into);
		snprintf(into + n, VALUE_WORDS - n, "%s\"%s\"", n > 0 ? ", or " : "", row->special);
	}
	return into;
}

/* A number from whatever spelling, against the row's bounds. */
static bool
in_bounds(const struct value_job *job, uint64_t n, bool negative, const char *spelled)
{
	const struct option *row = job->row;
	char bounds[VALUE_WORDS];

	if (!negative && n >= row->min && (row->max == 0 || n <= row->max))
		return true;
	return value_wrong(job, "%s is out of range (%s)", value_said(job, spelled),
	                   value_bounds(row, bounds));
}

static const char *
unit_hint(const struct option *row)
{
	switch (row->type) {
	case OPTION_SIZE:
		return "sizes are texts with a unit: \"256KiB\"";
	case OPTION_RATE:
		return "rates are texts with a unit: \"10/s\"";
	case OPTION_DURATION:
		return "durations are texts with a unit: \"10m\", \"1h30m\"";
	default:
		return "numbers stand without quotes: 10";
	}
}

/* An integer node as a number; `spelled` becomes what the user wrote. */
static bool
take_integer(const struct value_job *job, uint64_t *into)
{
	const struct tree *node = job->node;
	char spelled[32], bounds[VALUE_WORDS];

	if (node->text != NULL) {
		value_wrong(job, "%s does not fit (%s)", value_said(job, node->text),
		            value_bounds(job->row, bounds));
		if (job->row->type != OPTION_INT)
			complaints_hint(job->c, "%s", unit_hint(job->row));
		return false;
	}
	snprintf(spelled, sizeof spelled, "%" PRId64, node->number);
	if (node->number < 0)
		return in_bounds(job, 0, true, spelled);
	*into = (uint64_t)node->number;
	if (job->row->type == OPTION_DURATION) { /* a bare number is seconds */
		if (*into > UINT64_MAX / 1000)
			return in_bounds(job, 0, true, spelled);
		*into *= 1000;
	}
	return in_bounds(job, *into, false, spelled);
}

static bool
take_int(const struct value_job *job)
{
	uint64_t n;

	if (job->node->kind != TREE_INT)
		return value_wrong_kind(job, "a number", unit_hint(job->row));
	if (!take_integer(job, &n))
		return false;
	*(unsigned *)job->field = (unsigned)n;
	return true;
}

static bool
take_quantity_text(const struct value_job *job, uint64_t *n)
{
	const char *text = job->node->text, *why;
	char spelled[64];

	if (job->row->special != NULL && strcmp(text, job->row->special) == 0) {
		*n = 0;
		return true;
	}
	if (job->row->type == OPTION_DURATION)
		why = text_duration(text, n);
	else if (job->row->type == OPTION_SIZE)
		why = text_size(text, n);
	else
		why = value_rate(text, n);
	snprintf(spelled, sizeof spelled, "\"%.40s\"", text);
	if (why == NULL)
		return in_bounds(job, *n, false, spelled);
	value_wrong(job, "%s: %s", value_said(job, spelled), why);
	complaints_hint(job->c, "%s", unit_hint(job->row));
	return false;
}

static bool
take_quantity(const struct value_job *job)
{
	const struct tree *node = job->node;
	uint64_t n = 0;

	if (node->kind == TREE_TEXT) {
		if (!take_quantity_text(job, &n))
			return false;
	} else if (node->kind == TREE_INT && job->row->type == OPTION_DURATION) {
		if (!take_integer(job, &n))
			return false;
	} else if (node->kind == TREE_INT && node->text != NULL) {
		return take_integer(job, &n);
	} else if (node->kind == TREE_INT && node->number == 0 && job->row->min == 0) {
		n = 0;
	} else {
		return value_wrong_kind(job, "a text with a unit", unit_hint(job->row));
	}
	if (job->row->type == OPTION_RATE)
		*(unsigned *)job->field = n > UINT32_MAX ? UINT32_MAX : (unsigned)n;
	else
		*(uint64_t *)job->field = n;
	return true;
}

static bool
take_bool(const struct value_job *job)
{
	if (job->node->kind != TREE_BOOL)
		return value_wrong_kind(job, "a boolean", "write true or false, without quotes");
	*(bool *)job->field = job->node->number != 0;
	return true;
}

/* Texts go into logs, messages and system calls: no control characters, well-formed UTF-8. */
bool
value_good_text(const struct value_job *job)
{
	const char *text = job->node->text;
	size_t n = strlen(text), points;

	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return value_wrong(job, "the text holds a control character");
	if (!text_utf8(bytes_view(text, n), &points))
		return value_wrong(job, "the text is not UTF-8");
	if (n < job->row->min)
		return value_wrong(job, n == 0 ? "is empty" : "is too short");
	if (job->row->max != 0 && n > job->row->max)
		return value_wrong(job, "is too long (at most %" PRIu64 " byte%s)", job->row->max,
		                   job->row->max == 1 ? "" : "s");
	return true;
}

static bool
take_string(const struct value_job *job)
{
	char *copy;

	if (job->node->kind != TREE_TEXT)
		return value_wrong_kind(job, "a text", "texts stand in quotes: \"...\"");
	if (!value_good_text(job))
		return false;
	copy = strdup(job->node->text);
	if (copy == NULL)
		return value_starved(job);
	*(char **)job->field = copy;
	return true;
}

static bool
take_parsed(const struct value_job *job)
{
	const char *why;

	if (job->node->kind != TREE_TEXT)
		return value_wrong_kind(job, "a text", "texts stand in quotes: \"...\"");
	why = job->row->parse(job->node->text, job->field);
	if (why == NULL)
		return true;
	return value_wrong(job, "\"%.60s\": %s", value_said(job, job->node->text), why);
}

bool
value_choice(const struct value_job *job, const struct tree *node, int *into)
{
	char list[VALUE_WORDS];

	for (const struct choice *ch = job->row->choices; ch->name != NULL; ch++) {
		if (strcmp(ch->name, node->text) != 0)
			continue;
		*into = ch->value;
		if (ch->refusal == NULL)
			return true;
		return value_wrong(job, "\"%s\": %s", value_said(job, ch->name), ch->refusal);
	}
	value_wrong(job, "\"%.40s\" is not one of %s", value_said(job, node->text),
	            choice_list(job->row->choices, list));
	return false;
}

static bool
take_choice(const struct value_job *job)
{
	char list[VALUE_WORDS];

	if (job->node->kind != TREE_TEXT)
		return value_wrong_kind(job, "a text", choice_list(job->row->choices, list));
	return value_choice(job, job->node, job->field);
}

static bool
take_secret(const struct value_job *job)
{
	struct secret *into = job->field;
	size_t n;

	if (job->node->kind != TREE_TEXT)
		return value_wrong_kind(job, "a text", "texts stand in quotes: \"...\"");
	n = strlen(job->node->text);
	into->p = malloc(n + 1);
	if (into->p == NULL)
		return value_starved(job);
	memcpy(into->p, job->node->text, n + 1);
	into->n = n;
	into->at = job->node->at;
	return true;
}

bool
value_take(const struct value_job *job)
{
	switch (job->row->type) {
	case OPTION_BOOL:
		return take_bool(job);
	case OPTION_INT:
		return take_int(job);
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_RATE:
		return take_quantity(job);
	case OPTION_CHOICE:
		return take_choice(job);
	case OPTION_STRING:
		return take_string(job);
	case OPTION_PARSED:
		return take_parsed(job);
	case OPTION_SECRET:
		return take_secret(job);
	default:
		return false;
	}
}

static void
free_secret(struct secret *s)
{
	if (s->p != NULL)
		digest_wipe(s->p, s->n);
	free(s->p);
	*s = (struct secret){0};
}

void
value_free(const struct option *row, void *field)
{
	if (row->type == OPTION_SECRET) {
		free_secret(field);
	} else if (row->type == OPTION_STRING) {
		free(*(char **)field);
		*(char **)field = NULL;
	}
}
