#include "server/lines.h"

#include <ctype.h>
#include <errno.h>
#include <sys/stat.h>

int
lines_open(struct lines *l, const char *path)
{
	struct stat st;
	int error;

	*l = (struct lines){0};
	error = source_open(path, &l->source);
	if (error != 0)
		return error;
	l->veil = source_veiled(path);
	if (l->veil == NULL) {
		source_free(l->source);
		return -ENOMEM;
	}
	l->public = stat(path, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & S_IROTH) != 0;
	return 0;
}

void
lines_close(struct lines *l)
{
	source_free(l->source);
	source_free(l->veil);
	*l = (struct lines){0};
}

static struct bytes
trim(struct bytes b)
{
	while (b.n > 0 && isspace(b.p[0]))
		b = bytes_view(b.p + 1, b.n - 1);
	while (b.n > 0 && isspace(b.p[b.n - 1]))
		b.n--;
	return b;
}

bool
lines_next(struct lines *l, struct bytes *entry)
{
	const struct source *s = l->source;

	while (l->at < s->n) {
		const char *from = s->text + l->at;
		const char *eol = memchr(from, '\n', s->n - l->at);
		size_t n = eol == NULL ? s->n - l->at : (size_t)(eol - from);

		l->at += n + (eol != NULL);
		l->line++;
		*entry = trim(bytes_view(from, n));
		if (entry->n > 0)
			return true;
	}
	return false;
}

struct origin
lines_origin(const struct lines *l)
{
	return (struct origin){.source = l->veil, .line = l->line};
}
