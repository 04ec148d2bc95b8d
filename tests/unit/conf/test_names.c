/* conf/names: what an unknown name was meant to be. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/names.h"

static const struct option inner[] = {{.type = OPTION_BOOL, .name = "enabled"},
                                      {.type = OPTION_INT, .name = "ports"},
                                      {.type = OPTION_END}};
static const struct option other[] = {{.type = OPTION_BOOL, .name = "enabled"},
                                      {.type = OPTION_INT, .name = "level"},
                                      {.type = OPTION_END}};
static const struct option root[] = {{.type = OPTION_GROUP, .name = "relay", .rows = inner},
                                     {.type = OPTION_GROUP, .name = "log", .rows = other},
                                     {.type = OPTION_END}};
static const struct foreign foreign[] = {{"min_port", "coturn's min-port is relay.ports"}, {0}};
static const struct foreign later[] = {
	{"relay.tcp", "it relays UDP"}, {"relay.list.x", "no x"}, {"tls", "no TLS"}, {0}};
static const struct vocabulary words = {.rows = root, .foreign = foreign, .later = later};

static void
hints(const struct option *rows, const char *name, const char *path, const char *expected)
{
	struct complaints *c = complaints_new();
	struct tree *t = tree_new(TREE_INT, name, (struct origin){0});
	char *text;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	names_unknown(&words, rows, t, path, c);
	complaints_print(c, to);
	fclose(to);
	if (strstr(text, expected) == NULL)
		fail_msg("%s: %s", path, text);
	free(text);
	tree_free(t);
	complaints_free(c);
}

static void
names_are_guessed(void **state)
{
	(void)state;
	hints(inner, "prots", "relay.prots", "unknown setting 'relay.prots'");
	hints(inner, "prots", "relay.prots", "did you mean 'ports'?");
	hints(root, "rely", "rely", "did you mean 'relay'?");
	hints(inner, "Enabled", "relay.Enabled", "did you mean 'enabled'?");
	hints(inner, "min-port", "relay.min-port", "coturn's min-port");
	hints(root, "MIN-PORT", "MIN-PORT", "coturn's min-port");
	hints(inner, "tcp", "relay.tcp", "this version does not serve it: it relays UDP");
	hints(inner, "x", "relay.list[3].x", "no x");
	hints(root, "tls", "tls", "no TLS");
	hints(root, "level", "level", "'level' belongs into the group 'log'");
	hints(inner, "level", "relay.level", "'level' belongs into the group 'log'");
}

static void
what_is_not_known_is_not_guessed(void **state)
{
	char name[200];

	(void)state;
	memset(name, 'x', sizeof name - 1);
	name[199] = '\0';
	hints(root, "enabled", "enabled", "see natsrv.conf(5)"); /* two groups have it */
	hints(inner, "elephant", "relay.elephant", "see natsrv.conf(5)");
	hints(inner, name, name, "see natsrv.conf(5)");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_guessed),
		cmocka_unit_test(what_is_not_known_is_not_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
