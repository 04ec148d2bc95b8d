/*
 * The parser: any bytes as a datagram. What parses is asked everything, written again by the
 * builder and read again; both must say the same. So that the fuzzer does not spend its life on
 * lengths and checksums, what does not parse is tried once more with header and FINGERPRINT put
 * right.
 */
#include "fuzz.h"

#include <string.h>

#include "../vectors/rebuild.h"
#include "stun/crc.h"
#include "stun/frame.h"
#include "stun/key.h"
#include "stun/nonce.h"
#include "stun/prep.h"
#include "stun/seal.h"

const char fuzz_name[] = "parse";

enum { BIGGEST = STUN_HEADER + 65532, TLV = 4 };

static bool
inside(struct bytes whole, struct bytes part)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

/* Texts from the wire reach these. */
static void
ask_text(struct bytes text)
{
	uint8_t prepared[2048], again[2048];
	size_t n, m;
	int64_t expiry;
	struct bytes user;

	nonce_features(text);
	prep_realm(text);
	if (key_rest_name(text, ':', &expiry, &user))
		FUZZ_MUST(inside(text, user) && expiry >= 0);
	if (prep_opaque(text, prepared, sizeof prepared, &n) == NULL) {
		FUZZ_MUST(n > 0);
		FUZZ_MUST(prep_opaque(bytes_view(prepared, n), again, sizeof again, &m) == NULL);
		FUZZ_MUST(bytes_equal(bytes_view(prepared, n), bytes_view(again, m)));
	}
}

static void
ask(const struct parse *m)
{
	for (int i = 0; i < ATTR_COUNT; i++) {
		enum stun_attr a = (enum stun_attr)i;
		struct bytes value = parse_value(m, a), next;
		size_t at = 0, found = 0;

		FUZZ_MUST(inside(m->raw, value));
		FUZZ_MUST(!parse_sound(m, a) || parse_has(m, a));
		for (; parse_next(m, a, &at, &next); found++) {
			FUZZ_MUST(inside(bytes_view(m->raw.p, m->covered), next));
			if (found == 0)
				FUZZ_MUST(next.p == value.p && next.n == value.n);
		}
		FUZZ_MUST(found == 0 || parse_has(m, a));
		if (name_attr_kind(a) == KIND_TEXT && parse_has(m, a))
			ask_text(value);
	}
	FUZZ_MUST(m->covered <= m->raw.n);
	FUZZ_MUST(m->unknown <= PARSE_UNKNOWN_MAX);
	for (unsigned i = 0; i < m->unknown; i++) {
		FUZZ_MUST(name_attr_required(m->unknown_type[i]));
		FUZZ_MUST(name_attr_index(m->unknown_type[i]) < 0);
	}
}

static void
ask_seals(const struct parse *m)
{
	struct digest *d = digest_new();

	FUZZ_MUST(d != NULL);
	for (int kind = DIGEST_SHA1; kind <= DIGEST_SHA256; kind++) {
		enum seal s = seal_check(m, d, (enum digest_kind)kind, bytes_text("key"), 16);
		enum stun_attr a = kind == DIGEST_SHA1 ? ATTR_MESSAGE_INTEGRITY
		                                       : ATTR_MESSAGE_INTEGRITY_SHA256;
		FUZZ_MUST((s == SEAL_ABSENT) == !parse_has(m, a));
	}
	digest_free(d);
}

/* Written again: plain attributes, then integrity, then FINGERPRINT. */
static void
rebuild(const struct parse *m)
{
	static const enum stun_attr last[] = {ATTR_MESSAGE_INTEGRITY,
	                                      ATTR_MESSAGE_INTEGRITY_SHA256};
	uint8_t *space = malloc(BIGGEST);
	struct build b;
	struct parse again;

	FUZZ_MUST(space != NULL);
	build_begin(&b, space, BIGGEST, m->type, m->tid);
	for (int i = 0; i < ATTR_COUNT; i++) {
		enum stun_attr a = (enum stun_attr)i;
		if (parse_has(m, a) && a != last[0] && a != last[1] && a != ATTR_FINGERPRINT)
			rebuild_attr(&b, m, a);
	}
	for (int i = 0; i < 2; i++)
		if (parse_has(m, last[i]))
			build_bytes(&b, last[i], parse_value(m, last[i]));
	if (m->fingerprint)
		build_fingerprint(&b);

	size_t n = build_end(&b);
	FUZZ_MUST(n >= STUN_HEADER && n <= m->raw.n);
	FUZZ_MUST(parse_message(&again, bytes_view(space, n)) == PARSE_OK);
	FUZZ_MUST(again.type == m->type && memcmp(again.tid, m->tid, STUN_TID) == 0);
	FUZZ_MUST(again.unknown == 0);
	for (int i = 0; i < ATTR_COUNT; i++)
		if (i != ATTR_FINGERPRINT) /* of another message */
			FUZZ_MUST(rebuild_same(m, &again, (enum stun_attr)i));
	free(space);
}

static bool
examine(struct bytes packet)
{
	struct parse m;
	enum parse_fault fault = parse_message(&m, packet);

	FUZZ_MUST(parse_fault_name(fault) != NULL);
	if (fault != PARSE_OK)
		return false;
	/* A first byte of 4..63 has the top bits of STUN and a method that nobody may register. */
	struct bytes framed;
	bool ours = packet.p[0] <= 3;
	FUZZ_MUST((frame_kind(packet) == FRAME_STUN) == ours);
	FUZZ_MUST(frame_next(packet, &framed) == (ours ? (long)packet.n : -1));
	FUZZ_MUST(!ours || bytes_equal(framed, packet));
	ask(&m);
	ask_seals(&m);
	rebuild(&m);
	return true;
}

/* Header and, if it stands at the end, FINGERPRINT made right. */
static void
repaired(const uint8_t *data, size_t size)
{
	size_t n = size & ~(size_t)3;
	uint8_t *copy;

	if (n < STUN_HEADER || n > BIGGEST)
		return;
	copy = malloc(n);
	FUZZ_MUST(copy != NULL);
	memcpy(copy, data, n);
	copy[0] &= 0x3f;
	bytes_put16(copy + 2, (unsigned)(n - STUN_HEADER));
	bytes_put32(copy + 4, STUN_COOKIE);
	if (n >= STUN_HEADER + TLV + 4 && bytes_u32(copy + n - 8) == 0x80280004u)
		bytes_put32(copy + n - 4, crc_fingerprint(bytes_view(copy, n - 8)));
	examine(bytes_view(copy, n));
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ask_text(bytes_view(data, size));
	if (!examine(bytes_view(data, size)))
		repaired(data, size);
	return 0;
}
