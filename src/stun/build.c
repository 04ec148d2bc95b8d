#include "stun/build.h"

#include <assert.h>

#include "stun/crc.h"

enum { TLV = 4, LENGTH_MAX = 0xfffc, IPV4 = 1, IPV6 = 2 };

static unsigned
padding(size_t n)
{
	return (unsigned)(-n & 3);
}

static void
put_header(uint8_t *p, uint16_t type, size_t length, const uint8_t tid[static STUN_TID])
{
	bytes_put16(p, type);
	bytes_put16(p + 2, (unsigned)length);
	bytes_put32(p + 4, STUN_COOKIE);
	memcpy(p + 8, tid, STUN_TID);
}

static void
put_tlv(uint8_t *p, enum stun_attr a, size_t n)
{
	bytes_put16(p, name_attr_code(a));
	bytes_put16(p + 2, (unsigned)n);
}

static size_t
addr_value_size(const union addr *addr)
{
	assert(addr_family(addr) == AF_INET || addr_family(addr) == AF_INET6);
	return addr_family(addr) == AF_INET ? 8 : 20;
}

/* RFC 8489, 14.1 and 14.2. `header` is the message's: its transaction id masks IPv6 addresses. */
static void
put_addr(uint8_t *p, const union addr *addr, bool masked, const uint8_t *header)
{
	struct bytes ip = addr_ip(addr);
	const uint8_t *mask = header + 4;

	p[0] = 0;
	p[1] = ip.n == 4 ? IPV4 : IPV6;
	bytes_put16(p + 2, addr_port(addr) ^ (masked ? bytes_u16(mask) : 0u));
	for (size_t i = 0; i < ip.n; i++)
		p[4 + i] = masked ? ip.p[i] ^ mask[i] : ip.p[i];
}

/* Appends an attribute with room for `n` bytes of value, padded; NULL when it does not fit. */
static uint8_t *
room(struct build *b, enum stun_attr a, size_t n)
{
	unsigned pad = padding(n);
	size_t length = pen_used(&b->pen) - STUN_HEADER + TLV + n + pad;

	if (b->pen.full || n > 0xffff || length > LENGTH_MAX) {
		b->pen.full = true;
		return NULL;
	}

	uint8_t *p = pen_room(&b->pen, TLV + n + pad);
	if (p == NULL)
		return NULL;
	put_tlv(p, a, n);
	memset(p + TLV + n, 0, pad);
	bytes_put16(b->pen.start + 2, (unsigned)length);
	return p + TLV;
}

void
build_begin(struct build *b, void *buf, size_t cap, uint16_t type,
            const uint8_t tid[static STUN_TID])
{
	b->pen = pen_over(buf, cap);
	uint8_t *p = pen_room(&b->pen, STUN_HEADER);
	if (p != NULL)
		put_header(p, type, 0, tid);
}

void
build_bytes(struct build *b, enum stun_attr a, struct bytes value)
{
	uint8_t *p = room(b, a, value.n);
	if (p != NULL && value.n > 0)
		memcpy(p, value.p, value.n);
}

void
build_empty(struct build *b, enum stun_attr a)
{
	room(b, a, 0);
}

void
build_u8(struct build *b, enum stun_attr a, uint8_t v)
{
	size_t n = name_attr_kind(a) == KIND_BYTE4 ? 4 : 1;
	uint8_t *p = room(b, a, n);
	if (p != NULL) {
		memset(p, 0, n);
		p[0] = v;
	}
}

void
build_u16(struct build *b, enum stun_attr a, uint16_t v)
{
	size_t n = name_attr_kind(a) == KIND_CHANNEL ? 4 : 2;
	uint8_t *p = room(b, a, n);
	if (p != NULL) {
		memset(p, 0, n);
		bytes_put16(p, v);
	}
}

void
build_u32(struct build *b, enum stun_attr a, uint32_t v)
{
	uint8_t *p = room(b, a, 4);
	if (p != NULL)
		bytes_put32(p, v);
}

