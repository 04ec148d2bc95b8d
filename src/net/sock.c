#include "net/sock.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef UDP_GRO
#define UDP_GRO 104
#endif

static int
set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof value) == 0 ? 0 : -errno;
}

static int
open_udp(int family)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (family == AF_INET6 && set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) != 0) {
		close(fd);
		return -EAFNOSUPPORT;
	}
	return fd;
}

/*
 * Datagrams go on as they came: the kernel may fragment, it must not set DF on its own account
 * (RFC 8656, 14). Kernels without an option work without it.
 */
static void
tune(int fd, int family)
{
	if (family == AF_INET)
		set(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
	else
		set(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
	set(fd, IPPROTO_UDP, UDP_GRO, 1);
}

static int
bytes_of(size_t buffer)
{
	return buffer > INT32_MAX / 2 ? INT32_MAX / 2 : (int)buffer;
}

static void
widen(int fd, size_t buffer)
{
	if (buffer == 0)
		return;
	set(fd, SOL_SOCKET, SO_RCVBUF, bytes_of(buffer));
	set(fd, SOL_SOCKET, SO_SNDBUF, bytes_of(buffer));
}

/* Before the first bind the port must be ours alone; afterwards the other shards may join. */
static int
bind_shared(int fd, const union addr *at, bool first)
{
	int error = first ? 0 : set(fd, SOL_SOCKET, SO_REUSEPORT, 1);

	if (error == 0)
		error = sock_bind(fd, at);
	if (error == 0 && first)
		error = set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	return error;
}

int
sock_listen_udp(const union addr *at, size_t buffer, bool first)
{
	int family = addr_family(at), fd = open_udp(family), error = 0;

	if (fd < 0)
		return fd;
	if (addr_is_any(at) && family == AF_INET)
		error = set(fd, IPPROTO_IP, IP_PKTINFO, 1);
	if (addr_is_any(at) && family == AF_INET6)
		error = set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
	if (error == 0)
		error = bind_shared(fd, at, first);
	if (error != 0) {
		close(fd);
		return error;
	}
	tune(fd, family);
	widen(fd, buffer);
	if (sock_receive_buffer(fd) < buffer) /* beyond net.core.rmem_max, with CAP_NET_ADMIN */
		set(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes_of(buffer));
	return fd;
}

int
sock_relay_udp(int family, size_t buffer)
{
	int fd = open_udp(family);

	if (fd < 0)
		return fd;
	tune(fd, family);
	widen(fd, buffer);
	return fd;
}

int
sock_bind(int fd, const union addr *at)
{
	return bind(fd, &at->sa, addr_size(at)) == 0 ? 0 : -errno;
}

size_t
sock_receive_buffer(int fd)
{
	int bytes = 0;
	socklen_t n = sizeof bytes;

	if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &n) != 0 || bytes < 0)
		return 0;
	return (size_t)bytes / 2; /* the kernel doubles what it is asked for */
}

uint32_t
sock_lost(int fd)
{
	uint32_t info[SK_MEMINFO_VARS] = {0};
	socklen_t n = sizeof info;

	return getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &n) == 0 ? info[SK_MEMINFO_DROPS] : 0;
}

int
sock_probe_udp(const union addr *at)
{
	int fd = open_udp(addr_family(at)), error;

	if (fd < 0)
		return fd;
	error = sock_bind(fd, at);
	close(fd);
	return error;
}
