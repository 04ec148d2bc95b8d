#include "common/logform.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

#include "common/text.h"

static const char *const level_names[] = {
	[LOG_ERROR] = "error", [LOG_WARN] = "warn", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};

static void
put_text(struct pen *w, const char *s)
{
	pen_put(w, s, strlen(s));
}

static void
skip(struct bytes *b, size_t n)
{
	b->p += n;
	b->n -= n;
}

/*
 * The size of the character at the start of `b` if a terminal, an editor and a log reader show it
 * as what it is; 0 for controls, line and paragraph separators, invisible and direction-changing
 * characters, and bytes that are no UTF-8.
 */
static size_t
printable(struct bytes b)
{
	size_t n = text_utf8_size(b);
	const uint8_t *p = b.p;

	if (n == 1)
		return p[0] >= 0x20 && p[0] < 0x7f;
	if (n == 2)
		return p[0] == 0xc2 && p[1] < 0xa0 ? 0 : 2; /* C1 controls */
	if (n != 3)
		return n;
	if (p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0x8b && p[2] <= 0x8f)
		return 0; /* U+200B..200F */
	if (p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae)
		return 0; /* U+2028..202E */
	if (p[0] == 0xe2 && p[1] == 0x81 && p[2] >= 0xa0 && p[2] <= 0xaf)
		return 0; /* U+2060..206F */
	if (p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf)
		return 0; /* U+FEFF */
	return 3;
}

/* Takes one printable character, or one byte that is not. */
static struct bytes
next_char(struct bytes *b, bool *plain)
{
	size_t n = printable(*b);
	struct bytes c = {b->p, n == 0 ? 1 : n};

	*plain = n > 0;
	skip(b, c.n);
	return c;
}

static void
put_hex(struct pen *w, const char *prefix, uint8_t byte)
{
	char text[8];
	int n = snprintf(text, sizeof text, "%s%02x", prefix, byte);

	pen_put(w, text, (size_t)n);
}

/* The body as it is, but for what is not printable. */
static void
put_clean(struct pen *w, struct bytes b)
{
	while (b.n > 0) {
		bool plain;
		struct bytes c = next_char(&b, &plain);
		if (plain)
			pen_put(w, c.p, c.n);
		else
			put_hex(w, "\\x", c.p[0]);
	}
}

/* Puts "..." in room that was kept for it, when something did not fit. */
static void
put_cut(struct pen *w, size_t kept)
{
	w->end += kept;
	if (w->full) {
		w->full = false;
		put_text(w, "...");
	}
}

/*
 * A number that every JSON reader takes without loss; exponents and long ones are texts, so that
 * a random session id of decimal digits stays a text.
 */
static bool
is_number(struct bytes b)
{
	size_t at = b.n > 0 && b.p[0] == '-', digits = 0, fraction = 0;

	if (b.n > 15 || (b.n > at + 1 && b.p[at] == '0' && b.p[at + 1] != '.'))
		return false;
	for (; at < b.n && b.p[at] >= '0' && b.p[at] <= '9'; at++)
		digits++;
	if (at == b.n || b.p[at] != '.')
		return digits > 0 && at == b.n;
	for (at++; at < b.n && b.p[at] >= '0' && b.p[at] <= '9'; at++)
		fraction++;
	return digits > 0 && fraction > 0 && at == b.n;
}

static bool
needs_quotes(struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] == ' ' || b.p[i] == '=' || b.p[i] == '"')
			return true;
	return b.n == 0 || is_number(b);
}

/* The characters of a value; inside them '"' and '\' are marked, so that the end can be found. */
static void
put_value(struct pen *w, struct bytes b)
{
	while (b.n > 0) {
		bool plain;
		struct bytes c = next_char(&b, &plain);
		if (!plain)
			put_hex(w, "\\x", c.p[0]);
		else if (c.p[0] == '"')
			put_text(w, "\\\"");
		else if (c.p[0] == '\\')
			put_text(w, "\\\\");
		else
			pen_put(w, c.p, c.n);
	}
}

void
logform_value(struct bytes b, char *into, size_t room)
{
	const char *quote = needs_quotes(b) ? "\"" : "";
	size_t quotes = 2 * strlen(quote), dots = 3;

	assert(room >= 8);
	struct pen w = pen_over(into, room - 1 - quotes / 2);
	put_text(&w, quote);
	put_value(&w, b);
	if (w.full) { /* once more, with room for the mark */
		w = pen_over(into, room - 1 - quotes / 2 - dots);
		put_text(&w, quote);
		put_value(&w, b);
		put_cut(&w, dots);
	}
	w.end = (uint8_t *)into + room;
	pen_put(&w, quote, quotes / 2);
	pen_u8(&w, '\0');
}

/* "2026-01-02T03:04:05.678Z" */
static void
put_stamp(struct pen *w, int64_t usec)
{
	time_t seconds = (time_t)(usec / 1000000);
	struct tm t;
	char text[40];

	if (gmtime_r(&seconds, &t) == NULL)
		memset(&t, 0, sizeof t);
	size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &t);
	pen_put(w, text, n);
	n = (size_t)snprintf(text, sizeof text, ".%03uZ", (unsigned)(usec / 1000 % 1000));
	pen_put(w, text, n);
}

