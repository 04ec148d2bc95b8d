/*
 * conf/table.h -- start-up and reload: a whole tree against an option table, into a struct.
 */
#ifndef NATSRV_CONF_TABLE_H
#define NATSRV_CONF_TABLE_H

#include "conf/names.h"
#include "conf/option.h"
#include "conf/tree.h"

struct table_job {
	const struct vocabulary *vocabulary; /* its rows are the table */
	struct tree *root; /* a group; missing settings are added with their defaults */
	void *into;        /* zeroed; see option.h for what each row fills */
	struct complaints *c;
};

/*
 * Unknown names, wrong types and wrong values become errors in `c`; fields whose setting is wrong
 * get their default, so that later checks do not stumble over them. 0 or -ENOMEM. Give back with
 * table_free() in any case.
 */
int table_fill(const struct table_job *job);

/* Frees what the fields own, not the struct. */
void table_free(const struct option *rows, void *from);

#endif
