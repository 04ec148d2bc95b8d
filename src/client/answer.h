/*
 * client/answer.h -- pure, one owner: what an answer to the request in flight means. Part of the
 * client machine; nobody but turnc.c calls it.
 */
#ifndef NATSRV_CLIENT_ANSWER_H
#define NATSRV_CLIENT_ANSWER_H

#include "client/state.h"

enum { /* besides the outcomes of an operation, turnc.h */
	ANSWER_IGNORE = -100, /* as if it had never come */
	ANSWER_AGAIN = -101,  /* another transaction of this operation at t->again_at */
};

/*
 * `m` belongs to the transaction in flight. Updates what the machine knows (addresses, lifetime,
 * challenge). ev->peer becomes the alternate server of a 300.
 */
int answer_judge(struct turnc *t, const struct parse *m, msec now, struct turnc_event *ev);

#endif
