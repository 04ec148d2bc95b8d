/*
 * tools/natping_check.h -- natping, one thread: the checks up to a first allocation: name, UDP,
 * Allocate without and with credentials. Each function notes its steps and says whether to go on.
 */
#ifndef NATSRV_TOOLS_NATPING_CHECK_H
#define NATSRV_TOOLS_NATPING_CHECK_H

#include "tools/natping_state.h"

/* Name to addresses: fills p->found. */
bool natping_check_name(struct natping *p);

/* A Binding over UDP to each address; p->server becomes the first that answers. */
bool natping_check_udp(struct natping *p);

/* An Allocate without credentials must be refused with 401. */
bool natping_check_stranger(struct natping *p);

/* An allocation in `c`, which is opened here; `name` of the step. */
bool natping_check_allocate(struct natping *p, struct natping_client *c, const char *name);

#endif
