#include "conf/print.h"

#include <inttypes.h>
#include <string.h>

#include "conf/source.h"
#include "conf/value.h"

enum { WIDTH = 96, MDOC_WIDTH = 78 };

static void
print_text(const char *text, FILE *to)
{
	fputc('"', to);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			fprintf(to, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(to, "\\x%02x", c);
		else
			fputc(c, to);
	}
	fputc('"', to);
}

static void
print_scalar(const struct option *row, const struct tree *t, FILE *to)
{
	if (row->type == OPTION_SECRET || row->type == OPTION_SECRETS)
		fputs(t->text == NULL || t->text[0] == '\0' ? "\"\"" : "\"***\"", to);
	else if (t->kind == TREE_BOOL)
		fputs(t->number != 0 ? "true" : "false", to);
	else if (t->kind == TREE_INT)
		fprintf(to, "%" PRId64, t->number);
	else if (t->text != NULL)
		print_text(t->text, to);
}

static void
print_value(const struct option *row, const struct tree *t, FILE *to)
{
	if (t->kind != TREE_ARRAY && t->kind != TREE_LIST) {
		print_scalar(row, t, to);
		return;
	}
	fputs(t->kind == TREE_ARRAY ? "[" : "(", to);
	for (const struct tree *c = t->child; c != NULL; c = c->next) {
		fputs(c == t->child ? " " : ", ", to);
		print_scalar(row, c, to);
	}
	fputs(t->kind == TREE_ARRAY ? " ]" : " )", to);
}

static void
print_origin(struct origin at, FILE *to)
{
	if (at.source == NULL)
		fputs("# default\n", to);
	else if (!at.source->is_file)
		fprintf(to, "# %s\n", at.source->name);
	else
		fprintf(to, "# %s:%u\n", at.source->name, at.line);
}

static void
indent(unsigned depth, FILE *to)
{
	for (unsigned i = 0; i < depth; i++)
		fputc('\t', to);
}

static void effective(const struct option *rows, const struct tree *group, unsigned depth,
                      FILE *to);

static void
effective_groups(const struct option *row, const struct tree *t, unsigned depth, FILE *to)
{
	if (t->child == NULL) {
		fprintf(to, "%s = ( );  ", row->name);
		print_origin(t->at, to);
		return;
	}
	fprintf(to, "%s = (\n", row->name);
	for (const struct tree *c = t->child; c != NULL; c = c->next) {
		indent(depth + 1, to);
		fputs("{\n", to);
		effective(row->rows, c, depth + 2, to);
		indent(depth + 1, to);
		fprintf(to, "}%s\n", c->next == NULL ? "" : ",");
	}
	indent(depth, to);
	fputs(");\n", to);
}

static void
effective(const struct option *rows, const struct tree *group, unsigned depth, FILE *to)
{
	for (const struct option *row = rows; row->type != OPTION_END; row++) {
		const struct tree *t = tree_get(group, row->name);

		if (t == NULL)
			continue;
		indent(depth, to);
		if (row->tentative && t->at.source == NULL)
			fputc('#', to);
		if (row->type == OPTION_GROUPS) {
			effective_groups(row, t, depth, to);
		} else if (row->type == OPTION_GROUP) {
			fprintf(to, "%s = {\n", row->name);
			effective(row->rows, t, depth + 1, to);
			indent(depth, to);
			fputs("};\n", to);
		} else {
			fprintf(to, "%s = ", row->name);
			print_value(row, t, to);
			fputs(";  ", to);
			print_origin(t->at, to);
		}
	}
}

void
print_effective(const struct option *rows, const struct tree *root, FILE *to)
{
	effective(rows, root, 0, to);
}

static const char *
type_words(const struct option *row)
{
	switch (row->type) {
	case OPTION_BOOL:
		return "boolean";
	case OPTION_INT:
		return "number";
	case OPTION_DURATION:
		return "duration";
	case OPTION_SIZE:
		return "size";
	case OPTION_RATE:
		return "rate";
	case OPTION_CHOICE:
		return "one of";
	case OPTION_CHOICES:
		return "list of";
	case OPTION_STRINGS:
		return "list of texts";
	case OPTION_SECRETS:
		return "list of secret texts";
	case OPTION_SECRET:
		return "secret text";
	case OPTION_GROUPS:
		return "list of groups";
	case OPTION_STRING:
	case OPTION_PARSED:
	case OPTION_GROUP:
	case OPTION_END:
		break;
	}
	return "text";
}

/* "number, 1 to 65535; default 3478" */
static void
print_facts(const struct option *row, FILE *to)
{
	char bounds[VALUE_WORDS];
	bool listed = row->type == OPTION_CHOICE || row->type == OPTION_CHOICES;

	fputs(type_words(row), to);
	if (value_bounds(row, bounds)[0] != '\0')
		fprintf(to, "%s %s", listed ? "" : ",", bounds);
	if (row->preset_words != NULL)
		fprintf(to, "; default: %s", row->preset_words);
	else if (row->preset != NULL)
		fprintf(to, "; default %s", row->preset);
	else
		fputs("; required", to);
}

