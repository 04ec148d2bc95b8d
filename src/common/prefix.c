#include "common/prefix.h"

#include <stdio.h>

#include "common/text.h"

static unsigned
size_of(int family)
{
	return family == AF_INET ? 4 : 16;
}

/* Which bits of the i-th byte lie behind a prefix of `bits` bits? */
static uint8_t
host_mask(unsigned bits, unsigned i)
{
	if (bits <= 8 * i)
		return 0xff;
	return (uint8_t)(bits >= 8 * i + 8 ? 0 : 0xff >> (bits - 8 * i));
}

/* A bare address out of the first `n` bytes of `text`: no port, no brackets, no zone. */
static const char *
parse_ip(const char *text, size_t n, union addr *into)
{
	char ip[ADDR_TEXT];
	const char *complaint;

	if (n >= sizeof ip)
		return "too long for an IP address";
	memcpy(ip, text, n);
	ip[n] = '\0';
	if (strchr(ip, '%') != NULL)
		return "a prefix has no zone";
	if (strchr(ip, '[') != NULL)
		return "a prefix has no brackets";
	complaint = addr_parse(ip, 0, into);
	if (complaint != NULL)
		return complaint;
	if (addr_family(into) == AF_INET && strchr(ip, ':') != NULL)
		return "a prefix has no port";
	return NULL;
}

/* NULL or a complaint; "/08" may be meant as octal by whoever wrote it. */
static const char *
parse_length(const char *text, int64_t max, int64_t *into)
{
	if (text[0] == '0' && text[1] != '\0')
		return "the length of a prefix has no zeros in front";
	if (text_int(text, 0, max, into) == NULL)
		return NULL;
	return max == 32 ? "the length of an IPv4 prefix is 0 to 32"
	                 : "the length of an IPv6 prefix is 0 to 128";
}

const char *
prefix_parse(const char *text, struct prefix *into)
{
	const char *slash = strchr(text, '/'), *complaint;
	union addr a;

	complaint = parse_ip(text, slash == NULL ? strlen(text) : (size_t)(slash - text), &a);
	if (complaint != NULL)
		return complaint;

	struct prefix p = {.family = (uint8_t)addr_family(&a)};
	struct bytes ip = addr_ip(&a);
	int64_t bits = 8 * (int64_t)ip.n;
	complaint = slash == NULL ? NULL : parse_length(slash + 1, bits, &bits);
	if (complaint != NULL)
		return complaint;
	p.bits = (uint8_t)bits;
	memcpy(p.ip, ip.p, ip.n);
	for (unsigned i = 0; i < ip.n; i++)
		if ((p.ip[i] & host_mask(p.bits, i)) != 0)
			return "bits behind the prefix length are set";
	*into = p;
	return NULL;
}

struct range {
	const uint8_t *lo, *hi; /* both ends belong to it */
	size_t size;
	struct prefix *into;
	unsigned n;
};

/*
 * Writes down the part of the range that lies in `p`: all of `p`, or nothing, or what is in its two
 * halves. Whole addresses are compared, never single bytes (security A5). Both ends of the range
 * cost at most one prefix per bit, less one where they part: 2 * 128 - 2 = PREFIX_RANGE_MAX.
 */
static void
split(struct range *r, struct prefix p)
{
	uint8_t last[16];

	for (unsigned i = 0; i < r->size; i++)
		last[i] = p.ip[i] | host_mask(p.bits, i);
	if (memcmp(last, r->lo, r->size) < 0 || memcmp(p.ip, r->hi, r->size) > 0)
		return;
	if (memcmp(p.ip, r->lo, r->size) >= 0 && memcmp(last, r->hi, r->size) <= 0) {
		r->into[r->n++] = p;
		return;
	}
	unsigned bit = p.bits++;
	split(r, p);
	p.ip[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	split(r, p);
}

const char *
prefix_parse_range(const char *text, struct prefix into[static PREFIX_RANGE_MAX], unsigned *n)
{
	const char *dash = strchr(text, '-'), *complaint;
	union addr lo, hi;

	if (dash == NULL) {
		*n = 1;
		return prefix_parse(text, into);
	}
	complaint = parse_ip(text, (size_t)(dash - text), &lo);
	if (complaint == NULL)
		complaint = parse_ip(dash + 1, strlen(dash + 1), &hi);
	if (complaint != NULL)
		return complaint;
	if (addr_family(&lo) != addr_family(&hi))
		return "both ends of a range must be of one address family";

	struct bytes first = addr_ip(&lo), last = addr_ip(&hi);
	if (memcmp(first.p, last.p, first.n) > 0)
		return "the first address of a range must not be above the last";
	struct range r = {.lo = first.p, .hi = last.p, .size = first.n, .into = into};
	split(&r, (struct prefix){.family = (uint8_t)addr_family(&lo)});
	*n = r.n;
	return NULL;
}

/* Do the first `bits` bits of both agree? */
static bool
same_head(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

bool
prefix_holds(const struct prefix *p, const union addr *a)
{
	return p->family == addr_family(a) && p->family != 0 &&
	       same_head(p->ip, addr_ip(a).p, p->bits);
}

bool
prefix_within(const struct prefix *p, const struct prefix *outer)
{
	return p->family == outer->family && p->bits >= outer->bits &&
	       same_head(p->ip, outer->ip, outer->bits);
}

const char *
prefix_text(const struct prefix *p, char into[static PREFIX_TEXT])
{
	union addr a = addr_make(bytes_view(p->ip, size_of(p->family)), 0);
	char ip[ADDR_TEXT];

	snprintf(into, PREFIX_TEXT, "%.45s/%u", addr_ip_text(&a, ip), (unsigned)p->bits);
	return into;
}
