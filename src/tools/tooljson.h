/*
 * tools/tooljson.h -- tools, own process: writes JSON on a stream, commas and escapes included.
 *
 *	struct tooljson j = {.to = stdout};
 *	tooljson_open(&j, NULL, '{');
 *	tooljson_text(&j, "schema", "natping/1");
 *	tooljson_close(&j, '}');
 */
#ifndef NATSRV_TOOLS_TOOLJSON_H
#define NATSRV_TOOLS_TOOLJSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct tooljson {
	FILE *to;
	bool more; /* something stands before, in this object or array */
};

/* `name` is NULL inside an array. Text that is NULL becomes null. */
void tooljson_open(struct tooljson *j, const char *name, char bracket);
void tooljson_close(struct tooljson *j, char bracket);
void tooljson_text(struct tooljson *j, const char *name, const char *text);
void tooljson_number(struct tooljson *j, const char *name, uint64_t n);
void tooljson_decimal(struct tooljson *j, const char *name, double x); /* 3 places; < 0: null */
void tooljson_bool(struct tooljson *j, const char *name, bool b);

#endif
