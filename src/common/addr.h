/*
 * common/addr.h -- pure, any thread: one transport address, IPv4 or IPv6, as the kernel takes it.
 *
 * An address that came from outside passes addr_unmap() once, so that ::ffff:a.b.c.d never
 * exists beside a.b.c.d (conformance S-049). The IPv6 scope id is kept for replies to link-local
 * clients and takes no part in comparisons; flow info is always 0.
 */
#ifndef NATSRV_COMMON_ADDR_H
#define NATSRV_COMMON_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bytes.h"

union addr {
	struct sockaddr sa;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

enum { ADDR_TEXT = 64 }; /* room for addr_text(), NUL included */

/* AF_INET, AF_INET6 or 0 for none. */
static inline int
addr_family(const union addr *a)
{
	return a->sa.sa_family;
}

static inline uint16_t
addr_port(const union addr *a)
{
	return ntohs(a->v4.sin_port); /* sin_port and sin6_port share their place */
}

static inline void
addr_set_port(union addr *a, uint16_t port)
{
	a->v4.sin_port = htons(port);
}

/* Size of the sockaddr inside, for the socket calls; 0 for none. */
static inline socklen_t
addr_size(const union addr *a)
{
	switch (a->sa.sa_family) {
	case AF_INET:
		return sizeof a->v4;
	case AF_INET6:
		return sizeof a->v6;
	default:
		return 0;
	}
}

/* The bare IP in network order: 4 or 16 bytes, a view into `a`. */
struct bytes addr_ip(const union addr *a);

/* Same IP; ports are not compared. */
bool addr_same_ip(const union addr *a, const union addr *b);

/* Same IP and port. */
bool addr_equal(const union addr *a, const union addr *b);

/* From 4 or 16 bytes in network order and a port in host order; other sizes give family 0. */
union addr addr_make(struct bytes ip, uint16_t port);

/* ::ffff:a.b.c.d becomes a.b.c.d; everything else stays. */
void addr_unmap(union addr *a);

/* Unspecified (0.0.0.0, ::) / loopback (127/8, ::1) / multicast or limited broadcast. */
bool addr_is_any(const union addr *a);
bool addr_is_loopback(const union addr *a);
bool addr_is_multicast(const union addr *a);

/*
 * Text to address. Accepts "192.0.2.1", "2001:db8::1", "[2001:db8::1]", and each with ":port"
 * (IPv6 then in brackets), "fe80::1%eth0". Without a port, `port` is used. Whole string or nothing.
 * Returns NULL or a static complaint.
 */
const char *addr_parse(const char *text, uint16_t port, union addr *into);

/* "192.0.2.1:3478", "[2001:db8::1]:3478"; "none" for family 0. Returns `into`. */
const char *addr_text(const union addr *a, char into[static ADDR_TEXT]);

/* The IP alone, "192.0.2.1". Returns `into`. */
const char *addr_ip_text(const union addr *a, char into[static ADDR_TEXT]);

/*
 * A compact key of IP and port for hashing and comparing: 6 bytes for IPv4, 18 for IPv6.
 * Returns its size; the room is ADDR_KEY bytes.
 */
enum { ADDR_KEY = 18 };
size_t addr_key(const union addr *a, uint8_t into[static ADDR_KEY]);

#endif