struct json {
	struct pen w;
	bool open; /* the last string did not fit and is not closed */
};

/* One character inside a JSON string (RFC 8259, 7). */
static void
put_json_char(struct pen *w, struct bytes *b)
{
	bool plain;
	struct bytes c = next_char(b, &plain);

	if (plain && c.p[0] == '"')
		put_text(w, "\\\"");
	else if (plain && c.p[0] == '\\')
		put_text(w, "\\\\");
	else if (plain)
		pen_put(w, c.p, c.n);
	else
		put_hex(w, c.p[0] < 0x80 ? "\\u00" : "\\\\x", c.p[0]);
}

/* A string without its quotes; as in the body, \" and \\ stand for '"' and '\'. */
static void
put_json_text(struct pen *w, struct bytes b)
{
	while (b.n > 0) {
		if (b.n > 1 && b.p[0] == '\\' && (b.p[1] == '"' || b.p[1] == '\\'))
			skip(&b, 1);
		put_json_char(w, &b);
	}
}

/* ,"key":"value" -- or nothing, when not even the key fits. */
static void
put_json_member(struct json *j, struct bytes key, struct bytes value, bool number)
{
	uint8_t *start = j->w.at;

	if (j->w.full)
		return;
	put_text(&j->w, ",\"");
	put_json_text(&j->w, key);
	put_text(&j->w, number ? "\":" : "\":\"");
	if (number)
		pen_put(&j->w, value.p, value.n);
	if (j->w.full) {
		j->w.at = start;
		return;
	}
	if (number)
		return;
	put_json_text(&j->w, value);
	put_text(&j->w, "\"");
	j->open = j->w.full;
}

/* The length of a value: up to the quote that ends it, or up to a blank. */
static size_t
value_size(struct bytes b)
{
	size_t n = 0;

	if (b.n > 0 && b.p[0] == '"') {
		for (n = 1; n < b.n && b.p[n] != '"'; n++)
			if (b.p[n] == '\\' && n + 1 < b.n)
				n++;
		return n < b.n ? n + 1 : b.n;
	}
	while (n < b.n && b.p[n] != ' ')
		n++;
	return n;
}

/* The pairs of the body as members. From the first word that is no pair on it is a message. */
static void
put_json_body(struct json *j, struct bytes b)
{
	while (b.n > 0) {
		size_t n = 0;
		if (b.p[0] == ' ') {
			skip(&b, 1);
			continue;
		}
		while (n < b.n && b.p[n] != '=' && b.p[n] != ' ' && b.p[n] != '"')
			n++;
		if (n == 0 || n == b.n || b.p[n] != '=') {
			put_json_member(j, bytes_text("msg"), b, false);
			return;
		}
		struct bytes key = bytes_view(b.p, n);
		skip(&b, n + 1);
		struct bytes value = bytes_view(b.p, value_size(b));
		skip(&b, value.n);
		bool number = is_number(value);
		if (value.n > 0 && value.p[0] == '"') {
			skip(&value, 1);
			if (value.n > 0 && value.p[value.n - 1] == '"')
				value.n--;
		}
		put_json_member(j, key, value, number);
	}
}

static size_t
put_json(const struct logform *line, char *into, size_t room)
{
	static const char mark[] = "...\"", end[] = "}\n";
	const size_t kept = sizeof mark - 1 + sizeof end - 1;
	struct json j = {.w = pen_over(into, room - kept)};

	put_text(&j.w, "{\"ts\":\"");
	put_stamp(&j.w, line->wall_usec);
	put_text(&j.w, "\",\"level\":\"");
	put_text(&j.w, level_names[line->level]);
	put_text(&j.w, "\"");
	put_json_member(&j, bytes_text("event"), bytes_text(line->event), false);
	put_json_body(&j, line->body);
	j.w.end += kept;
	j.w.full = false;
	if (j.open)
		put_text(&j.w, mark);
	put_text(&j.w, end);
	return pen_used(&j.w);
}

static void
put_head(struct pen *w, const struct logform *line, bool logfmt)
{
	if (!logfmt) {
		put_stamp(w, line->wall_usec);
		put_text(w, " ");
		put_text(w, level_names[line->level]);
		put_text(w, strlen(level_names[line->level]) < 5 ? "  " : " ");
		return;
	}
	put_text(w, "ts=");
	put_stamp(w, line->wall_usec);
	put_text(w, " level=");
	put_text(w, level_names[line->level]);
	put_text(w, " event=");
}

size_t
logform_line(const struct logform *line, enum log_format format, char *into, size_t room)
{
	static const char mark[] = "...";

	assert(room >= LOGFORM_MIN && format != LOG_FORMAT_AUTO);
	if (format == LOG_FORMAT_JSON)
		return put_json(line, into, room);

	struct pen w = pen_over(into, room - sizeof mark); /* the mark and the newline */
	put_head(&w, line, format == LOG_FORMAT_LOGFMT);
	put_clean(&w, bytes_text(line->event));
	if (line->body.n > 0)
		put_text(&w, " ");
	put_clean(&w, line->body);
	put_cut(&w, sizeof mark - 1);
	w.end += 1;
	put_text(&w, "\n");
	return pen_used(&w);
}
