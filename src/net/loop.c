#include "net/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

struct loop {
	struct event_base *base;
	struct event timer;
	void (*after)(void *ctx);
	void *after_ctx;
	void (*wake)(void *ctx);
	void *wake_ctx;
	bool stop;
};

/* libevent gives up (no descriptor for its own wake-up, say): a system error, not exit(1). */
static void
on_fatal(int error)
{
	(void)error;
	_exit(EX_OSERR);
}

/* What libevent would write to stderr comes back as an error anyway; a worker never waits there. */
static void
on_message(int severity, const char *text)
{
	(void)severity;
	(void)text;
}

struct loop *
loop_new(void (*after)(void *ctx), void *ctx)
{
	struct loop *l = calloc(1, sizeof *l);
	struct event_config *config = event_config_new();

	if (l == NULL || config == NULL)
		goto fail;
	event_set_fatal_callback(on_fatal);
	event_set_log_callback(on_message);
	/* The base is its thread's alone; other threads write to a mailbox instead. */
	event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
	event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
	l->base = event_base_new_with_config(config);
	if (l->base == NULL)
		goto fail;
	event_config_free(config);
	l->after = after;
	l->after_ctx = ctx;
	return l;
fail:
	if (config != NULL)
		event_config_free(config);
	free(l);
	return NULL;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	if (l->wake != NULL)
		event_del(&l->timer);
	event_base_free(l->base);
	free(l);
}

const char *
loop_library(void)
{
	return event_get_version();
}

void
loop_run(struct loop *l)
{
	l->stop = false;
	while (!l->stop) {
		/* The kernel refuses to wait: a worker that is silently gone would be worse. */
		if (event_base_loop(l->base, EVLOOP_ONCE) != 0)
			_exit(EX_OSERR);
		if (l->after != NULL)
			l->after(l->after_ctx);
	}
}

void
loop_stop(struct loop *l)
{
	l->stop = true;
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct loop_watch *w = arg;

	(void)fd;
	(void)what;
	w->ready(w->ctx);
}

int
loop_watch(struct loop *l, struct loop_watch *w, int fd, void (*ready)(void *ctx), void *ctx)
{
	w->ready = ready;
	w->ctx = ctx;
	if (event_assign(&w->event, l->base, fd, EV_READ | EV_PERSIST, on_ready, w) != 0)
		return -EINVAL;
	if (event_add(&w->event, NULL) != 0) {
		w->ready = NULL;
		return errno != 0 ? -errno : -ENOMEM;
	}
	return 0;
}

void
loop_unwatch(struct loop_watch *w)
{
	if (w->ready == NULL)
		return;
	event_del(&w->event);
	w->ready = NULL;
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;

	(void)fd;
	(void)what;
	l->wake(l->wake_ctx);
}

int
loop_timer_init(struct loop *l, void (*wake)(void *ctx), void *ctx)
{
	if (evtimer_assign(&l->timer, l->base, on_timer, l) != 0)
		return -EINVAL;
	l->wake = wake;
	l->wake_ctx = ctx;
	return 0;
}

void
loop_timer_set(struct loop *l, msec delay)
{
	struct timeval tv = {
		.tv_sec = (time_t)(delay / 1000),
		.tv_usec = (suseconds_t)(delay % 1000 * 1000),
	};

	evtimer_add(&l->timer, &tv);
}
