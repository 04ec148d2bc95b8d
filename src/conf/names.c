#include "conf/names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"

enum { NAME_MAX_SIZE = 64, NEAR = 2 };

/* "Static-Auth-Secret" as this server would spell it. */
static void
plain(const char *name, char into[static NAME_MAX_SIZE])
{
	size_t n = strlen(name);

	if (n >= NAME_MAX_SIZE)
		n = NAME_MAX_SIZE - 1;
	for (size_t i = 0; i < n; i++)
		into[i] = (char)(name[i] == '-' ? '_' : tolower((unsigned char)name[i]));
	into[n] = '\0';
}

static const char *
look_up(const struct foreign *table, const char *name)
{
	for (; table != NULL && table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return table->words;
	return NULL;
}

static const char *
nearest(const struct option *rows, const char *name)
{
	const char *best = NULL;
	unsigned distance = NEAR + 1;

	for (const struct option *row = rows; row->type != OPTION_END; row++) {
		unsigned d = text_distance(name, row->name, NEAR);
		if (d < distance && d < strlen(name)) {
			distance = d;
			best = row->name;
		}
	}
	return best;
}

/* The group of the root table that has this very name; NULL when none or several have. */
static const struct option *
home_of(const struct option *root, const char *name)
{
	const struct option *home = NULL;

	for (const struct option *group = root; group->type != OPTION_END; group++) {
		if (group->rows == NULL)
			continue;
		for (const struct option *row = group->rows; row->type != OPTION_END; row++) {
			if (strcmp(row->name, name) != 0)
				continue;
			if (home != NULL)
				return NULL;
			home = group;
		}
	}
	return home;
}

/* "listeners[2].fd_name" is looked up as "listeners.fd_name". */
static void
without_indices(const char *path, char *into, size_t room)
{
	size_t n = 0;

	for (; *path != '\0' && n + 1 < room; path++) {
		if (*path == '[')
			path += strcspn(path, "]");
		else
			into[n++] = *path;
		if (*path == '\0')
			break;
	}
	into[n] = '\0';
}

void
names_unknown(const struct vocabulary *v, const struct option *rows, const struct tree *node,
              const char *path, struct complaints *c)
{
	char name[NAME_MAX_SIZE], full[160];
	const char *words;
	const struct option *home;

	plain(node->name, name);
	without_indices(path, full, sizeof full);
	complaints_error(c, node->at, "unknown setting '%.120s'", path);
	if ((words = look_up(v->later, full)) != NULL)
		complaints_hint(c, "this version does not serve it: %s", words);
	else if ((words = look_up(v->foreign, name)) != NULL)
		complaints_hint(c, "%s", words);
	else if ((home = home_of(v->rows, name)) != NULL)
		complaints_hint(c, "'%s' belongs into the group '%s'", name, home->name);
	else if ((words = nearest(rows, name)) != NULL)
		complaints_hint(c, "did you mean '%s'?", words);
	else if (rows == v->rows && strlen(name) > 0)
		complaints_hint(c, "see natsrv.conf(5) for the groups and their settings");
	else
		complaints_hint(c, "see natsrv.conf(5)");
}
