/*
 * conf/read.h -- start-up and reload: from a text to a tree. The only file that knows libconfig.
 */
#ifndef NATSRV_CONF_READ_H
#define NATSRV_CONF_READ_H

#include "conf/complaints.h"
#include "conf/source.h"
#include "conf/tree.h"

/*
 * The whole text of a source. NULL, with an error in `c`, when it is not a configuration or memory
 * is short. Integers that libconfig would have wrapped arrive as literals (tree.h).
 */
struct tree *read_source(const struct source *s, struct complaints *c);

/*
 * "path=value" of a --set, which is the text of `s`. The value is written as in a file; a plain
 * word needs no quotes, neither alone nor in [a, b]. NULL with an error in `c`.
 */
struct tree *read_assignment(const struct source *s, struct complaints *c);

/* One value as it stands in an option table. NULL when memory is short; bad text is a bug. */
struct tree *read_preset(const char *name, const char *text);

#endif
