/*
 * tests/vectors/rebuild.h -- the way back: attributes of a parsed message, read by kind and written
 * by the builder. Shared by the vector test and the fuzzer of the parser.
 */
#ifndef NATSRV_TESTS_REBUILD_H
#define NATSRV_TESTS_REBUILD_H

#include "stun/build.h"
#include "stun/parse.h"

/* Appends attribute `a` of `m` (its first occurrence): by meaning where it is sound, else as bytes.
 */
void rebuild_attr(struct build *b, const struct parse *m, enum stun_attr a);

/* Do both messages say the same by attribute `a`? */
bool rebuild_same(const struct parse *one, const struct parse *other, enum stun_attr a);

#endif
