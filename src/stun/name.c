#include "stun/name.h"

#include <assert.h>
#include <stddef.h>

/* Wire types 0x0000-0x007f and 0x8000-0x807f to 0..255; all others have bits of OFF_TABLE. */
#define SLOT(code) (((code) & 0x7f) | ((code) >> 8 & 0x80))
enum { SLOTS = 256, OFF_TABLE = 0x7f80 };

#define ATTR(ident, name, code, kind, min, max)                                                    \
	static_assert(((code) & OFF_TABLE) == 0 && (min) <= (max), name);
#include "stun/attrs.def"
#undef ATTR

/* 1 + enum stun_attr; 0 where nothing is. Two attributes of one code are a compiler warning. */
static const uint8_t slot[SLOTS] = {
#define ATTR(ident, name, code, kind, min, max) [SLOT(code)] = 1 + ATTR_##ident,
#include "stun/attrs.def"
#undef ATTR
};

struct row {
	const char *name;
	uint16_t code, min, max;
	uint8_t kind;
};

static const struct row rows[ATTR_COUNT] = {
#define ATTR(ident, name, code, kind, min, max) [ATTR_##ident] = {name, code, min, max, kind},
#include "stun/attrs.def"
#undef ATTR
};

/* Legal lengths are min, min + step, ... max; where nothing is said, the step is 1. */
static const uint8_t steps[] = {
	[KIND_U16] = 2,   /* RESPONSE-PORT: 2 and 4 are both met */
	[KIND_ADDR] = 12, /* 8 and 20 */
	[KIND_XADDR] = 12,
	[KIND_TYPES] = 2,
	[KIND_ALGORITHM] = 4,
	[KIND_ALGORITHMS] = 4,
	[KIND_MAC] = 4,
};

int
name_attr_index(uint16_t code)
{
	return (code & OFF_TABLE) != 0 ? -1 : slot[SLOT(code)] - 1;
}

uint16_t
name_attr_code(enum stun_attr a)
{
	return rows[a].code;
}

const char *
name_attr(enum stun_attr a)
{
	return rows[a].name;
}

enum stun_kind
name_attr_kind(enum stun_attr a)
{
	return (enum stun_kind)rows[a].kind;
}

const char *
name_wire(uint16_t code)
{
	switch (code) {
#define ATTR(ident, name, code, kind, min, max)                                                    \
	case code:                                                                                 \
		return name;
#define NAMED(name, code)                                                                          \
	case code:                                                                                 \
		return name;
#include "stun/attrs.def"
#undef ATTR
	default:
		return NULL;
	}
}

bool
name_attr_size_ok(enum stun_attr a, unsigned n)
{
	const struct row *r = &rows[a];
	unsigned step = r->kind < sizeof steps ? steps[r->kind] : 0;

	if (n < r->min || n > r->max)
		return false;
	return step == 0 || (n - r->min) % step == 0;
}

const char *
name_method(unsigned method)
{
	switch (method) {
#define METHOD(ident, name, code, classes)                                                         \
	case METHOD_##ident:                                                                       \
		return name;
#include "stun/methods.def"
#undef METHOD
	default:
		return NULL;
	}
}

const char *
name_reason(unsigned code)
{
	switch (code) {
#define CODE(number, reason)                                                                       \
	case number:                                                                               \
		return reason;
#include "stun/codes.def"
#undef CODE
	default:
		return NULL;
	}
}

enum {
	CLASSES_NONE = 0,
	CLASSES_INDICATION = 1 << STUN_INDICATION,
	CLASSES_TRANSACTION = 1 << STUN_REQUEST | 1 << STUN_SUCCESS | 1 << STUN_ERROR,
	CLASSES_ALL = CLASSES_TRANSACTION | CLASSES_INDICATION,
};

bool
name_class_ok(unsigned method, enum stun_class c)
{
	unsigned legal = CLASSES_NONE;

	switch (method) {
#define METHOD(ident, name, code, classes)                                                         \
	case METHOD_##ident:                                                                       \
		legal = classes;                                                                   \
		break;
#include "stun/methods.def"
#undef METHOD
	default:
		break;
	}
	return (legal & 1u << c) != 0;
}
