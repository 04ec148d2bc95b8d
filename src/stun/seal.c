#include "stun/seal.h"

#include <assert.h>

enum seal
seal_check(const struct parse *m, struct digest *d, enum digest_kind kind, struct bytes key,
           unsigned shortest)
{
	enum { TLV = 4, LENGTH_END = 4 /* type and length of the header */ };
	enum stun_attr a = kind == DIGEST_SHA1 ? ATTR_MESSAGE_INTEGRITY
	                                       : ATTR_MESSAGE_INTEGRITY_SHA256;
	struct bytes value = parse_value(m, a);
	uint8_t start[LENGTH_END], mac[DIGEST_MAX];

	assert(kind == DIGEST_SHA1 || kind == DIGEST_SHA256);
	if (!parse_has(m, a))
		return SEAL_ABSENT;
	if (!name_attr_size_ok(a, (unsigned)value.n))
		return SEAL_LENGTH;
	if (kind == DIGEST_SHA256 && value.n < shortest)
		return SEAL_WRONG;

	/* The text is what precedes the attribute, as if the message ended with the attribute. */
	size_t off = (size_t)(value.p - m->raw.p) - TLV;
	bytes_put16(start, m->type);
	bytes_put16(start + 2, (unsigned)(off + TLV + value.n - STUN_HEADER));
	struct bytes text[] = {
		{start, LENGTH_END},
		{m->raw.p + LENGTH_END, off - LENGTH_END},
	};

	if (!digest_hmac(d, kind, key, text, 2, mac))
		return SEAL_WRONG;
	return digest_equal(mac, value.p, value.n) ? SEAL_OK : SEAL_WRONG;
}
