/*
 * server/options.h -- any thread: every setting of natsrvd as rows (conf/option.h). A key enters
 * these tables together with the capability that it switches.
 */
#ifndef NATSRV_SERVER_OPTIONS_H
#define NATSRV_SERVER_OPTIONS_H

#include "conf/names.h"
#include "conf/option.h"

/* The root table, for a struct settings. */
extern const struct option options_rows[];

/* The same with the names of coturn and of settings that a later version will serve. */
extern const struct vocabulary options_vocabulary;

#endif
