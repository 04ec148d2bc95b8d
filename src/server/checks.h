/*
 * server/checks.h -- main thread, start-up and reload: what no single setting can know, the
 * settings against each other. Errors and warnings go to `c`.
 */
#ifndef NATSRV_SERVER_CHECKS_H
#define NATSRV_SERVER_CHECKS_H

#include "common/bytes.h"
#include "server/settings.h"

void checks_run(const struct settings *s, struct complaints *c);

/*
 * Is this a secret that an attacker would try first: too short, or printed in somebody's manual?
 * NULL when it is good, else what is wrong with it, without the secret.
 */
const char *checks_secret(struct bytes secret);

/* The same for the password of one user, which may be short; empty is none and good. */
const char *checks_password(struct bytes password);

#endif
