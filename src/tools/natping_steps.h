/*
 * tools/natping_steps.h -- natping, one thread: the table of what was tried and what came of it.
 */
#ifndef NATSRV_TOOLS_NATPING_STEPS_H
#define NATSRV_TOOLS_NATPING_STEPS_H

#include "tools/natping_state.h"

/*
 * Notes a step, and prints its row at once unless the program is quiet. `name` is static text.
 * True when what follows may still make sense (not failed, not critical, not untested).
 */
bool natping_steps_add(struct natping *p, const char *name, enum natping_level level,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "ok", "info", "warning", "untested", "failed", "CRITICAL" */
const char *natping_steps_level(enum natping_level level);

/* The worst step so far; NULL when there is none. */
const struct natping_step *natping_steps_worst(const struct natping *p);

/* 0 works, 1 with warnings, 2 does not work or is unsafe, 3 could not be tested */
int natping_steps_exit(const struct natping *p);

#endif
