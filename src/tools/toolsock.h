/*
 * tools/toolsock.h -- tools, own process: names to addresses, UDP sockets and waiting, for the
 * programs that are a socket, a machine and a clock (natping, natprobe, natload).
 *
 * Sockets are non-blocking and close-on-exec. Addresses come out unmapped.
 */
#ifndef NATSRV_TOOLS_TOOLSOCK_H
#define NATSRV_TOOLS_TOOLSOCK_H

#include <poll.h>

#include "common/addr.h"
#include "common/bytes.h"
#include "common/wheel.h"

enum { TOOLSOCK_ADDRS = 8 };

struct toolsock_list {
	unsigned n;
	union addr at[TOOLSOCK_ADDRS];
};

/*
 * A name or an address literal, through the system's resolver; each address once, in its order.
 * `family` AF_INET, AF_INET6 or AF_UNSPEC. NULL, or a static complaint of the resolver's.
 */
const char *toolsock_resolve(const char *host, uint16_t port, int family,
                             struct toolsock_list *into);

/* A UDP socket bound to `local` (NULL: any address, any port) with buffers of about `buffer` bytes
 * (0: the system's). The descriptor, or -errno. */
int toolsock_udp(int family, const union addr *local, int buffer);

/* The same, connected, so that only `to` is heard and ICMP errors come back as -ECONNREFUSED
 * (nobody listens) or -EHOSTUNREACH (a firewall rejects). On the server's own host the port is
 * below 49152: a server takes a client in its own relay range for a loop and refuses it with 403
 * (security A12). The descriptor, or -errno. */
int toolsock_udp_to(const union addr *to, int buffer);

/* The address the socket has. 0 or -errno. */
int toolsock_local(int fd, union addr *into);

/* `to` NULL on a connected socket. 0 or -errno; -EAGAIN: the send buffer is full. */
int toolsock_send(int fd, const union addr *to, struct bytes packet);

/* Size of the datagram, or -errno; -EAGAIN: nothing there. `from` may be NULL. */
long toolsock_recv(int fd, void *buf, size_t cap, union addr *from);

/* poll() until `deadline` of clock_now().mono, or a minute. Ready sockets, 0, or -errno. */
int toolsock_wait(struct pollfd *p, unsigned n, msec deadline);

void toolsock_close(int fd); /* -1 is harmless */

#endif
