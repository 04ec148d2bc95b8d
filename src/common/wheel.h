/*
 * common/wheel.h -- pure, one owner: a hierarchical timing wheel. One per machine; adding and
 * cancelling cost O(1), whatever the number of deadlines (security D8). Times are milliseconds of
 * whatever clock the owner uses; the wheel never reads one.
 */
#ifndef NATSRV_COMMON_WHEEL_H
#define NATSRV_COMMON_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/list.h"

typedef uint64_t msec;
#define MSEC_NEVER UINT64_MAX

struct timer {
	struct list link;
	msec at; /* MSEC_NEVER when not set */
};

enum { WHEEL_LEVELS = 11, WHEEL_SLOTS = 64 }; /* 11 digits of 6 bits: every 64-bit deadline */

struct wheel {
	msec now; /* everything due before this has been handed out */
	struct list slot[WHEEL_LEVELS][WHEEL_SLOTS];
	uint64_t filled[WHEEL_LEVELS]; /* a bit for each slot that holds something */
};

void wheel_init(struct wheel *w, msec now);
void timer_init(struct timer *t);

/*
 * (Re)arm; a deadline in the past is due at once, as if it were `now` of the wheel; MSEC_NEVER
 * cancels. Precision: never early, at most 1 ms late.
 */
void wheel_set(struct wheel *w, struct timer *t, msec at);
void wheel_cancel(struct wheel *w, struct timer *t);

/*
 * The next timer whose deadline is <= now, taken out of the wheel, or NULL. Call until NULL.
 * Ties and order: by deadline to the millisecond, then by insertion.
 */
struct timer *wheel_pop(struct wheel *w, msec now);

/*
 * A lower bound of the next deadline, good enough to sleep until: never later than the earliest
 * deadline, MSEC_NEVER when there is none.
 */
msec wheel_next(const struct wheel *w);

#endif
