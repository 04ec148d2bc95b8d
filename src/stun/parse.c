#include "stun/parse.h"

#include <assert.h>

#include "stun/crc.h"

enum { TLV = 4 }; /* type and length of an attribute */

struct tlv {
	uint16_t type;
	uint16_t n;
	size_t next; /* offset of the attribute behind it */
};

/* `off` and the message's size are multiples of 4, `off` is less: four bytes are there. */
static struct tlv
tlv_at(const uint8_t *raw, size_t off)
{
	uint16_t n = bytes_u16(raw + off + 2);

	return (struct tlv){bytes_u16(raw + off), n, off + TLV + ((n + 3u) & ~3u)};
}

static enum parse_fault
header(struct parse *m, struct bytes raw)
{
	if (raw.n < STUN_HEADER)
		return PARSE_SHORT;
	if ((raw.p[0] & 0xc0) != 0)
		return PARSE_NOT_STUN;
	if (bytes_u32(raw.p + 4) != STUN_COOKIE)
		return PARSE_COOKIE;
	if (raw.n % 4 != 0 || raw.n - STUN_HEADER != bytes_u16(raw.p + 2))
		return PARSE_LENGTH;

	memset(m->at, 0, sizeof m->at);
	m->raw = raw;
	m->type = bytes_u16(raw.p);
	m->method = (uint16_t)name_type_method(m->type);
	m->class = name_type_class(m->type);
	m->tid = raw.p + 8;
	m->covered = raw.n;
	m->unknown = 0;
	m->fingerprint = false;
	return PARSE_OK;
}

static void
note_unknown(struct parse *m, uint16_t type)
{
	unsigned i = 0;

	while (i < m->unknown && m->unknown_type[i] != type)
		i++;
	if (i == m->unknown && i < PARSE_UNKNOWN_MAX)
		m->unknown_type[m->unknown++] = type;
}

static void
note(struct parse *m, enum stun_attr a, size_t off, uint16_t n)
{
	if (m->at[a] != 0) /* the first occurrence counts (S-028) */
		return;
	m->at[a] = (uint16_t)((off + TLV) / 4);
	m->size[a] = n;
}

static bool
fingerprint_holds(const struct parse *m, size_t off, const struct tlv *t)
{
	if (t->next != m->raw.n || t->n != 4)
		return false;
	return bytes_u32(m->raw.p + off + TLV) == crc_fingerprint(bytes_view(m->raw.p, off));
}

enum parse_fault
parse_message(struct parse *m, struct bytes raw)
{
	enum parse_fault fault = header(m, raw);
	bool sealed = false; /* behind the first integrity attribute */
	struct tlv t;

	if (fault != PARSE_OK)
		return fault;
	for (size_t off = STUN_HEADER; off < raw.n; off = t.next) {
		t = tlv_at(raw.p, off);
		if (t.next > raw.n)
			return PARSE_ATTRIBUTE;

		int a = name_attr_index(t.type);
		bool integrity = a == ATTR_MESSAGE_INTEGRITY || a == ATTR_MESSAGE_INTEGRITY_SHA256;

		if (a == ATTR_FINGERPRINT) {
			if (!fingerprint_holds(m, off, &t))
				return PARSE_FINGERPRINT;
			m->fingerprint = true;
		}
		if (integrity && !sealed) {
			sealed = true;
			m->covered = off;
		}
		if (a >= 0 && (!sealed || integrity || a == ATTR_FINGERPRINT))
			note(m, (enum stun_attr)a, off, t.n);
		else if (a < 0 && !sealed && name_attr_required(t.type))
			note_unknown(m, t.type);
	}
	return PARSE_OK;
}

