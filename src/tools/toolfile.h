/*
 * tools/toolfile.h -- tools, own process: secrets from files, so that they are never in argv.
 */
#ifndef NATSRV_TOOLS_TOOLFILE_H
#define NATSRV_TOOLS_TOOLFILE_H

#include <stddef.h>

#include "common/bytes.h"

enum { TOOLFILE_SECRET = 1024 };

struct toolfile_secret {
	size_t n;
	uint8_t b[TOOLFILE_SECRET];
};

/*
 * The first line of a file, without its line end. 0 or -errno; -ENODATA: empty; -EFBIG: longer than
 * TOOLFILE_SECRET; -EILSEQ: more than one line.
 */
int toolfile_secret(const char *path, struct toolfile_secret *into);

/* What such an error means, for people; static text. */
const char *toolfile_complaint(int wrong);

#endif
