#include "net/host.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned
collect(const char *interface, union addr *into, unsigned room)
{
	struct ifaddrs *all;
	unsigned n = 0;

	if (getifaddrs(&all) != 0)
		return 0;
	for (const struct ifaddrs *i = all; i != NULL && n < room; i = i->ifa_next) {
		if (i->ifa_addr == NULL || (i->ifa_flags & IFF_UP) == 0)
			continue;
		if (interface != NULL && strcmp(interface, i->ifa_name) != 0)
			continue;
		if (i->ifa_addr->sa_family == AF_INET)
			memcpy(&into[n++].v4, i->ifa_addr, sizeof into->v4);
		else if (i->ifa_addr->sa_family == AF_INET6)
			memcpy(&into[n++].v6, i->ifa_addr, sizeof into->v6);
	}
	freeifaddrs(all);
	return n;
}

unsigned
host_addresses(union addr *into, unsigned room)
{
	return collect(NULL, into, room);
}

unsigned
host_broadcasts(union addr *into, unsigned room)
{
	struct ifaddrs *all;
	unsigned n = 0;

	if (getifaddrs(&all) != 0)
		return 0;
	for (const struct ifaddrs *i = all; i != NULL && n < room; i = i->ifa_next) {
		bool has = (i->ifa_flags & IFF_BROADCAST) != 0 && i->ifa_broadaddr != NULL;

		if (has && i->ifa_broadaddr->sa_family == AF_INET)
			memcpy(&into[n++].v4, i->ifa_broadaddr, sizeof into->v4);
	}
	freeifaddrs(all);
	return n;
}

unsigned
host_interface(const char *name, union addr *into, unsigned room)
{
	return collect(name, into, room);
}

/* Connecting a datagram socket sends nothing, but makes the kernel choose route and source. */
static bool
routed(int family, union addr *into)
{
	const char *root = family == AF_INET ? "198.41.0.4" : "2001:503:ba3e::2:30";
	union addr far;
	socklen_t n = sizeof *into;
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	if (fd < 0)
		return false;
	if (addr_parse(root, 53, &far) != NULL) {
		close(fd);
		return false;
	}
	ok = connect(fd, &far.sa, addr_size(&far)) == 0 && getsockname(fd, &into->sa, &n) == 0;
	close(fd);
	if (ok)
		addr_set_port(into, 0);
	return ok;
}

static bool
usable(const union addr *a, int family)
{
	if (addr_family(a) != family || addr_is_loopback(a))
		return false;
	return family == AF_INET || !IN6_IS_ADDR_LINKLOCAL(&a->v6.sin6_addr);
}

bool
host_source(int family, union addr *into)
{
	union addr own[HOST_ADDRESSES];
	unsigned n;

	memset(into, 0, sizeof *into);
	if (routed(family, into))
		return true;
	n = host_addresses(own, HOST_ADDRESSES);
	for (unsigned pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < n; i++) {
			bool loopback = addr_family(&own[i]) == family && addr_is_loopback(&own[i]);

			if (pass == 0 ? usable(&own[i], family) : loopback) {
				*into = own[i];
				addr_set_port(into, 0);
				return true;
			}
		}
	}
	return false;
}