/* Words as a comment, folded. */
static void
print_comment(const char *words, unsigned depth, FILE *to)
{
	unsigned at = 0;

	while (*words != '\0') {
		unsigned n = (unsigned)strcspn(words, " ");

		if (at == 0 || at + n >= WIDTH - 8 * depth) {
			if (at > 0)
				fputc('\n', to);
			indent(depth, to);
			fputc('#', to);
			at = 1;
		}
		fprintf(to, " %.*s", (int)n, words);
		at += n + 1;
		words += n;
		words += strspn(words, " ");
	}
	fputc('\n', to);
}

static void sample(const struct option *rows, unsigned depth, FILE *to);

/* Inside a list of groups nothing can be set without making an entry: all of it is comment. */
static void
sample_groups(const struct option *row, unsigned depth, FILE *to)
{
	indent(depth, to);
	fprintf(to, "#%s = ( {\n", row->name);
	for (const struct option *in = row->rows; in->type != OPTION_END; in++) {
		indent(depth, to);
		fprintf(to, "#\t%s = %s;", in->name, in->preset == NULL ? "\"...\"" : in->preset);
		fputs("\t# ", to);
		print_facts(in, to);
		fputc('\n', to);
	}
	indent(depth, to);
	fputs("#} );\n\n", to);
}

static void
sample(const struct option *rows, unsigned depth, FILE *to)
{
	for (const struct option *row = rows; row->type != OPTION_END; row++) {
		print_comment(row->words, depth, to);
		if (row->type == OPTION_GROUP) {
			fprintf(to, "%s = {\n", row->name);
			sample(row->rows, depth + 1, to);
			fputs("};\n\n", to);
			continue;
		}
		indent(depth, to);
		fputs("# (", to);
		print_facts(row, to);
		fputs(")\n", to);
		if (row->type == OPTION_GROUPS) {
			sample_groups(row, depth, to);
			continue;
		}
		indent(depth, to);
		fprintf(to, "#%s = %s;\n\n", row->name, row->preset == NULL ? "\"\"" : row->preset);
	}
}

void
print_sample(const struct option *rows, FILE *to)
{
	sample(rows, 0, to);
}

/*
 * Text for mdoc: folded, a new sentence on a new line, backslashes and quotes spelled out, no word
 * at the head of a line taken for a request.
 */
static void
mdoc_word(const char *word, int n, FILE *to)
{
	if (word[0] == '.' || word[0] == '\'')
		fputs("\\&", to);
	for (int i = 0; i < n; i++) {
		if (word[i] == '\\')
			fputs("\\e", to);
		else if (word[i] == '"')
			fputs("\\(dq", to);
		else
			fputc(word[i], to);
	}
}

static void
mdoc_text(const char *text, FILE *to)
{
	int at = 0;

	while (*text != '\0') {
		int n = (int)strcspn(text, " "), quotes = 0;
		bool sentence = n > 0 && text[n - 1] == '.';

		for (int i = 0; i < n; i++)
			quotes += text[i] == '"';
		int width = n + 3 * quotes + 3;
		if (at > 0 && at + width > MDOC_WIDTH) {
			fputc('\n', to);
			at = 0;
		}
		if (at > 0)
			fputc(' ', to);
		mdoc_word(text, n, to);
		at = sentence ? 0 : at + width;
		text += n;
		text += strspn(text, " ");
		if (sentence || *text == '\0')
			fputc('\n', to);
	}
}

static void
man_facts(const struct option *row, FILE *to)
{
	char facts[512];
	FILE *into = fmemopen(facts, sizeof facts, "w");

	if (into == NULL)
		return;
	print_facts(row, into);
	fclose(into);
	facts[sizeof facts - 1] = '\0';
	fputs(".Po\n", to);
	mdoc_text(facts, to);
	fputs(".Pc\n", to);
}

static void
man_rows(const struct option *rows, FILE *to)
{
	fputs(".Bl -tag -width Ds\n", to);
	for (const struct option *row = rows; row->type != OPTION_END; row++) {
		fprintf(to, ".It Va %s\n", row->name);
		mdoc_text(row->words, to);
		man_facts(row, to);
		if (row->rows != NULL)
			man_rows(row->rows, to);
	}
	fputs(".El\n", to);
}

void
print_man(const struct option *rows, FILE *to)
{
	for (const struct option *row = rows; row->type != OPTION_END; row++) {
		fprintf(to, ".Ss %s\n", row->name);
		mdoc_text(row->words, to);
		if (row->type != OPTION_GROUP)
			man_facts(row, to);
		if (row->rows != NULL)
			man_rows(row->rows, to);
	}
}
