/*
 * conf/names.h -- start-up and reload: what an unknown name was most likely meant to be.
 */
#ifndef NATSRV_CONF_NAMES_H
#define NATSRV_CONF_NAMES_H

#include "conf/option.h"
#include "conf/tree.h"

struct foreign {           /* a name of another server, or of a later version of this one */
	const char *name;  /* NULL ends the table. Lower case, '_' for '-' */
	const char *words; /* the hint */
};

struct vocabulary {
	const struct option *rows;     /* the root table */
	const struct foreign *foreign; /* by bare name */
	const struct foreign *later;   /* by path, "tls.key", or a whole group, "tls" */
};

/*
 * An error "unknown setting 'a.b'" about the node, with a hint. `rows` is the table that lacks it.
 */
void names_unknown(const struct vocabulary *v, const struct option *rows, const struct tree *node,
                   const char *path, struct complaints *c);

#endif
