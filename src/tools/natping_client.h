/*
 * tools/natping_client.h -- natping, one thread: a client machine with its socket.
 */
#ifndef NATSRV_TOOLS_NATPING_CLIENT_H
#define NATSRV_TOOLS_NATPING_CLIENT_H

#include "tools/natping_state.h"

/* A socket connected to `server`, and a machine on it. 0 or -errno. */
int natping_client_open(struct natping *p, struct natping_client *c, const struct turnc_want *want,
                        const union addr *server);

void natping_client_close(struct natping_client *c);

/*
 * Sends what is due, takes in at most one datagram. False when there was nothing to do. `ev` is
 * always written; its data lies in p->packet.
 */
bool natping_client_pump(struct natping *p, struct natping_client *c, struct turnc_event *ev);

/* Sleeps until one of the clients has something to do, at most until `until`. */
void natping_client_wait(struct natping_client *const *c, unsigned n, msec until);

/* Until the operation has ended, or the time that the user grants is over. Its outcome. */
int natping_client_await(struct natping *p, struct natping_client *c, enum turnc_op op,
                         struct turnc_event *ev);

#endif
