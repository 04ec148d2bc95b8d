/*
 * tests/fuzz/fuzz.h -- what a fuzz target is: one function, and the name of its corpus. The same
 * two symbols are called by libFuzzer, by AFL++ and by replay.c, so `make check` runs all corpora.
 */
#ifndef NATSRV_TESTS_FUZZ_H
#define NATSRV_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Folder below tests/fuzz/corpus. */
extern const char fuzz_name[];

/* One input. It lies in memory of exactly its size. Returns 0; a finding ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As assert(), and never compiled out. */
#define FUZZ_MUST(what)                                                                            \
	do {                                                                                       \
		if (!(what)) {                                                                     \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what);  \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif
