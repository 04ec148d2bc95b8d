/*
 * net/host.h -- start-up: the addresses of this host.
 */
#ifndef NATSRV_NET_HOST_H
#define NATSRV_NET_HOST_H

#include <stdbool.h>

#include "common/addr.h"

/*
 * The address from which this host would speak to the Internet (AF_INET, AF_INET6): the source
 * of the default route, else the first global address of an interface, else the loopback
 * address. Port 0. False when the family does not work at all. Sends nothing.
 */
bool host_source(int family, union addr *into);

enum { HOST_ADDRESSES = 256 }; /* as much room as most hosts will ever need */

/* Every address of every interface that is up, port 0. Returns how many, at most `room`. */
unsigned host_addresses(union addr *into, unsigned room);

/* The broadcast addresses of their IPv4 subnets. Returns how many, at most `room`. */
unsigned host_broadcasts(union addr *into, unsigned room);

/* The addresses of one interface ("eth0"). Returns how many. */
unsigned host_interface(const char *name, union addr *into, unsigned room);

#endif
