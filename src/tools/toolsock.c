#include "tools/toolsock.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/entropy.h"

enum {
	WAIT_MAX = 60 * 1000,
	RELAY_PORTS = 49152,
	LOW_PORTS = 16384,
	LOW_PORTS_END = 32768,
	LOW_TRIES = 64,
};

static void
keep(struct toolsock_list *list, const struct sockaddr *sa, socklen_t n)
{
	union addr a = {.sa = {.sa_family = 0}};

	if (n > sizeof a || list->n == TOOLSOCK_ADDRS)
		return;
	memcpy(&a, sa, n);
	addr_unmap(&a);
	for (unsigned i = 0; i < list->n; i++)
		if (addr_equal(&list->at[i], &a))
			return;
	list->at[list->n++] = a;
}

const char *
toolsock_resolve(const char *host, uint16_t port, int family, struct toolsock_list *into)
{
	const struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_DGRAM};
	struct addrinfo *found;

	*into = (struct toolsock_list){.n = 0};
	int wrong = getaddrinfo(host, NULL, &hints, &found);
	if (wrong != 0)
		return gai_strerror(wrong);
	for (const struct addrinfo *a = found; a != NULL; a = a->ai_next)
		if (a->ai_family == AF_INET || a->ai_family == AF_INET6)
			keep(into, a->ai_addr, a->ai_addrlen);
	freeaddrinfo(found);
	for (unsigned i = 0; i < into->n; i++)
		addr_set_port(&into->at[i], port);
	return into->n == 0 ? "there is no address" : NULL;
}

int
toolsock_udp(int family, const union addr *local, int buffer)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0)
		return -errno;
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
	if (buffer > 0) { /* the kernel gives what it may */
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
	}
	if (local != NULL && bind(fd, &local->sa, addr_size(local)) != 0) {
		int wrong = errno;

		close(fd);
		return -wrong;
	}
	return fd;
}

static int
connected(const union addr *to, const union addr *local, int buffer)
{
	int fd = toolsock_udp(addr_family(to), local, buffer);

	if (fd >= 0 && connect(fd, &to->sa, addr_size(to)) != 0) {
		int wrong = errno;

		close(fd);
		return -wrong;
	}
	return fd;
}

int
toolsock_udp_to(const union addr *to, int buffer)
{
	int fd = connected(to, NULL, buffer);
	union addr local;

	if (fd < 0 || toolsock_local(fd, &local) != 0 || !addr_same_ip(&local, to))
		return fd;
	for (unsigned i = 0; i < LOW_TRIES && addr_port(&local) >= RELAY_PORTS; i++) {
		uint16_t random;

		entropy_fill(&random, sizeof random);
		addr_set_port(&local, (uint16_t)(LOW_PORTS + random % (LOW_PORTS_END - LOW_PORTS)));
		int low = connected(to, &local, buffer);
		if (low < 0) { /* taken: another one */
			addr_set_port(&local, RELAY_PORTS);
			continue;
		}
		close(fd);
		fd = low;
	}
	return fd;
}

int
toolsock_local(int fd, union addr *into)
{
	socklen_t n = sizeof *into;

	*into = (union addr){.sa = {.sa_family = 0}};
	if (getsockname(fd, &into->sa, &n) != 0)
		return -errno;
	addr_unmap(into);
	return 0;
}

int
toolsock_send(int fd, const union addr *to, struct bytes packet)
{
	ssize_t n = sendto(fd, packet.p, packet.n, MSG_NOSIGNAL, to == NULL ? NULL : &to->sa,
	                   to == NULL ? 0 : addr_size(to));

	return n < 0 ? -errno : 0;
}

long
toolsock_recv(int fd, void *buf, size_t cap, union addr *from)
{
	union addr source = {.sa = {.sa_family = 0}};
	socklen_t size = sizeof source;
	ssize_t n = recvfrom(fd, buf, cap, 0, &source.sa, &size);

	if (n < 0)
		return -errno;
	addr_unmap(&source);
	if (from != NULL)
		*from = source;
	return (long)n;
}

int
toolsock_wait(struct pollfd *p, unsigned n, msec deadline)
{
	msec now = clock_now().mono;
	msec left = deadline <= now ? 0 : deadline - now;
	int ready = poll(p, n, left > WAIT_MAX ? WAIT_MAX : (int)left);

	return ready < 0 ? -errno : ready;
}

void
toolsock_close(int fd)
{
	if (fd >= 0)
		close(fd);
}
