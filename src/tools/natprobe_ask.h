/*
 * tools/natprobe_ask.h -- natprobe, one thread: Binding requests to one address, and what follows
 * from the answers.
 */
#ifndef NATSRV_TOOLS_NATPROBE_ASK_H
#define NATSRV_TOOLS_NATPROBE_ASK_H

#include "common/entropy.h"
#include "client/turnc.h"

enum { NATPROBE_SAMPLES = 100 };

struct natprobe_how {
	unsigned count;          /* of Binding transactions, at most NATPROBE_SAMPLES */
	uint64_t interval;       /* milliseconds between them */
	const struct turnc_env *env;
	const struct turnc_want *want;
};

struct natprobe_found { /* about one address of one server */
	const char *host;        /* as the user wrote it; set by the caller */
	union addr server;       /* set by the caller; family 0: the name gave none */
	const char *complaint;   /* why it was not even asked; static; NULL = it was */
	int outcome, wrong;      /* of the first transaction that failed; -errno of the socket */
	unsigned sent, received; /* transactions */
	unsigned timed;          /* of these, answered at the first try: others have no clear RTT */
	double rtt_ms[NATPROBE_SAMPLES]; /* sorted */
	union addr local, mapped;
};

/* Fills the rest of `f`. */
void natprobe_ask(const struct natprobe_how *how, struct natprobe_found *f);

static inline bool
natprobe_ask_works(const struct natprobe_found *f)
{
	return f->received > 0;
}

/* Does something between here and there translate addresses? Only when it works. */
static inline bool
natprobe_ask_nat(const struct natprobe_found *f)
{
	return !addr_same_ip(&f->local, &f->mapped);
}

#endif
