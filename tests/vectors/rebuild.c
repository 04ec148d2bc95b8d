#include "rebuild.h"

static bool
by_number(struct build *b, const struct parse *m, enum stun_attr a)
{
	uint32_t u32;
	uint16_t u16;
	uint8_t u8;

	switch (name_attr_kind(a)) {
	case KIND_U32:
		if (!parse_u32(m, a, &u32))
			return false;
		build_u32(b, a, u32);
		return true;
	case KIND_U16:
	case KIND_CHANNEL:
		if (!parse_u16(m, a, &u16))
			return false;
		build_u16(b, a, u16);
		return true;
	case KIND_U8:
	case KIND_BYTE4:
		if (!parse_u8(m, a, &u8))
			return false;
		build_u8(b, a, u8);
		return true;
	default:
		return false;
	}
}

static bool
by_meaning(struct build *b, const struct parse *m, enum stun_attr a)
{
	union addr addr;
	struct bytes reason;
	unsigned code;

	switch (name_attr_kind(a)) {
	case KIND_EMPTY:
		if (!parse_sound(m, a))
			return false;
		build_empty(b, a);
		return true;
	case KIND_ADDR:
	case KIND_XADDR:
		if (!parse_addr(m, a, &addr))
			return false;
		build_addr(b, a, &addr);
		return true;
	case KIND_CODE:
		code = parse_error(m, &reason);
		if (code == 0)
			return false;
		build_error(b, code, reason);
		return true;
	default:
		return by_number(b, m, a);
	}
}

/* Lists that the builder takes in host order. False: with parameters, or too long for here. */
static bool
by_list(struct build *b, const struct parse *m, enum stun_attr a)
{
	enum { LIST = 16 };
	enum stun_kind kind = name_attr_kind(a);
	struct bytes v = parse_value(m, a);
	uint16_t list[LIST];
	size_t step = kind == KIND_TYPES ? 2 : 4;

	if (kind != KIND_TYPES && kind != KIND_ALGORITHM && kind != KIND_ALGORITHMS)
		return false;
	if (!parse_sound(m, a) || v.n > LIST * step || (kind == KIND_ALGORITHM && v.n != step))
		return false;
	for (size_t i = 0; i < v.n / step; i++) {
		list[i] = bytes_u16(v.p + i * step);
		if (step == 4 && bytes_u16(v.p + i * step + 2) != 0)
			return false;
	}
	if (kind == KIND_TYPES)
		build_types(b, list, (unsigned)(v.n / step));
	else if (kind == KIND_ALGORITHMS)
		build_algorithms(b, list, (unsigned)(v.n / step));
	else
		build_algorithm(b, list[0]);
	return true;
}

void
rebuild_attr(struct build *b, const struct parse *m, enum stun_attr a)
{
	if (!by_meaning(b, m, a) && !by_list(b, m, a))
		build_bytes(b, a, parse_value(m, a));
}

bool
rebuild_same(const struct parse *one, const struct parse *other, enum stun_attr a)
{
	union addr addr[2];
	struct bytes reason[2];
	uint32_t u32[2];
	uint16_t u16[2];
	uint8_t u8[2];

	if (parse_has(one, a) != parse_has(other, a))
		return false;
	switch (name_attr_kind(a)) {
	case KIND_U32:
		if (parse_u32(one, a, &u32[0]))
			return parse_u32(other, a, &u32[1]) && u32[0] == u32[1];
		break;
	case KIND_U16:
	case KIND_CHANNEL:
		if (parse_u16(one, a, &u16[0]))
			return parse_u16(other, a, &u16[1]) && u16[0] == u16[1];
		break;
	case KIND_U8:
	case KIND_BYTE4:
		if (parse_u8(one, a, &u8[0]))
			return parse_u8(other, a, &u8[1]) && u8[0] == u8[1];
		break;
	case KIND_ADDR:
	case KIND_XADDR:
		if (parse_addr(one, a, &addr[0]))
			return parse_addr(other, a, &addr[1]) && addr_equal(&addr[0], &addr[1]);
		break;
	case KIND_CODE:
		if (parse_error(one, &reason[0]) != 0)
			return parse_error(one, NULL) == parse_error(other, &reason[1]) &&
			       bytes_equal(reason[0], reason[1]);
		break;
	default:
		break;
	}
	return bytes_equal(parse_value(one, a), parse_value(other, a));
}
