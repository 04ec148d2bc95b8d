/*
 * net/sock.h -- sockets as this house wants them: non-blocking, close-on-exec, IPv6-only for IPv6.
 * Any thread. Everything returns 0 (or a descriptor) or -errno.
 */
#ifndef NATSRV_NET_SOCK_H
#define NATSRV_NET_SOCK_H

#include <stdbool.h>

#include "common/addr.h"

/*
 * A UDP socket to listen on, bound: it reports the address each packet was sent to when that is
 * any-address, and receives coalesced (UDP_GRO). The `first` one on an address needs it for
 * itself; further ones of the same user share its packets by flow (SO_REUSEPORT). `buffer`: of
 * receiving and sending in bytes, 0 = as is.
 */
int sock_listen_udp(const union addr *at, size_t buffer, bool first);

/* A UDP socket for a relayed transport address, not yet bound. `buffer` as above. */
int sock_relay_udp(int family, size_t buffer);

/* Exclusively. 0 or -errno; after -EADDRINUSE another address may be tried. */
int sock_bind(int fd, const union addr *at);

/* The receive buffer of a socket, in the bytes that one asks for; 0 on error. */
size_t sock_receive_buffer(int fd);

/*
 * How many datagrams the kernel has dropped so far because the receive buffer was full; wraps.
 * (SO_RXQ_OVFL would tell with every packet, and cost with every packet.)
 */
uint32_t sock_lost(int fd);

/* Could this address be bound now? 0 or -errno. */
int sock_probe_udp(const union addr *at);

#endif
