#include "conf/source.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/digest.h"
#include "conf/veil.h"

/* Behind a string that runs over a line end, inside and outside of quotes are swapped. */
static unsigned
first_runaway(const struct source *s)
{
	struct scan scan = scan_over(bytes_view(s->text, s->n));
	struct token t;

	if (!veil_needed(s->text))
		return 0;
	do {
		t = scan_next(&scan);
		if (t.kind == SCAN_STRING && (t.unclosed || t.lines > 0))
			return t.line;
	} while (t.kind != SCAN_END);
	return 0;
}

static struct source *
source_alloc(const char *name, size_t n)
{
	struct source *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->name = strdup(name);
	s->text = malloc(n + 1);
	s->n = n;
	if (s->name == NULL || s->text == NULL) {
		s->n = 0;
		source_free(s);
		return NULL;
	}
	s->text[n] = '\0';
	return s;
}

struct source *
source_new(const char *name, const char *text)
{
	struct source *s = source_alloc(name, strlen(text));

	if (s == NULL)
		return NULL;
	memcpy(s->text, text, s->n);
	s->veiled_from = first_runaway(s);
	return s;
}

struct source *
source_veiled(const char *path)
{
	struct source *s = source_new(path, "");

	if (s != NULL)
		s->is_file = true;
	return s;
}

/* Reads to the end of file; a pipe or a growing file is read like any other. */
static int
read_all(int fd, struct source *s, size_t room)
{
	ssize_t got;

	s->n = 0;
	while ((got = read(fd, s->text + s->n, room - s->n)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		s->n += (size_t)got;
		if (s->n == room)
			return -EFBIG;
	}
	s->text[s->n] = '\0';
	return 0;
}

int
source_open(const char *path, struct source **into)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int error;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0) {
		error = -errno;
		goto close;
	}
	error = -EFBIG;
	if (S_ISREG(st.st_mode) && st.st_size > SOURCE_MAX)
		goto close;
	size_t room = S_ISREG(st.st_mode) ? (size_t)st.st_size + 4096 : SOURCE_MAX;
	struct source *s = source_alloc(path, room);
	error = -ENOMEM;
	if (s == NULL)
		goto close;
	s->is_file = true;
	error = read_all(fd, s, room);
	if (error != 0) {
		source_free(s);
		goto close;
	}
	s->veiled_from = first_runaway(s);
	*into = s;
close:
	close(fd);
	return error;
}

void
source_free(struct source *s)
{
	if (s == NULL)
		return;
	if (s->text != NULL)
		digest_wipe(s->text, s->n);
	free(s->text);
	free(s->name);
	free(s);
}

struct bytes
source_line(const struct source *s, unsigned line)
{
	const char *at = s->text, *end = s->text + s->n;

	for (unsigned i = 1; i < line && at < end; i++) {
		const char *eol = memchr(at, '\n', (size_t)(end - at));
		at = eol == NULL ? end : eol + 1;
	}
	if (line == 0 || at == end)
		return BYTES_NONE;
	const char *eol = memchr(at, '\n', (size_t)(end - at));
	return bytes_view(at, (size_t)((eol == NULL ? end : eol) - at));
}

struct showing {
	struct bytes line;
	size_t seen; /* bytes of the line that are dealt with */
	char *into;
	size_t n;
	unsigned *column, at; /* where the caret shall be, and where it goes */
};

static void
put(struct showing *w, uint8_t c)
{
	if (w->n < SOURCE_SHOWN - 5)
		w->into[w->n++] = (char)(c == '\t' || (c >= 0x20 && c != 0x7f) ? c : '?');
}

static void
show_until(struct showing *w, size_t end)
{
	for (; w->seen < end && w->seen < w->line.n; w->seen++) {
		if (w->seen + 1 == *w->column)
			w->at = (unsigned)w->n + 1;
		put(w, w->line.p[w->seen]);
	}
}

static void
hide_until(struct showing *w, size_t end, const char *instead)
{
	if (*w->column > w->seen && *w->column <= end)
		w->at = (unsigned)w->n + 1;
	for (; *instead != '\0'; instead++)
		put(w, (uint8_t)*instead);
	w->seen = end;
}

/*
 * What stands between two words: blanks, and comments, whose text may be an old secret. `more`:
 * words of the line follow.
 */
static void
show_gap(struct showing *w, size_t end, bool more)
{
	size_t at = w->seen;

	while (at < end && at < w->line.n && isspace(w->line.p[at]))
		at++;
	show_until(w, at);
	if (at >= end || at >= w->line.n)
		return;
	size_t mark = w->line.p[at] == '#' ? 1 : 0;
	if (w->line.p[at] == '/' && at + 1 < w->line.n &&
	    (w->line.p[at + 1] == '/' || w->line.p[at + 1] == '*'))
		mark = 2;
	show_until(w, at + mark);
	hide_until(w, end, mark == 0 ? "..." : " ...");
	if (more)
		put(w, ' ');
}

/* Shows the line word by word, hiding what may be secret. */
static void
show_words(struct showing *w, const struct source *s, unsigned line)
{
	struct veil v = veil_over(bytes_view(s->text, s->n));

	while (veil_next(&v) && v.t.line <= line) {
		if (v.t.line < line)
			continue;
		enum veil_verdict verdict = veil_judge(&v);
		/* one quote too many in the line: which ones open and which close? */
		bool swapped = s->veiled_from == line && v.t.kind == SCAN_STRING;
		show_gap(w, v.t.column - 1, true);
		if (verdict == VEIL_HIDE_REST || swapped) {
			hide_until(w, w->line.n, "***");
			return;
		}
		if (verdict == VEIL_HIDE)
			hide_until(w, v.t.column - 1 + v.t.text.n, "***");
		else
			show_until(w, v.t.column - 1 + v.t.text.n);
	}
	show_gap(w, w->line.n, false);
}

const char *
source_show(const struct source *s, unsigned line, unsigned *column, char into[static SOURCE_SHOWN])
{
	struct showing w = {.line = source_line(s, line), .into = into, .column = column};

	while (w.line.n > 0 && isspace(w.line.p[w.line.n - 1]))
		w.line.n--;
	if (s->veiled_from != 0 && line > s->veiled_from)
		hide_until(&w, w.line.n, "***");
	else
		show_words(&w, s, line);
	memcpy(into + w.n, w.n == SOURCE_SHOWN - 5 ? "..." : "", w.n == SOURCE_SHOWN - 5 ? 4 : 1);
	*column = w.at;
	return into;
}
