/*
 * tools/natping_echo.h -- natping, one thread: N echoes from client A through both relays to client
 * B and back; loss, round-trip times, jitter.
 */
#ifndef NATSRV_TOOLS_NATPING_ECHO_H
#define NATSRV_TOOLS_NATPING_ECHO_H

#include "tools/natping_state.h"

/* Prints a line each, like ping(8), unless quiet; fills p->echo; notes the step "echo". */
bool natping_echo_run(struct natping *p);

#endif
