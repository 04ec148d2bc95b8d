#include "common/text.h"

#include <assert.h>
#include <stdio.h>

struct unit {
	const char *name;
	uint64_t worth;
};

static const struct unit durations[] = { /* largest first: the order in which they are written */
	{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1},
};

static const struct unit sizes[] = {
	{"", 1},
	{"B", 1},
	{"KiB", 1 << 10},
	{"kB", 1000},
	{"KB", 1000},
	{"MiB", 1 << 20},
	{"MB", 1000000},
	{"GiB", 1 << 30},
	{"GB", 1000000000},
	{"TiB", (uint64_t)1 << 40},
	{"TB", 1000000000000},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits and moves `*at` behind them. False when there are none, or too many. */
static bool
read_number(const char **at, uint64_t *into)
{
	uint64_t n = 0;

	if (!is_digit(**at))
		return false;
	for (; is_digit(**at); ++*at)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(**at - '0'), &n))
			return false;
	*into = n;
	return true;
}

const char *
text_int(const char *text, int64_t min, int64_t max, int64_t *into)
{
	bool negative = text[0] == '-';
	const char *at = text + negative;
	int64_t value;
	uint64_t n;

	if (!is_digit(*at))
		return "not a number";
	if (!read_number(&at, &n))
		return "number out of range";
	if (*at != '\0')
		return "not a number";
	if (negative && n == 0)
		return "not a number";
	if (n > (uint64_t)INT64_MAX + negative)
		return "number out of range";
	value = negative ? (int64_t)(0 - n) : (int64_t)n;
	if (value < min || value > max)
		return "number out of range";
	*into = value;
	return NULL;
}

/* Which unit does `at` begin with? The longest letters win: "ms" is not "m". */
static const struct unit *
duration_unit(const char *at)
{
	size_t n = 0;

	while ((at[n] >= 'a' && at[n] <= 'z') || (at[n] >= 'A' && at[n] <= 'Z'))
		n++;
	for (size_t i = 0; i < COUNT(durations); i++)
		if (strlen(durations[i].name) == n && memcmp(durations[i].name, at, n) == 0)
			return &durations[i];
	return NULL;
}

const char *
text_duration(const char *text, uint64_t *into_ms)
{
	static const char unknown[] =
		"not a duration: write \"250ms\", \"90s\", \"10m\", \"1h30m\" or \"2d\"";
	static const char large[] = "duration out of range";
	const struct unit *last = NULL;
	const char *at = text;
	uint64_t sum = 0, n;

	do {
		if (!is_digit(*at))
			return unknown;
		if (!read_number(&at, &n))
			return large;
		const struct unit *unit = duration_unit(at);
		if (unit == NULL && last == NULL && *at == '\0')
			unit = &durations[3]; /* a bare number is seconds */
		if (unit == NULL)
			return unknown;
		if (last != NULL && unit <= last)
			return "units of a duration go from large to small, each once";
		if (__builtin_mul_overflow(n, unit->worth, &n) ||
		    __builtin_add_overflow(sum, n, &sum))
			return large;
		last = unit;
		if (*at != '\0')
			at += strlen(unit->name);
	} while (*at != '\0');
	*into_ms = sum;
	return NULL;
}

const char *
text_size(const char *text, uint64_t *into)
{
	static const char unknown[] = "not a size: write \"4096\", \"64KiB\", \"1MiB\" or \"1MB\"";
	const char *at = text;
	uint64_t n;

	if (!is_digit(*at))
		return unknown;
	if (!read_number(&at, &n))
		return "size out of range";
	for (size_t i = 0; i < COUNT(sizes); i++) {
		if (strcmp(at, sizes[i].name) != 0)
			continue;
		if (__builtin_mul_overflow(n, sizes[i].worth, &n))
			return "size out of range";
		*into = n;
		return NULL;
	}
	return unknown;
}

const char *
text_ports(const char *text, uint16_t *lo, uint16_t *hi)
{
	static const char unknown[] = "not a port range: write \"49152-65535\"";
	const char *at = text;
	uint64_t first, last;

	if (!read_number(&at, &first))
		return unknown;
	last = first;
	if (*at == '-') {
		at++;
		if (!read_number(&at, &last))
			return unknown;
	}
	if (*at != '\0')
		return unknown;
	if (first < 1 || last < 1 || first > UINT16_MAX || last > UINT16_MAX)
		return "a port is a number from 1 to 65535";
	if (first > last)
		return "the first port of a range must not be above the last";
	*lo = (uint16_t)first;
	*hi = (uint16_t)last;
	return NULL;
}

/* Writes `ms` in units from `first` on: "1h30m". Returns the length. */
static size_t
spell_duration(uint64_t ms, size_t first, char into[static 32])
{
	size_t n = 0;

	for (size_t i = first; i < COUNT(durations) && ms > 0; i++) {
		uint64_t count = ms / durations[i].worth;
		ms %= durations[i].worth;
		if (count > 0)
			n += (size_t)snprintf(into + n, 32 - n, "%llu%s", (unsigned long long)count,
			                      durations[i].name);
	}
	return n;
}

const char *
text_print_duration(uint64_t ms, char into[static 32])
{
	size_t best = spell_duration(ms, 0, into);

	if (ms == 0)
		snprintf(into, 32, "0");
	for (size_t first = 1; first < COUNT(durations); first++) {
		char other[32];
		size_t n = spell_duration(ms, first, other);
		if (n < best) {
			memcpy(into, other, n + 1);
			best = n;
		}
	}
	return into;
}

