#include "net/mailbox.h"

#include "socks.h"

#include <pthread.h>
#include <stdlib.h>

enum { SENDERS = 4, EACH = 5000 };

struct note {
	struct letter letter;
	int number;
};

struct office {
	struct loop *loop;
	struct mailbox *box;
	unsigned read;
	int last[SENDERS];
};

static void
on_letter(struct letter *l, void *ctx)
{
	struct office *o = ctx;
	struct note *n = (struct note *)l;

	assert_int_equal(n->number, o->last[l->kind] + 1); /* in order, for each sender */
	o->last[l->kind] = n->number;
	free(n);
	if (++o->read == SENDERS * EACH)
		loop_stop(o->loop);
}

struct sender {
	pthread_t thread;
	struct office *office;
	int number;
};

static void *
send_all(void *arg)
{
	struct sender *s = arg;

	for (int i = 1; i <= EACH; i++) {
		struct note *n = calloc(1, sizeof *n);

		n->letter.kind = s->number;
		n->number = i;
		if (!mailbox_post(s->office->box, &n->letter, true))
			abort();
	}
	return NULL;
}

static void
test_threads(void **state)
{
	struct office o = {.loop = loop_new(NULL, NULL)};
	struct sender sender[SENDERS];

	(void)state;
	o.box = mailbox_new(o.loop, 1, on_letter, &o);
	for (int i = 0; i < SENDERS; i++) {
		sender[i] = (struct sender){.office = &o, .number = i};
		assert_int_equal(pthread_create(&sender[i].thread, NULL, send_all, &sender[i]), 0);
	}
	loop_run(o.loop);
	for (int i = 0; i < SENDERS; i++)
		pthread_join(sender[i].thread, NULL);
	assert_int_equal(o.read, SENDERS * EACH);
	mailbox_free(o.box);
	loop_free(o.loop);
}

/* A full box refuses packets, never orders; unread letters are freed with the box. */
static void
test_bound(void **state)
{
	struct office o = {.loop = loop_new(NULL, NULL)};
	struct note *n = NULL;

	(void)state;
	o.box = mailbox_new(o.loop, 2, on_letter, &o);
	for (int i = 0; i < 2; i++) {
		n = calloc(1, sizeof *n);
		assert_true(mailbox_post(o.box, &n->letter, false));
	}
	n = calloc(1, sizeof *n);
	assert_false(mailbox_post(o.box, &n->letter, false));
	assert_true(mailbox_post(o.box, &n->letter, true));
	mailbox_free(o.box);
	mailbox_free(NULL);
	loop_free(o.loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_threads), cmocka_unit_test(test_bound)};

	return cmocka_run_group_tests_name("net/mailbox", tests, NULL, NULL);
}
