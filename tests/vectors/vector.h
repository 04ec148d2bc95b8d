/*
 * tests/vectors/vector.h -- the messages of this folder, for tests and fuzzers' seeds. Inputs:
 * README.md.
 */
#ifndef NATSRV_TESTS_VECTOR_H
#define NATSRV_TESTS_VECTOR_H

#include "common/bytes.h"

enum { VECTOR_MAX = 256 };

struct vector {
	const char *name; /* of the file, without ".hex" */
	const char *sha1,
		*sha256; /* which key its MESSAGE-INTEGRITY (-SHA256) is of; NULL = none there */
	bool fingerprint;
	bool sound; /* false: as printed in RFC 8489, B.1, with a wrong header length */
};

static const struct vector vectors[] = {
	{"rfc5769-2.1-request-shortterm", "short", NULL, true, true},
	{"rfc5769-2.2-response-ipv4", "short", NULL, true, true},
	{"rfc5769-2.3-response-ipv6", "short", NULL, true, true},
	{"rfc5769-2.4-request-longterm", "md5", NULL, false, true},
	{"rfc8489-B.1-as-printed", NULL, "sha256", false, false},
	{"rfc8489-B.1-erratum6268", NULL, "sha256", false, true},
	{"derived-1a-rfc8489-B.1-length-fixed-sha256-key", NULL, "sha256", false, true},
	{"derived-1b-rfc8489-B.1-length-fixed-md5-key", NULL, "md5", false, true},
	{"derived-2-longterm-sha256-userhash-full", NULL, "sha256", true, true},
	{"derived-3-longterm-md5-key-with-mi-sha256", NULL, "md5", true, true},
	{"derived-4-shortterm-mi-misha256-trailing-unknown", "short", "short", true, true},
	{"derived-5-shortterm-misha256-truncated-16", NULL, "short", true, true},
	{"derived-6-longterm-sha256-username", NULL, "sha256", true, true},
};
enum { VECTORS = sizeof vectors / sizeof vectors[0] };

/* Bytes of a vector; 0 when the file cannot be read. $srcdir names the top of the source tree. */
size_t vector_load(const char *name, uint8_t into[static VECTOR_MAX]);

#endif
