/*
 * common/digest.h -- hashes, HMAC, constant-time compare; the only place but entropy.c where the
 * lower floors touch OpenSSL. Pure but for a context that one thread owns.
 *
 * A context keeps fetched algorithms and the last HMAC key, so that verifying a request and
 * signing its answer with one key schedules the key once.
 */
#ifndef NATSRV_COMMON_DIGEST_H
#define NATSRV_COMMON_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"

enum digest_kind { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_KINDS };
enum { DIGEST_MAX = 32 };

struct digest;

/* NULL when OpenSSL lacks one of the algorithms or memory is short. */
struct digest *digest_new(void);
void digest_free(struct digest *d);

/* "OpenSSL 3.0.15 3 Sep 2024": what does the work, for --version. */
const char *digest_library(void);

/* 16, 20 or 32 */
size_t digest_size(enum digest_kind kind);

/* Hash of the parts one after the other. False (and a zeroed `into`) when OpenSSL fails. */
bool digest_hash(struct digest *d, enum digest_kind kind, const struct bytes *parts, unsigned n,
                 uint8_t into[static DIGEST_MAX]);

/* HMAC of the parts one after the other; SHA1 or SHA256 only. The key may have any length. */
bool digest_hmac(struct digest *d, enum digest_kind kind, struct bytes key,
                 const struct bytes *parts, unsigned n, uint8_t into[static DIGEST_MAX]);

/* Constant time; for MACs, tokens and everything else that must not leak. */
bool digest_equal(const void *a, const void *b, size_t n);

/* Overwrites memory in a way that the compiler keeps. */
void digest_wipe(void *p, size_t n);

#endif