const char *
text_print_size(uint64_t n, char into[static 32])
{
	int best = snprintf(into, 32, "%llu", (unsigned long long)n) + 1; /* a unit wins a tie */

	for (size_t i = 2; i < COUNT(sizes) && n > 0; i++) { /* 2: a bare number needs no "B" */
		char other[32];
		if (n % sizes[i].worth != 0)
			continue;
		int size = snprintf(other, sizeof other, "%llu%s",
		                    (unsigned long long)(n / sizes[i].worth), sizes[i].name);
		if (size < best) {
			memcpy(into, other, (size_t)size + 1);
			best = size;
		}
	}
	return into;
}

const char *
text_hex(struct bytes b, char *into)
{
	static const char digits[] = "0123456789abcdef";
	char *at = into;

	for (size_t i = 0; i < b.n; i++) {
		*at++ = digits[b.p[i] >> 4];
		*at++ = digits[b.p[i] & 15];
	}
	*at = '\0';
	return into;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
text_unhex(const char *text, uint8_t *into, size_t n)
{
	if (strlen(text) != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		into[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static const char base64_alphabet[2][65] = {
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
};

size_t
text_base64(struct bytes b, bool url, char *into)
{
	const char *alphabet = base64_alphabet[url];
	char *at = into;

	for (size_t i = 0; i < b.n; i += 3) {
		size_t left = b.n - i;
		uint32_t group = (uint32_t)b.p[i] << 16;
		if (left > 1)
			group |= (uint32_t)b.p[i + 1] << 8;
		if (left > 2)
			group |= b.p[i + 2];
		*at++ = alphabet[group >> 18];
		*at++ = alphabet[group >> 12 & 63];
		if (left > 1 || !url)
			*at++ = left > 1 ? alphabet[group >> 6 & 63] : '=';
		if (left > 2 || !url)
			*at++ = left > 2 ? alphabet[group & 63] : '=';
	}
	*at = '\0';
	return (size_t)(at - into);
}

static int
base64_value(uint8_t c, bool url)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == (url ? '-' : '+'))
		return 62;
	return c == (url ? '_' : '/') ? 63 : -1;
}

int
text_unbase64(struct bytes text, bool url, uint8_t *into, size_t cap)
{
	uint32_t bits = 0;
	unsigned held = 0; /* bits that wait in `bits` */
	size_t n = 0;

	if (!url) {
		if (text.n % 4 != 0)
			return -1;
		for (unsigned pad = 0; pad < 2 && text.n > 0 && text.p[text.n - 1] == '='; pad++)
			text.n--;
	}
	if (text.n % 4 == 1 || text.n / 4 * 3 + text.n % 4 * 3 / 4 > cap || text.n > INT32_MAX)
		return -1;
	for (size_t i = 0; i < text.n; i++) {
		int value = base64_value(text.p[i], url);
		if (value < 0)
			return -1;
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			into[n++] = (uint8_t)(bits >> held);
		}
	}
	/* Left-over bits must be zero, else two texts would mean the same bytes. */
	return (bits & ((1u << held) - 1)) == 0 ? (int)n : -1;
}

/* The table of RFC 3629, 4. */
size_t
text_utf8_size(struct bytes b)
{
	const uint8_t *p = b.p;
	uint8_t low = 0x80, high = 0xbf; /* bounds of the second byte */
	size_t n;

	if (b.n == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (n > b.n)
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0; /* shorter forms exist */
	else if (p[0] == 0xed)
		high = 0x9f; /* surrogates */
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f; /* above U+10FFFF */
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

bool
text_utf8(struct bytes b, size_t *points)
{
	size_t count = 0;

	for (size_t at = 0; at < b.n; count++) {
		size_t size = text_utf8_size(bytes_view(b.p + at, b.n - at));
		if (size == 0)
			return false;
		at += size;
	}
	if (points != NULL)
		*points = count;
	return true;
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * The full distance, where letters between two exchanged ones may be edited too (Lowrance and
 * Wagner, 1975). cost[i + 1][j + 1] belongs to the first i letters of `a` and j of `b`; row and
 * column 0 are a wall for exchanges that would begin before the text.
 */
unsigned
text_distance(const char *a, const char *b, unsigned cap)
{
	enum { LONGEST = 63, WALL = 2 * LONGEST + 1 };
	uint8_t cost[LONGEST + 2][LONGEST + 2], row_of[256] = {0};
	size_t n = strlen(a), m = strlen(b);

	if (n > LONGEST || m > LONGEST)
		return cap + 1;
	memset(cost, WALL, sizeof cost);
	for (size_t i = 0; i <= n; i++)
		cost[i + 1][1] = (uint8_t)i;
	for (size_t j = 0; j <= m; j++)
		cost[1][j + 1] = (uint8_t)j;
	for (size_t i = 1; i <= n; i++) {
		size_t column = 0; /* the last place of this row's letter in `b` */
		for (size_t j = 1; j <= m; j++) {
			size_t row = row_of[(uint8_t)b[j - 1]]; /* its last place in `a` */
			bool same = a[i - 1] == b[j - 1];
			unsigned edit = least(cost[i][j] + !same,
			                      1u + least(cost[i + 1][j], cost[i][j + 1]));
			unsigned exchange =
				cost[row][column] + (unsigned)(i - row + j - column - 1);
			if (same)
				column = j;
			cost[i + 1][j + 1] = (uint8_t)least(edit, exchange);
		}
		row_of[(uint8_t)a[i - 1]] = (uint8_t)i;
	}
	return least(cost[n + 1][m + 1], cap + 1);
}
