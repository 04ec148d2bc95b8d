/*
 * net/loop.h -- one thread's event loop, on libevent. Everything here belongs to the thread that
 * runs the loop, except loop_stop() by way of a mailbox (mailbox.h).
 *
 * After every round of events the loop calls `after`: that is where a batch of packets leaves
 * (design.md, life of a packet: answered in the same iteration, never deferred to a timer).
 */
#ifndef NATSRV_NET_LOOP_H
#define NATSRV_NET_LOOP_H

#include <event2/event_struct.h>
#include <stdbool.h>

#include "common/wheel.h"

struct loop;

struct loop_watch { /* a descriptor that is watched for reading; lives in its owner */
	struct event event;
	void (*ready)(void *ctx);
	void *ctx;
};

/* NULL when libevent or memory fails. `after` may be NULL. */
struct loop *loop_new(void (*after)(void *ctx), void *ctx);
void loop_free(struct loop *l);

/* "2.1.12-stable": libevent's version, for --version. */
const char *loop_library(void);

/* Runs until loop_stop(). */
void loop_run(struct loop *l);
void loop_stop(struct loop *l);

/*
 * Calls ready(ctx) while `fd` is readable (level-triggered: read what one call gives, come again).
 * 0 or -errno. The watch must stay in place until loop_unwatch(), which is harmless on a zeroed
 * one.
 */
int loop_watch(struct loop *l, struct loop_watch *w, int fd, void (*ready)(void *ctx), void *ctx);
void loop_unwatch(struct loop_watch *w);

/* One timer per loop: calls wake(ctx) once, `delay` ms from now; a new call replaces the old. */
int loop_timer_init(struct loop *l, void (*wake)(void *ctx), void *ctx);
void loop_timer_set(struct loop *l, msec delay);

#endif
