/*
 * conf/print.h -- any thread: what an option table looks like to people: the effective
 * configuration, a sample file, the options of the manual page.
 */
#ifndef NATSRV_CONF_PRINT_H
#define NATSRV_CONF_PRINT_H

#include <stdio.h>

#include "conf/option.h"
#include "conf/tree.h"

/*
 * Every setting with its value and where that comes from, as a file that can be read back (but for
 * secrets, which are ***). `root` has been through table_fill().
 */
void print_effective(const struct option *rows, const struct tree *root, FILE *to);

/* A file that sets nothing: every setting in a comment, with its default and its words. */
void print_sample(const struct option *rows, FILE *to);

/* The list of settings in mdoc(7), a subsection for each group. */
void print_man(const struct option *rows, FILE *to);

#endif
