#include "tools/tooljson.h"

#include <inttypes.h>

#include "common/text.h"

static void
put_text(FILE *to, const char *text)
{
	if (!text_utf8(bytes_text(text), NULL))
		text = "(not UTF-8)";
	putc('"', to);
	for (const char *c = text; *c != '\0'; c++)
		if (*c == '"' || *c == '\\')
			fprintf(to, "\\%c", *c);
		else if ((unsigned char)*c < 0x20 || *c == 0x7f)
			fprintf(to, "\\u%04x", (unsigned)(unsigned char)*c);
		else
			putc(*c, to);
	putc('"', to);
}

static void
name_it(struct tooljson *j, const char *name)
{
	if (j->more)
		fputs(",", j->to);
	j->more = true;
	if (name == NULL)
		return;
	put_text(j->to, name);
	putc(':', j->to);
}

void
tooljson_open(struct tooljson *j, const char *name, char bracket)
{
	name_it(j, name);
	putc(bracket, j->to);
	j->more = false;
}

void
tooljson_close(struct tooljson *j, char bracket)
{
	putc(bracket, j->to);
	j->more = true;
}

void
tooljson_text(struct tooljson *j, const char *name, const char *text)
{
	name_it(j, name);
	if (text == NULL)
		fputs("null", j->to);
	else
		put_text(j->to, text);
}

void
tooljson_number(struct tooljson *j, const char *name, uint64_t n)
{
	name_it(j, name);
	fprintf(j->to, "%" PRIu64, n);
}

void
tooljson_decimal(struct tooljson *j, const char *name, double x)
{
	name_it(j, name);
	if (x < 0)
		fputs("null", j->to);
	else
		fprintf(j->to, "%.3f", x);
}

void
tooljson_bool(struct tooljson *j, const char *name, bool b)
{
	name_it(j, name);
	fputs(b ? "true" : "false", j->to);
}