const char *
parse_fault_name(enum parse_fault f)
{
	static const char *const names[] = {
		[PARSE_OK] = "ok",
		[PARSE_SHORT] = "short",
		[PARSE_NOT_STUN] = "not-stun",
		[PARSE_COOKIE] = "cookie",
		[PARSE_LENGTH] = "length",
		[PARSE_ATTRIBUTE] = "attribute",
		[PARSE_FINGERPRINT] = "fingerprint",
	};

	assert((size_t)f < sizeof names / sizeof names[0]);
	return names[f];
}

bool
parse_next(const struct parse *m, enum stun_attr a, size_t *offset, struct bytes *value)
{
	struct tlv t;

	for (size_t off = *offset == 0 ? STUN_HEADER : *offset; off < m->covered; off = t.next) {
		t = tlv_at(m->raw.p, off);
		if (name_attr_index(t.type) == (int)a) {
			*offset = t.next;
			*value = bytes_view(m->raw.p + off + TLV, t.n);
			return true;
		}
	}
	*offset = m->raw.n;
	*value = BYTES_NONE;
	return false;
}

bool
parse_sound(const struct parse *m, enum stun_attr a)
{
	return parse_has(m, a) && name_attr_size_ok(a, m->size[a]);
}

bool
parse_u32(const struct parse *m, enum stun_attr a, uint32_t *into)
{
	assert(name_attr_kind(a) == KIND_U32);
	*into = 0;
	if (!parse_sound(m, a))
		return false;
	*into = bytes_u32(parse_value(m, a).p);
	return true;
}

bool
parse_u16(const struct parse *m, enum stun_attr a, uint16_t *into)
{
	assert(name_attr_kind(a) == KIND_U16 || name_attr_kind(a) == KIND_CHANNEL);
	*into = 0;
	if (!parse_sound(m, a))
		return false;
	*into = bytes_u16(parse_value(m, a).p);
	return true;
}

bool
parse_u8(const struct parse *m, enum stun_attr a, uint8_t *into)
{
	assert(name_attr_kind(a) == KIND_U8 || name_attr_kind(a) == KIND_BYTE4);
	*into = 0;
	if (!parse_sound(m, a))
		return false;
	*into = *parse_value(m, a).p;
	return true;
}

bool
parse_addr(const struct parse *m, enum stun_attr a, union addr *into)
{
	return parse_addr_value(m, a, parse_value(m, a), into);
}

bool
parse_addr_value(const struct parse *m, enum stun_attr a, struct bytes value, union addr *into)
{
	enum { IPV4 = 1, IPV6 = 2, BEFORE_IP = 4 };
	enum stun_kind kind = name_attr_kind(a);
	uint8_t ip[16];

	assert(kind == KIND_ADDR || kind == KIND_XADDR);
	memset(into, 0, sizeof *into);
	if (!(value.n == BEFORE_IP + 4 && value.p[1] == IPV4) &&
	    !(value.n == BEFORE_IP + 16 && value.p[1] == IPV6))
		return false;

	size_t n = value.n - BEFORE_IP;
	uint16_t port = bytes_u16(value.p + 2);
	const uint8_t *mask = m->raw.p + 4; /* cookie and transaction id (RFC 8489, 14.2) */

	memcpy(ip, value.p + BEFORE_IP, n);
	if (kind == KIND_XADDR) {
		port ^= bytes_u16(mask);
		for (size_t i = 0; i < n; i++)
			ip[i] ^= mask[i];
	}
	*into = addr_make(bytes_view(ip, n), port);
	return true;
}

unsigned
parse_error(const struct parse *m, struct bytes *reason)
{
	struct bytes v = parse_value(m, ATTR_ERROR_CODE);

	if (reason != NULL)
		*reason = BYTES_NONE;
	if (!parse_sound(m, ATTR_ERROR_CODE))
		return 0;

	unsigned hundreds = v.p[2] & 7u, rest = v.p[3];
	if (hundreds < 3 || hundreds > 6 || rest > 99)
		return 0;
	if (reason != NULL)
		*reason = bytes_view(v.p + 4, v.n - 4);
	return hundreds * 100 + rest;
}
