/*
 * client/request.h -- pure: the bytes of the request in flight. Part of the client machine; nobody
 * but turnc.c calls it.
 */
#ifndef NATSRV_CLIENT_REQUEST_H
#define NATSRV_CLIENT_REQUEST_H

#include "client/state.h"

/*
 * A function of the machine's state, which stands still while a transaction runs: every repetition
 * has the same bits (RFC 8489, 6.2.1), and none need be kept. Its size, or 0 when it does not fit.
 */
size_t request_build(const struct turnc *t, void *buf, size_t cap);

#endif
