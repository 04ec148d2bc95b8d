/*
 * common/text.h -- pure, any thread: numbers, durations, sizes, hex and base64 in both directions.
 * Parsers take the whole string or nothing and return NULL or a static complaint; the caller
 * knows file and line (design.md, conventions, errors 2).
 */
#ifndef NATSRV_COMMON_TEXT_H
#define NATSRV_COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"

/* Decimal, no sign other than a leading '-', no blanks, no "-0"; out of range is an error. */
const char *text_int(const char *text, int64_t min, int64_t max, int64_t *into);

/* "10m", "1h30m", "90s", "250ms", "2d", "0", or bare seconds; into milliseconds. */
const char *text_duration(const char *text, uint64_t *into_ms);

/* "64KiB", "1MiB", "1MB", "4096"; bytes. */
const char *text_size(const char *text, uint64_t *into);

/* "lo-hi" of ports, 1 <= lo <= hi <= 65535; a single number is lo = hi. */
const char *text_ports(const char *text, uint16_t *lo, uint16_t *hi);

/*
 * A short spelling that text_duration() or text_size() reads back: 600000 -> "10m",
 * 5400000 -> "90m", 65536 -> "64KiB". Returns `into`.
 */
const char *text_print_duration(uint64_t ms, char into[static 32]);
const char *text_print_size(uint64_t n, char into[static 32]);

/* Lower-case hex; `into` has 2n+1 bytes. Returns `into`. */
const char *text_hex(struct bytes b, char *into);

/* Exactly `n` bytes from 2n hex digits of either case; else false and `into` is undefined. */
bool text_unhex(const char *text, uint8_t *into, size_t n);

/*
 * RFC 4648 base64. `url`: the url-safe alphabet without padding; else the standard one with '='.
 * `into` has TEXT_BASE64_SIZE(n) bytes, NUL included. Returns the length without NUL.
 */
#define TEXT_BASE64_SIZE(n) (((n) + 2) / 3 * 4 + 1)
size_t text_base64(struct bytes b, bool url, char *into);

/*
 * Strict: padding as above, no blanks, unused bits zero. Returns the number of bytes, or -1 and
 * `into` is undefined. `cap` is the room in `into`.
 */
int text_unbase64(struct bytes text, bool url, uint8_t *into, size_t cap);

/* Is this well-formed UTF-8 (no surrogates, no overlong forms)? How many code points? */
bool text_utf8(struct bytes b, size_t *points);

/* The size of the well-formed character at the start of `b`; 0 when there is none. */
size_t text_utf8_size(struct bytes b);

/*
 * Damerau-Levenshtein distance (insert, delete, replace, exchange neighbours), capped: returns
 * `cap` + 1 when it is larger or a name has more than 63 bytes.
 */
unsigned text_distance(const char *a, const char *b, unsigned cap);

#endif
