/*
 * stun/name.h -- pure, any thread: the code points of STUN and TURN, from three tables
 * (attrs.def, methods.def, codes.def): enums, names, bounds
 * (RFC 8489, 8656, 6062, 8016, 7635, 5780).
 */
#ifndef NATSRV_STUN_NAME_H
#define NATSRV_STUN_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define STUN_COOKIE 0x2112A442u
enum { STUN_HEADER = 20, STUN_TID = 12, STUN_TEXT_MAX = 763, STUN_PORT = 3478 };

enum stun_class { STUN_REQUEST, STUN_INDICATION, STUN_SUCCESS, STUN_ERROR };

/* How the value of an attribute is written. */
enum stun_kind {
	KIND_EMPTY,    /* flag: no value */
	KIND_U8,       /* EVEN-PORT: one byte */
	KIND_U16,      /* RESPONSE-PORT: u16 */
	KIND_U32,
	KIND_U64,
	KIND_CHANNEL,  /* u16, then 16 reserved bits */
	KIND_BYTE4,    /* u8, then 24 reserved bits */
	KIND_ADDR,     /* plain transport address */
	KIND_XADDR,    /* XORed transport address */
	KIND_CODE,     /* ERROR-CODE */
	KIND_FAMILY_CODE, /* ADDRESS-ERROR-CODE */
	KIND_TYPES,    /* list of attribute types */
	KIND_ALGORITHM,  /* one password algorithm */
	KIND_ALGORITHMS, /* list of them */
	KIND_ICMP,
	KIND_TEXT,     /* UTF-8 */
	KIND_BYTES,
	KIND_MAC,      /* leftmost bytes of a MAC, whole words */
};

/*
 * enum stun_attr: a dense index, ATTR_USERNAME ...; the wire code is name_attr_code().
 * attrs.def rows: ATTR(IDENT, "WIRE-NAME", code, KIND, min, max) -- min/max are value lengths;
 * and NAMED("WIRE-NAME", code), which are not in the enum: they have a name and no meaning here.
 */
enum stun_attr {
#define ATTR(ident, name, code, kind, min, max) ATTR_##ident,
#include "stun/attrs.def"
#undef ATTR
	ATTR_COUNT
};

/* methods.def rows: METHOD(IDENT, "Name", code, classes) -- bit mask of legal enum stun_class. */
enum stun_method {
#define METHOD(ident, name, code, classes) METHOD_##ident = code,
#include "stun/methods.def"
#undef METHOD
};

/* codes.def rows: CODE(number, "Reason"). */

/* Dense index of a wire type, or -1 when the tables do not know it. O(1). */
int name_attr_index(uint16_t code);
uint16_t name_attr_code(enum stun_attr a);
const char *name_attr(enum stun_attr a);
enum stun_kind name_attr_kind(enum stun_attr a);

/* Name of any wire type, NAMED rows included, for people; NULL when it has none. */
const char *name_wire(uint16_t code);

/* Is `n` a legal value length for this attribute? */
bool name_attr_size_ok(enum stun_attr a, unsigned n);

/* NULL when unknown. */
const char *name_method(unsigned method);
const char *name_reason(unsigned code);

/* May this method have this class (RFC 8489, 6.3; 8656, 17)? False for unknown methods. */
bool name_class_ok(unsigned method, enum stun_class c);

/* Comprehension-required? */
static inline bool
name_attr_required(uint16_t code)
{
	return code < 0x8000;
}

/* The 14-bit message type and back (RFC 8489, 5). */
static inline uint16_t
name_type(unsigned method, enum stun_class c)
{
	return (uint16_t)((method & 0x00f) | ((method & 0x070) << 1) | ((method & 0xf80) << 2) |
	                  (((unsigned)c & 1) << 4) | (((unsigned)c & 2) << 7));
}

static inline unsigned
name_type_method(uint16_t type)
{
	return ((type & 0x3e00u) >> 2) | ((type & 0x00e0u) >> 1) | (type & 0x000fu);
}

static inline enum stun_class
name_type_class(uint16_t type)
{
	return (enum stun_class)(((type & 0x0100u) >> 7) | ((type & 0x0010u) >> 4));
}

#endif
