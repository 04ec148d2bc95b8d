/*
 * tools/natprobe_show.h -- natprobe, one thread: what was found, for people and as JSON.
 */
#ifndef NATSRV_TOOLS_NATPROBE_SHOW_H
#define NATSRV_TOOLS_NATPROBE_SHOW_H

#include "tools/natprobe_ask.h"

void natprobe_show_people(const struct natprobe_found *f, unsigned n, bool colour);
void natprobe_show_json(const struct natprobe_found *f, unsigned n);

/* 0 UDP works, 2 it is blocked, 3 nothing could be asked */
int natprobe_show_exit(const struct natprobe_found *f, unsigned n);

#endif
