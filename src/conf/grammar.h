/*
 * conf/grammar.h -- pure, any thread: where exactly a configuration text stops being one, and what
 * its writer most likely meant. libconfig says only "syntax error" and a line.
 */
#ifndef NATSRV_CONF_GRAMMAR_H
#define NATSRV_CONF_GRAMMAR_H

#include "conf/scan.h"

enum { GRAMMAR_DEPTH = 32, GRAMMAR_TEXT = 200 };

struct offence {
	unsigned line, column;   /* line 0: none */
	char what[GRAMMAR_TEXT]; /* "a comma before ')'"; never holds a string of the text */
	char hint[GRAMMAR_TEXT]; /* may be empty */
};

/* The first offence, if any. True when there is none. */
bool grammar_check(struct bytes text, struct offence *first);

#endif
