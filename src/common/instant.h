/*
 * common/instant.h -- pure: what "now" is, for everything that is told the time instead of asking.
 */
#ifndef NATSRV_COMMON_INSTANT_H
#define NATSRV_COMMON_INSTANT_H

#include <stdint.h>

#include "common/wheel.h"

struct instant {
	msec mono;     /* for deadlines; starts anywhere, never jumps */
	int64_t unix_s; /* wall time in seconds, for nonces and expiry stamps */
};

#endif
