#include "net/mailbox.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct mailbox {
	pthread_mutex_t lock; /* guards first, last, waiting */
	struct letter *first, **last;
	size_t waiting, bound;
	int wake; /* eventfd: readable while letters wait */
	struct loop_watch watch;
	void (*read)(struct letter *, void *ctx);
	void *ctx;
};

static void
open_letters(void *arg)
{
	struct mailbox *m = arg;
	struct letter *l, *next;
	uint64_t pokes;

	while (read(m->wake, &pokes, sizeof pokes) < 0 && errno == EINTR)
		;
	pthread_mutex_lock(&m->lock);
	l = m->first;
	m->first = NULL;
	m->last = &m->first;
	m->waiting = 0;
	pthread_mutex_unlock(&m->lock);
	for (; l != NULL; l = next) {
		next = l->next;
		m->read(l, m->ctx);
	}
}

struct mailbox *
mailbox_new(struct loop *l, size_t bound, void (*read)(struct letter *, void *ctx), void *ctx)
{
	struct mailbox *m = calloc(1, sizeof *m);

	if (m == NULL)
		return NULL;
	m->bound = bound;
	m->read = read;
	m->ctx = ctx;
	m->last = &m->first;
	m->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (m->wake < 0)
		goto no_eventfd;
	if (pthread_mutex_init(&m->lock, NULL) != 0)
		goto no_lock;
	if (loop_watch(l, &m->watch, m->wake, open_letters, m) != 0)
		goto no_watch;
	return m;
no_watch:
	pthread_mutex_destroy(&m->lock);
no_lock:
	close(m->wake);
no_eventfd:
	free(m);
	return NULL;
}

void
mailbox_free(struct mailbox *m)
{
	struct letter *l, *next;

	if (m == NULL)
		return;
	loop_unwatch(&m->watch);
	for (l = m->first; l != NULL; l = next) {
		next = l->next;
		free(l);
	}
	close(m->wake);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

bool
mailbox_post(struct mailbox *m, struct letter *letter, bool urgent)
{
	uint64_t poke = 1;
	bool first, room;

	letter->next = NULL;
	pthread_mutex_lock(&m->lock);
	first = m->first == NULL;
	room = urgent || m->waiting < m->bound;
	if (room) {
		*m->last = letter;
		m->last = &letter->next;
		m->waiting++;
	}
	pthread_mutex_unlock(&m->lock);
	/* Only the first letter pokes: the reader takes the whole queue at once. */
	while (room && first && write(m->wake, &poke, sizeof poke) < 0 && errno == EINTR)
		;
	return room;
}
