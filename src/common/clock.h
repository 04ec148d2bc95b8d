/*
 * common/clock.h -- the only place that reads a clock. Deadlines use milliseconds of
 * CLOCK_BOOTTIME (it goes on during suspend); wall time is Unix seconds.
 */
#ifndef NATSRV_COMMON_CLOCK_H
#define NATSRV_COMMON_CLOCK_H

#include <stdint.h>

#include "common/instant.h"

struct instant clock_now(void);
uint64_t clock_nsec(void);  /* monotonic nanoseconds, for measuring */
int64_t clock_wall_usec(void); /* Unix time, for log stamps */

#endif
