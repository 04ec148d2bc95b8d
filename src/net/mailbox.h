/*
 * net/mailbox.h -- letters between threads. mailbox_post(): any thread; all else: the owner.
 *
 * A letter is a heap object that begins with a struct letter; posting hands it over. The box is
 * bounded: a full box refuses, and the sender keeps the letter (packets are dropped and counted,
 * orders are never refused).
 */
#ifndef NATSRV_NET_MAILBOX_H
#define NATSRV_NET_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "net/loop.h"

struct letter {
	struct letter *next;
	int kind; /* whatever sender and owner agreed on */
};

struct mailbox;

/*
 * `read` gets each letter, in order of posting, and owns it. NULL when the kernel or memory fails.
 */
struct mailbox *mailbox_new(struct loop *l, size_t bound, void (*read)(struct letter *, void *ctx),
                            void *ctx);

/* Frees the box and, with free(), the letters nobody read. No one may post any more. */
void mailbox_free(struct mailbox *m);

/* False when the box is full and the letter is not `urgent`. */
bool mailbox_post(struct mailbox *m, struct letter *letter, bool urgent);

#endif
