/*
 * server/credentials.h -- main thread, start-up and reload: secrets, users and nonce keys from the
 * settings and from the files that they name. No complaint ever shows a secret.
 */
#ifndef NATSRV_SERVER_CREDENTIALS_H
#define NATSRV_SERVER_CREDENTIALS_H

#include "common/digest.h"
#include "stun/nonce.h"
#include "turn/keyring.h"
#include "server/settings.h"

/* Fills the ring; mistakes go to `c`, also that there is no credential where one is needed. */
void credentials_load(const struct settings *s, struct keyring *k, struct digest *d,
                      struct complaints *c);

/* From auth.nonce_key_file, or random. */
void credentials_nonce_keys(const struct settings *s, struct digest *d, struct nonce_keys *into,
                            struct complaints *c);

#endif
