/*
 * common/bytes.h -- pure, any thread: views of memory, a reading cursor and a writing pen.
 *
 * A `struct bytes` is a borrowed, read-only view; it never owns. Everything that comes from the
 * wire is read through a cursor: it cannot leave its view, it remembers the first failure, and a
 * failed read yields zeroes, so a parser reads straight through and asks `bad` once at the end.
 * Integers are big-endian on the wire.
 */
#ifndef NATSRV_COMMON_BYTES_H
#define NATSRV_COMMON_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *p;
	size_t n;
};

#define BYTES_NONE ((struct bytes){NULL, 0})

static inline struct bytes
bytes_view(const void *p, size_t n)
{
	return (struct bytes){p, n};
}

/* View of a C string, without its NUL. `s` may be NULL. */
static inline struct bytes
bytes_text(const char *s)
{
	return (struct bytes){(const uint8_t *)s, s == NULL ? 0 : strlen(s)};
}

/* Not for secrets: those are compared by digest_equal(). */
static inline bool
bytes_equal(struct bytes a, struct bytes b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

struct cursor {
	const uint8_t *p, *end;
	bool bad;
};

static inline struct cursor
cursor_over(struct bytes b)
{
	return (struct cursor){b.p, b.n == 0 ? b.p : b.p + b.n, false};
}

static inline size_t
cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* The next `n` bytes as a view, or BYTES_NONE and `bad`. */
static inline struct bytes
cursor_take(struct cursor *c, size_t n)
{
	if (c->bad || n > cursor_left(c)) {
		c->bad = true;
		return BYTES_NONE;
	}
	struct bytes b = {c->p, n};
	c->p += n;
	return b;
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	struct bytes b = cursor_take(c, 1);
	return b.n == 0 ? 0 : b.p[0];
}

static inline uint16_t
bytes_u16(const uint8_t *p)
{
	return (uint16_t)((p[0] << 8) | p[1]);
}

static inline uint32_t
bytes_u32(const uint8_t *p)
{
	return ((uint32_t)p[0] << 24) | ((uint32_t)p[1] << 16) | ((uint32_t)p[2] << 8) | p[3];
}

static inline uint16_t
cursor_u16(struct cursor *c)
{
	struct bytes b = cursor_take(c, 2);
	return b.n == 0 ? 0 : bytes_u16(b.p);
}

static inline uint32_t
cursor_u32(struct cursor *c)
{
	struct bytes b = cursor_take(c, 4);
	return b.n == 0 ? 0 : bytes_u32(b.p);
}

/* Writes into [at, end); past the end it writes nothing and sets `full`. */
struct pen {
	uint8_t *start, *at, *end;
	bool full;
};

static inline struct pen
pen_over(void *p, size_t n)
{
	return (struct pen){p, p, (uint8_t *)p + n, false};
}

static inline size_t
pen_used(const struct pen *w)
{
	return (size_t)(w->at - w->start);
}

/* Reserve `n` bytes; NULL when they do not fit. */
static inline uint8_t *
pen_room(struct pen *w, size_t n)
{
	if (w->full || n > (size_t)(w->end - w->at)) {
		w->full = true;
		return NULL;
	}
	uint8_t *p = w->at;
	w->at += n;
	return p;
}

static inline void
pen_put(struct pen *w, const void *p, size_t n)
{
	uint8_t *to = pen_room(w, n);
	if (to != NULL && n > 0)
		memcpy(to, p, n);
}

static inline void
bytes_put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void
bytes_put32(uint8_t *p, uint32_t v)
{
	bytes_put16(p, v >> 16);
	bytes_put16(p + 2, v & 0xffff);
}

static inline void
pen_u8(struct pen *w, unsigned v)
{
	uint8_t b = (uint8_t)v;
	pen_put(w, &b, 1);
}

static inline void
pen_u16(struct pen *w, unsigned v)
{
	uint8_t *p = pen_room(w, 2);
	if (p != NULL)
		bytes_put16(p, v);
}

static inline void
pen_u32(struct pen *w, uint32_t v)
{
	uint8_t *p = pen_room(w, 4);
	if (p != NULL)
		bytes_put32(p, v);
}

#endif
