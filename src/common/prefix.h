/*
 * common/prefix.h -- pure, any thread: IP prefixes, ranges, and longest-prefix match.
 */
#ifndef NATSRV_COMMON_PREFIX_H
#define NATSRV_COMMON_PREFIX_H

#include <stdbool.h>
#include <stdint.h>

#include "common/addr.h"

struct prefix {
	uint8_t family; /* AF_INET or AF_INET6 */
	uint8_t bits;   /* 0..32 or 0..128 */
	uint8_t ip[16]; /* network order; host bits are zero */
};

enum { PREFIX_TEXT = 56, PREFIX_RANGE_MAX = 254 };

/*
 * "10.0.0.0/8", "2001:db8::/32", or a bare address (/32, /128). Host bits that are set, an
 * IPv6 zone, a missing or oversized length are errors. Returns NULL or a static complaint.
 */
const char *prefix_parse(const char *text, struct prefix *into);

/*
 * As prefix_parse(), and also "lo-hi" (both of one family, lo <= hi), which is split into the
 * fewest prefixes. At most PREFIX_RANGE_MAX of them; `*n` says how many. NULL or a complaint.
 */
const char *prefix_parse_range(const char *text, struct prefix into[static PREFIX_RANGE_MAX],
                               unsigned *n);

bool prefix_holds(const struct prefix *p, const union addr *a);

/* Does `p` lie wholly within `outer`? */
bool prefix_within(const struct prefix *p, const struct prefix *outer);

const char *prefix_text(const struct prefix *p, char into[static PREFIX_TEXT]);

#endif
