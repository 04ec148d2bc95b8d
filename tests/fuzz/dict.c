/*
 * The fuzzers' dictionary, from the tables of stun/: what a fuzzer can hardly guess. With --print
 * it goes to the standard output; else, as a test, it is compared with
 * $srcdir/tests/fuzz/stun.dict.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stun/name.h"

enum { ROOM = 65536 };

static const uint16_t codes[] = {
#define CODE(number, reason) number,
#include "stun/codes.def"
#undef CODE
};

static const unsigned methods[] = {
#define METHOD(ident, name, code, classes) code,
#include "stun/methods.def"
#undef METHOD
};

struct text {
	char b[ROOM];
	size_t n;
};

/* An entry: a name for people, and up to four bytes. */
static void
entry(struct text *t, const char *name, unsigned long value, unsigned bytes)
{
	char ident[64];
	size_t n = 0;

	for (; name[n] != '\0' && n < sizeof ident - 1; n++) {
		char c = name[n];
		bool plain =
			(c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		ident[n] = plain ? c : '_';
	}
	ident[n] = '\0';
	t->n += (size_t)snprintf(t->b + t->n, ROOM - t->n, "%s=\"", ident);
	for (unsigned i = bytes; i-- > 0;)
		t->n += (size_t)snprintf(t->b + t->n, ROOM - t->n, "\\x%02lX",
		                         value >> 8 * i & 0xff);
	t->n += (size_t)snprintf(t->b + t->n, ROOM - t->n, "\"\n");
}

/* Type and length of each attribute, for the shortest and the longest value where those are short.
 */
static void
attributes(struct text *t)
{
	for (int i = 0; i < ATTR_COUNT; i++) {
		enum stun_attr a = (enum stun_attr)i;
		unsigned long type = (unsigned long)name_attr_code(a) << 16;
		unsigned given = 0;
		for (unsigned n = 0; n <= 32 && given < 3; n++) {
			if (!name_attr_size_ok(a, n))
				continue;
			entry(t, name_attr(a), type | n, 4);
			given++;
		}
	}
	for (unsigned code = 0; code <= 0xffff; code++)
		if (name_attr_index((uint16_t)code) < 0 && name_wire((uint16_t)code) != NULL)
			entry(t, name_wire((uint16_t)code), code, 2);
}

static void
types(struct text *t)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		for (int c = STUN_REQUEST; c <= STUN_ERROR; c++)
			entry(t, name_method(methods[i]), name_type(methods[i], (enum stun_class)c),
			      2);
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		entry(t, name_reason(codes[i]), codes[i] / 100u << 8 | codes[i] % 100u, 4);
}

static void
print(struct text *t)
{
	t->n = (size_t)snprintf(
		t->b, ROOM,
		"# Made by tests/fuzz/dict from the tables in src/stun: `make dict`.\n");
	entry(t, "cookie", STUN_COOKIE, 4);
	attributes(t);
	types(t);
	entry(t, "ipv4", 0x0001, 2);
	entry(t, "ipv6", 0x0002, 2);
	entry(t, "channel_first", 0x4000, 2);
	entry(t, "channel_last", 0x4fff, 2);
	entry(t, "algorithm_md5", 0x00010000, 4);
	entry(t, "algorithm_sha256", 0x00020000, 4);
	t->n += (size_t)snprintf(t->b + t->n, ROOM - t->n, "nonce_cookie=\"obMatJos2wAAD\"\n");
}

static bool
up_to_date(const struct text *t)
{
	static char stored[ROOM];
	const char *top = getenv("srcdir");
	char path[4096];

	snprintf(path, sizeof path, "%s/tests/fuzz/stun.dict", top != NULL ? top : ".");
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return false;
	size_t n = fread(stored, 1, sizeof stored, f);
	fclose(f);
	return n == t->n && memcmp(stored, t->b, n) == 0;
}

int
main(int argc, char **argv)
{
	static struct text t;

	print(&t);
	if (argc > 1 && strcmp(argv[1], "--print") == 0)
		return fwrite(t.b, 1, t.n, stdout) == t.n ? 0 : 1;
	printf("1..1\n%s 1 - tests/fuzz/stun.dict is what `make dict` makes of the tables\n",
	       up_to_date(&t) ? "ok" : "not ok");
	return 0;
}
