/*
 * stun/parse.h -- pure, any thread: one STUN message as an index over its bytes; nothing is copied.
 *
 * A message is parsed once; handlers ask the index and never walk attributes again. What lies
 * after the first integrity attribute is not in the index (RFC 8489, 9; decision A-10), so a
 * handler cannot see what nobody signed; FINGERPRINT and the other integrity attribute excepted.
 */
#ifndef NATSRV_STUN_PARSE_H
#define NATSRV_STUN_PARSE_H

#include "common/addr.h"
#include "common/bytes.h"
#include "stun/name.h"

/* Why a packet is not a STUN message that may be answered: silence in every case. */
enum parse_fault {
	PARSE_OK,
	PARSE_SHORT,       /* fewer than 20 bytes */
	PARSE_NOT_STUN,    /* top bits */
	PARSE_COOKIE,      /* RFC 3489 or garbage */
	PARSE_LENGTH,      /* not a multiple of 4, or not the datagram's size */
	PARSE_ATTRIBUTE,   /* an attribute runs past the end */
	PARSE_FINGERPRINT, /* wrong, not last, twice, or not 4 bytes (S-070, S-074) */
};

enum { PARSE_UNKNOWN_MAX = 16 };

struct parse {
	struct bytes raw;            /* the whole message */
	uint16_t type, method;       /* wire type; method number */
	enum stun_class class;
	const uint8_t *tid;          /* STUN_TID bytes, inside raw */
	uint16_t at[ATTR_COUNT];     /* first occurrence: offset of the value / 4; 0 = absent */
	uint16_t size[ATTR_COUNT];   /* its value length */
	size_t covered;              /* attributes before this offset were indexed */
	unsigned unknown;            /* comprehension-required types that the tables do not know: */
	uint16_t unknown_type[PARSE_UNKNOWN_MAX]; /* so many of them, unique, as they came */
	bool fingerprint;            /* present, and correct */
};

/*
 * Parse exactly `raw` (a datagram, or one message of a stream). Never reads outside it. Views in
 * `m` live as long as `raw`. Takes no more than linear time in the number of attributes.
 */
enum parse_fault parse_message(struct parse *m, struct bytes raw);

/* What the fault is called in counters and logs. */
const char *parse_fault_name(enum parse_fault f);

static inline bool
parse_has(const struct parse *m, enum stun_attr a)
{
	return m->at[a] != 0;
}

/* The value of the first occurrence, or BYTES_NONE. A present empty value has p != NULL, n == 0. */
static inline struct bytes
parse_value(const struct parse *m, enum stun_attr a)
{
	if (m->at[a] == 0)
		return BYTES_NONE;
	return (struct bytes){m->raw.p + 4u * m->at[a], m->size[a]};
}

/*
 * All occurrences of one attribute in order (XOR-PEER-ADDRESS in CreatePermission). Start with
 * *offset = 0; false when there is no further one.
 */
bool parse_next(const struct parse *m, enum stun_attr a, size_t *offset, struct bytes *value);

/* Present, and of a length that attrs.def allows. */
bool parse_sound(const struct parse *m, enum stun_attr a);

/* Values; false when absent or malformed (`into` is then zeroed). Reserved bits are ignored. */
bool parse_u32(const struct parse *m, enum stun_attr a, uint32_t *into);    /* KIND_U32 */
bool parse_u16(const struct parse *m, enum stun_attr a, uint16_t *into);    /* _U16, _CHANNEL */
bool parse_u8(const struct parse *m, enum stun_attr a, uint8_t *into);      /* _U8, _BYTE4 */
bool parse_addr(const struct parse *m, enum stun_attr a, union addr *into); /* _ADDR, _XADDR */

/* One address value (as from parse_next). False on unknown family or wrong size. Not unmapped. */
bool parse_addr_value(const struct parse *m, enum stun_attr a, struct bytes value,
                      union addr *into);

/* ERROR-CODE: 300..699, or 0 when absent or malformed. `reason` may be NULL. */
unsigned parse_error(const struct parse *m, struct bytes *reason);

#endif
