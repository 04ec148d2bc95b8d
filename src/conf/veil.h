/*
 * conf/veil.h -- pure, any thread: which words of a configuration text must not be shown, because
 * they may be secrets (security E13).
 *
 * Names cannot be trusted, for a complaint is about a text that is wrong: the key may be misspelt,
 * the value of another shape, the group another one. So whole settings of the top level are veiled:
 * those that are called like "auth", and those in which any name looks like a credential. Their
 * values are hidden, all of them; names, brackets, true and false stay.
 */
#ifndef NATSRV_CONF_VEIL_H
#define NATSRV_CONF_VEIL_H

#include "conf/scan.h"

enum { VEIL_DEPTH = 64 };

struct veil {
	struct token t;          /* the current word */
	struct token prev, next; /* its neighbours */
	struct scan scan;
	struct bytes group;    /* the name of the setting of the top level that the word is in */
	char open[VEIL_DEPTH]; /* brackets around the word */
	unsigned depth;
	bool starts, head; /* is it the first word of that setting; is it before its '=' */
	bool veiled;
};

/* A walk along the words. veil_next() is false at the end of the text. */
struct veil veil_over(struct bytes text);
bool veil_next(struct veil *v);

enum veil_verdict {
	VEIL_SHOW,
	VEIL_HIDE,      /* this word */
	VEIL_HIDE_REST, /* a value without quotes: who knows where it ends in the line */
};

/* About the current word. */
enum veil_verdict veil_judge(const struct veil *v);

/* Does this name sound like one of a credential? */
bool veil_sounds_secret(struct bytes name);

/*
 * Might there be a credential at all? Letters are searched, not names, for a text in which a lost
 * quote has swapped what is inside of quotes and outside.
 */
bool veil_needed(const char *text);

#endif
