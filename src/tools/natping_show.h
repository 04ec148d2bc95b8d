/*
 * tools/natping_show.h -- natping, one thread: the result in the form that was asked for: a closing
 * line for people, JSON, a line for monitoring, a redacted report.
 */
#ifndef NATSRV_TOOLS_NATPING_SHOW_H
#define NATSRV_TOOLS_NATPING_SHOW_H

#include "tools/natping_state.h"

void natping_show_head(const struct natping *p);   /* before the first step */
void natping_show_result(const struct natping *p); /* after the last */

/* --mint: URI and credentials to paste into an ICE configuration. The password is printed. */
void natping_show_mint(const struct natping *p);

#endif
