/*
 * server/bind.h -- main thread, start-up and reload: from the words of a listener's address to
 * addresses that can be bound.
 */
#ifndef NATSRV_SERVER_BIND_H
#define NATSRV_SERVER_BIND_H

#include "server/settings.h"

/*
 * Fills at and at_n of every listener; complains about what is no address of a listener and about
 * endpoints that are there twice. 0 or -ENOMEM.
 */
int bind_resolve(struct settings *s, struct complaints *c);

#endif