void
build_addr(struct build *b, enum stun_attr a, const union addr *addr)
{
	uint8_t *p = room(b, a, addr_value_size(addr));
	if (p != NULL)
		put_addr(p, addr, name_attr_kind(a) == KIND_XADDR, b->pen.start);
}

void
build_error(struct build *b, unsigned code, struct bytes reason)
{
	assert(code >= 300 && code <= 699);
	uint8_t *p = room(b, ATTR_ERROR_CODE, 4 + reason.n);
	if (p == NULL)
		return;
	bytes_put16(p, 0);
	p[2] = (uint8_t)(code / 100);
	p[3] = (uint8_t)(code % 100);
	if (reason.n > 0)
		memcpy(p + 4, reason.p, reason.n);
}

void
build_types(struct build *b, const uint16_t *types, unsigned n)
{
	uint8_t *p = room(b, ATTR_UNKNOWN_ATTRIBUTES, 2 * (size_t)n);
	for (unsigned i = 0; p != NULL && i < n; i++)
		bytes_put16(p + 2 * i, types[i]);
}

static void
put_algorithms(struct build *b, enum stun_attr a, const uint16_t *algorithms, unsigned n)
{
	uint8_t *p = room(b, a, 4 * (size_t)n);
	for (unsigned i = 0; p != NULL && i < n; i++) {
		bytes_put16(p + 4 * i, algorithms[i]);
		bytes_put16(p + 4 * i + 2, 0); /* neither MD5 nor SHA-256 has parameters */
	}
}

void
build_algorithms(struct build *b, const uint16_t *algorithms, unsigned n)
{
	put_algorithms(b, ATTR_PASSWORD_ALGORITHMS, algorithms, n);
}

void
build_algorithm(struct build *b, uint16_t algorithm)
{
	put_algorithms(b, ATTR_PASSWORD_ALGORITHM, &algorithm, 1);
}

void
build_integrity(struct build *b, struct digest *d, enum digest_kind kind, struct bytes key)
{
	enum stun_attr a = kind == DIGEST_SHA1 ? ATTR_MESSAGE_INTEGRITY
	                                       : ATTR_MESSAGE_INTEGRITY_SHA256;
	struct bytes before = bytes_view(b->pen.start, pen_used(&b->pen));
	uint8_t mac[DIGEST_MAX];

	/* room() sets the header's length to the end of this attribute, as the MAC wants it. */
	uint8_t *p = room(b, a, digest_size(kind));
	if (p == NULL)
		return;
	if (!digest_hmac(d, kind, key, &before, 1, mac))
		b->pen.full = true; /* an unsealed message must not leave */
	memcpy(p, mac, digest_size(kind));
}

void
build_fingerprint(struct build *b)
{
	struct bytes before = bytes_view(b->pen.start, pen_used(&b->pen));
	uint8_t *p = room(b, ATTR_FINGERPRINT, 4);
	if (p != NULL)
		bytes_put32(p, crc_fingerprint(before));
}

size_t
build_end(struct build *b)
{
	return b->pen.full ? 0 : pen_used(&b->pen);
}

size_t
build_before(uint8_t *end, uint16_t type, const uint8_t tid[static STUN_TID],
             const union addr *peer, size_t payload, unsigned *pad)
{
	size_t value = addr_value_size(peer);
	size_t n = STUN_HEADER + TLV + value + TLV;
	uint8_t *p = end - n;

	*pad = padding(payload);
	if (payload > 0xffff || n - STUN_HEADER + payload + *pad > LENGTH_MAX)
		return 0;
	put_header(p, type, n - STUN_HEADER + payload + *pad, tid);
	put_tlv(p + STUN_HEADER, ATTR_XOR_PEER_ADDRESS, value);
	put_addr(p + STUN_HEADER + TLV, peer, true, p);
	put_tlv(end - TLV, ATTR_DATA, payload);
	return n;
}
