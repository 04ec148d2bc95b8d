/* SipHash-1-3: one round a word, three at the end (Aumasson and Bernstein, 2012). */
#include "common/siphash.h"

#include <endian.h>
#include <string.h>

struct state {
	uint64_t a, b, c, d;
};

static inline uint64_t
rotate(uint64_t x, unsigned by)
{
	return x << by | x >> (64 - by);
}

static inline void
mix(struct state *s)
{
	s->a += s->b;
	s->b = rotate(s->b, 13) ^ s->a;
	s->a = rotate(s->a, 32);
	s->c += s->d;
	s->d = rotate(s->d, 16) ^ s->c;
	s->a += s->d;
	s->d = rotate(s->d, 21) ^ s->a;
	s->c += s->b;
	s->b = rotate(s->b, 17) ^ s->c;
	s->c = rotate(s->c, 32);
}

static inline void
absorb(struct state *s, uint64_t word)
{
	s->d ^= word;
	mix(s);
	s->a ^= word;
}

static inline uint64_t
load(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return le64toh(word);
}

/* The last 0..7 bytes, with the length of everything on top. */
static inline uint64_t
load_tail(const uint8_t *p, size_t n)
{
	uint64_t word = (uint64_t)n << 56;

	for (size_t i = 0; i < (n & 7); i++)
		word |= (uint64_t)p[i] << (8 * i);
	return word;
}

uint64_t
siphash(const struct siphash_key *key, const void *data, size_t n)
{
	struct state s = {
		.a = key->k0 ^ 0x736f6d6570736575,
		.b = key->k1 ^ 0x646f72616e646f6d,
		.c = key->k0 ^ 0x6c7967656e657261,
		.d = key->k1 ^ 0x7465646279746573,
	};
	const uint8_t *p = data;

	for (size_t words = n / 8; words > 0; words--, p += 8)
		absorb(&s, load(p));
	absorb(&s, load_tail(p, n));
	s.c ^= 0xff;
	mix(&s);
	mix(&s);
	mix(&s);
	return s.a ^ s.b ^ s.c ^ s.d;
}
