#include "conf/scan.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

struct scan
scan_over(struct bytes text)
{
	return (struct scan){.text = text, .line = 1};
}

static int
peek(const struct scan *s, size_t ahead)
{
	return s->at + ahead < s->text.n ? s->text.p[s->at + ahead] : -1;
}

static void
step(struct scan *s)
{
	if (s->text.p[s->at++] == '\n') {
		s->line++;
		s->line_start = s->at;
	}
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
}

static bool
is_name(int c)
{
	return is_letter(c) || is_digit(c) || c == '_' || c == '-';
}

static bool
at_line_comment(const struct scan *s)
{
	return peek(s, 0) == '#' || (peek(s, 0) == '/' && peek(s, 1) == '/');
}

static bool
at_block_comment(const struct scan *s)
{
	return peek(s, 0) == '/' && peek(s, 1) == '*';
}

static void
skip_block(struct scan *s)
{
	s->comment.line = s->line;
	s->comment.column = (unsigned)(s->at - s->line_start) + 1;
	step(s);
	step(s);
	while (peek(s, 0) >= 0 && !(peek(s, 0) == '*' && peek(s, 1) == '/'))
		step(s);
	s->comment.unclosed = peek(s, 0) < 0;
	if (s->comment.unclosed)
		return;
	step(s);
	step(s);
}

static void
skip_blanks(struct scan *s)
{
	for (;;) {
		int c = peek(s, 0);

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
			step(s);
		} else if (at_line_comment(s)) {
			while (peek(s, 0) >= 0 && peek(s, 0) != '\n')
				step(s);
		} else if (at_block_comment(s)) {
			skip_block(s);
		} else {
			return;
		}
	}
}

static void
take_string(struct scan *s, struct token *t)
{
	step(s);
	while (peek(s, 0) >= 0 && peek(s, 0) != '"') {
		if (peek(s, 0) == '\\' && peek(s, 1) >= 0)
			step(s);
		t->lines += peek(s, 0) == '\n';
		step(s);
	}
	t->unclosed = peek(s, 0) < 0;
	if (!t->unclosed)
		step(s);
}

/* Everything that someone may have meant as one value: 10s, 5L, 192.0.2.0/24, 1-2. */
static void
take_number(struct scan *s)
{
	step(s);
	while (!at_line_comment(s) && !at_block_comment(s)) {
		int c = peek(s, 0);

		if (!is_name(c) && c != '.' && c != '/' && c != '%' && c != '+')
			return;
		step(s);
	}
}

static bool
at_number(const struct scan *s)
{
	int c = peek(s, 0);

	if (c == '+' || c == '-')
		c = peek(s, 1) == '.' ? peek(s, 2) : peek(s, 1);
	else if (c == '.')
		c = peek(s, 1);
	return is_digit(c);
}

static bool
at_include(const struct scan *s)
{
	static const char word[] = "@include";

	return s->text.n - s->at >= sizeof word - 1 &&
	       memcmp(s->text.p + s->at, word, sizeof word - 1) == 0;
}

static enum scan_kind
take(struct scan *s, struct token *t)
{
	int c = peek(s, 0);

	if (c < 0)
		return SCAN_END;
	if (c == '"') {
		take_string(s, t);
		return SCAN_STRING;
	}
	if (at_number(s)) {
		take_number(s);
		return SCAN_NUMBER;
	}
	if (is_letter(c)) {
		while (is_name(peek(s, 0)))
			step(s);
		return SCAN_NAME;
	}
	if (at_include(s)) {
		s->at += 8;
		return SCAN_INCLUDE;
	}
	step(s);
	return c != 0 && strchr("=:;,{}[]()", c) != NULL ? SCAN_MARK : SCAN_JUNK;
}

struct token
scan_next(struct scan *s)
{
	struct token t = {0};

	skip_blanks(s);
	t.line = s->line;
	t.column = (unsigned)(s->at - s->line_start) + 1;
	size_t from = s->at;
	t.kind = take(s, &t);
	t.text = bytes_view(s->text.p + from, s->at - from);
	return t.kind == SCAN_END && s->comment.unclosed ? s->comment : t;
}

bool
scan_is_mark(const struct token *t, char mark)
{
	return t->kind == SCAN_MARK && t->text.p[0] == (uint8_t)mark;
}

bool
scan_is_word(const struct token *t, const char *word)
{
	return bytes_equal(t->text, bytes_text(word));
}

/* Digits only, from `i` on; hexadecimal with 0x. Returns the index behind them. */
static size_t
skip_digits(struct bytes b, size_t i)
{
	while (i < b.n && is_digit(b.p[i]))
		i++;
	return i;
}

static size_t
skip_hex(struct bytes b, size_t i)
{
	while (i < b.n && (is_digit(b.p[i]) || (b.p[i] >= 'a' && b.p[i] <= 'f') ||
	                   (b.p[i] >= 'A' && b.p[i] <= 'F')))
		i++;
	return i;
}

static bool
is_float(struct bytes b)
{
	size_t i = b.p[0] == '-' || b.p[0] == '+';
	bool point;

	i = skip_digits(b, i);
	point = i < b.n && b.p[i] == '.';
	if (point)
		i = skip_digits(b, i + 1);
	if (i == b.n)
		return point;
	if (b.p[i] != 'e' && b.p[i] != 'E')
		return false;
	i++;
	i += i < b.n && (b.p[i] == '-' || b.p[i] == '+');
	return i < b.n && skip_digits(b, i) == b.n;
}

/* Copies what strtoll() can read; words too long for it are too big anyway. */
static bool
spell_number(struct bytes b, char into[static 32])
{
	if (b.n >= 32)
		return false;
	memcpy(into, b.p, b.n);
	into[b.n] = '\0';
	return true;
}

static enum scan_number
fits(struct bytes digits, bool wide, int base)
{
	char text[32];
	long long value;

	if (!spell_number(digits, text))
		return SCAN_TOO_BIG;
	errno = 0;
	value = strtoll(text, NULL, base);
	if (errno == ERANGE || (!wide && (value > INT_MAX || value < INT_MIN)))
		return SCAN_TOO_BIG;
	if (value == 0 && text[0] == '-')
		return SCAN_TOO_BIG;
	return SCAN_INTEGER;
}

enum scan_number
scan_number(const struct token *t)
{
	struct bytes b = t->text;
	size_t i = b.p[0] == '-' || b.p[0] == '+';
	bool hex = b.n > 2 && b.p[0] == '0' && (b.p[1] == 'x' || b.p[1] == 'X');
	size_t end = hex ? skip_hex(b, 2) : skip_digits(b, i);
	size_t suffix = 0;

	if (end == (hex ? 2 : i))
		return is_float(b) ? SCAN_FLOAT : SCAN_NO_NUMBER;
	while (suffix < 2 && end + suffix < b.n && b.p[end + suffix] == 'L')
		suffix++;
	if (end + suffix == b.n)
		return fits(bytes_view(b.p, end), suffix > 0, hex ? 16 : 10);
	return is_float(b) ? SCAN_FLOAT : SCAN_NO_NUMBER;
}
