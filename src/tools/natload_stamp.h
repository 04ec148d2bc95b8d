/*
 * tools/natload_stamp.h -- pure: what natload writes at the start of each payload, so that
 * whoever receives it knows to which run and lane it belongs, which number it has and when it
 * was meant to be sent. Written and read by one process, hence in the machine's own byte order.
 */
#ifndef NATSRV_TOOLS_NATLOAD_STAMP_H
#define NATSRV_TOOLS_NATLOAD_STAMP_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/bytes.h"

struct stamp {
	uint32_t run;   /* random, to tell leftovers of an earlier run */
	uint32_t lane;
	uint32_t seq;
	uint32_t size;  /* of the whole payload */
	uint64_t at_ns; /* when it was meant to leave */
};

enum { NATLOAD_STAMP = sizeof(struct stamp) };

static inline void
natload_stamp_put(uint8_t *payload, const struct stamp *s)
{
	memcpy(payload, s, sizeof *s);
}

/* False when the payload is too short, or is not as long as it was when it left. */
static inline bool
natload_stamp_get(struct bytes payload, struct stamp *into)
{
	if (payload.n < sizeof *into)
		return false;
	memcpy(into, payload.p, sizeof *into);
	return into->size == payload.n;
}

#endif
