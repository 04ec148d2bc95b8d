/*
 * client/credential.h -- pure but for the digest: time-limited credentials from a shared secret
 * (draft-uberti-behave-turn-rest-00; conformance T-370): name "expiry:user", password
 * base64(HMAC-SHA1(secret, name)).
 */
#ifndef NATSRV_CLIENT_CREDENTIAL_H
#define NATSRV_CLIENT_CREDENTIAL_H

#include "stun/key.h"

enum { CREDENTIAL_NAME = 509 };

struct credential { /* NUL-terminated texts; wipe it after use */
	char username[CREDENTIAL_NAME];
	char password[KEY_REST_PASSWORD];
};

/*
 * `expiry` is a Unix time; without `user` (NULL or "") the name is the expiry alone. NULL or a
 * static complaint (empty secret, name too long, the digest failed).
 */
const char *credential_mint(struct digest *d, struct bytes secret, const char *user, int64_t expiry,
                            struct credential *into);

void credential_wipe(struct credential *c);

#endif
