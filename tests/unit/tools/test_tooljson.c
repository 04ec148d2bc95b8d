#include "tools/tooljson.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

struct paper {
	struct tooljson j;
	char *text;
	size_t n;
};

static void
take(struct paper *p)
{
	p->text = NULL;
	p->j = (struct tooljson){.to = open_memstream(&p->text, &p->n)};
	assert_non_null(p->j.to);
}

static void
expect(struct paper *p, const char *text)
{
	fclose(p->j.to);
	assert_string_equal(p->text, text);
	free(p->text);
}

static void
nesting(void **state)
{
	struct paper p;

	(void)state;
	take(&p);
	tooljson_open(&p.j, NULL, '{');
	tooljson_text(&p.j, "a", "x");
	tooljson_open(&p.j, "empty", '[');
	tooljson_close(&p.j, ']');
	tooljson_open(&p.j, "list", '[');
	tooljson_number(&p.j, NULL, 1);
	tooljson_number(&p.j, NULL, UINT64_MAX);
	tooljson_open(&p.j, NULL, '{');
	tooljson_bool(&p.j, "t", true);
	tooljson_bool(&p.j, "f", false);
	tooljson_close(&p.j, '}');
	tooljson_close(&p.j, ']');
	tooljson_text(&p.j, "none", NULL);
	tooljson_close(&p.j, '}');
	expect(&p, "{\"a\":\"x\",\"empty\":[],\"list\":[1,18446744073709551615,"
	           "{\"t\":true,\"f\":false}],\"none\":null}");
}

static void
decimals(void **state)
{
	struct paper p;

	(void)state;
	take(&p);
	tooljson_open(&p.j, NULL, '[');
	tooljson_decimal(&p.j, NULL, 0);
	tooljson_decimal(&p.j, NULL, 1.23456);
	tooljson_decimal(&p.j, NULL, -1);
	tooljson_close(&p.j, ']');
	expect(&p, "[0.000,1.235,null]");
}

static void
escapes(void **state)
{
	struct paper p;

	(void)state;
	take(&p);
	tooljson_open(&p.j, NULL, '[');
	tooljson_text(&p.j, NULL, "a\"b\\c\nd\x1b\x7f\xc3\xa4");
	tooljson_text(&p.j, NULL, "bad \xff");
	tooljson_close(&p.j, ']');
	expect(&p, "[\"a\\\"b\\\\c\\u000ad\\u001b\\u007f\xc3\xa4\",\"(not UTF-8)\"]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nesting),
		cmocka_unit_test(decimals),
		cmocka_unit_test(escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
