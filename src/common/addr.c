#include "common/addr.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>

#include "common/text.h"

static const uint8_t mapped_prefix[12] = {[10] = 0xff, [11] = 0xff};

struct bytes
addr_ip(const union addr *a)
{
	switch (a->sa.sa_family) {
	case AF_INET:
		return bytes_view(&a->v4.sin_addr, 4);
	case AF_INET6:
		return bytes_view(&a->v6.sin6_addr, 16);
	default:
		return BYTES_NONE;
	}
}

bool
addr_same_ip(const union addr *a, const union addr *b)
{
	return a->sa.sa_family == b->sa.sa_family && bytes_equal(addr_ip(a), addr_ip(b));
}

bool
addr_equal(const union addr *a, const union addr *b)
{
	/* Two addresses of no family have no port that would mean anything. */
	return addr_same_ip(a, b) && (a->sa.sa_family == 0 || a->v4.sin_port == b->v4.sin_port);
}

union addr
addr_make(struct bytes ip, uint16_t port)
{
	union addr a;

	memset(&a, 0, sizeof a);
	if (ip.n == 4) {
		a.v4.sin_family = AF_INET;
		memcpy(&a.v4.sin_addr, ip.p, 4);
	} else if (ip.n == 16) {
		a.v6.sin6_family = AF_INET6;
		memcpy(&a.v6.sin6_addr, ip.p, 16);
	} else {
		return a;
	}
	addr_set_port(&a, port);
	return a;
}

void
addr_unmap(union addr *a)
{
	if (a->sa.sa_family != AF_INET6)
		return;

	uint8_t ip[16];
	memcpy(ip, &a->v6.sin6_addr, sizeof ip);
	if (memcmp(ip, mapped_prefix, sizeof mapped_prefix) == 0)
		*a = addr_make(bytes_view(ip + 12, 4), addr_port(a));
}

bool
addr_is_any(const union addr *a)
{
	static const uint8_t zero[16];
	struct bytes ip = addr_ip(a);

	return ip.n > 0 && memcmp(ip.p, zero, ip.n) == 0;
}

bool
addr_is_loopback(const union addr *a)
{
	static const uint8_t one[16] = {[15] = 1};
	struct bytes ip = addr_ip(a);

	if (ip.n == 4)
		return ip.p[0] == 127;
	return ip.n == 16 && memcmp(ip.p, one, 16) == 0;
}

bool
addr_is_multicast(const union addr *a)
{
	struct bytes ip = addr_ip(a);

	if (ip.n == 4)
		return (ip.p[0] & 0xf0) == 0xe0 || bytes_u32(ip.p) == 0xffffffff;
	return ip.n == 16 && ip.p[0] == 0xff;
}

/* The interface of a link-local address, by name or number. NULL or a complaint. */
static const char *
parse_zone(const char *zone, struct sockaddr_in6 *into)
{
	const uint8_t *ip = into->sin6_addr.s6_addr;
	bool unicast = ip[0] == 0xfe && (ip[1] & 0xc0) == 0x80;
	bool multicast = ip[0] == 0xff && (ip[1] & 0x0f) == 2;
	int64_t number;

	if (!unicast && !multicast)
		return "only a link-local address has a zone";
	if (text_int(zone, 1, UINT32_MAX, &number) != NULL)
		number = if_nametoindex(zone);
	if (number == 0)
		return "no such network interface";
	into->sin6_scope_id = (uint32_t)number;
	return NULL;
}

/* "2001:db8::1" or "fe80::1%eth0"; `host` is scratch. NULL or a complaint. */
static const char *
parse_v6(char *host, union addr *into)
{
	char *zone = strchr(host, '%');

	if (zone != NULL)
		*zone++ = '\0';
	into->v6.sin6_family = AF_INET6;
	if (inet_pton(AF_INET6, host, &into->v6.sin6_addr) != 1)
		return "not an IPv6 address";
	return zone == NULL ? NULL : parse_zone(zone, &into->v6);
}

static const char *
parse_v4(const char *host, union addr *into)
{
	into->v4.sin_family = AF_INET;
	if (inet_pton(AF_INET, host, &into->v4.sin_addr) != 1)
		return "not an IP address";
	return NULL;
}

/* Finds the host in "host", "host:port", "[host]" and "[host]:port". `port` is NULL without one. */
static const char *
split_port(const char *text, struct bytes *host, const char **port)
{
	const char *colon = strchr(text, ':');

	*port = NULL;
	if (text[0] == '[') {
		const char *end = strchr(text, ']');
		if (end == NULL)
			return "']' is missing";
		*host = bytes_view(text + 1, (size_t)(end - text - 1));
		if (end[1] == ':')
			*port = end + 2;
		else if (end[1] != '\0')
			return "only ':' and a port may follow ']'";
	} else if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		*host = bytes_view(text, (size_t)(colon - text));
		*port = colon + 1;
	} else {
		*host = bytes_text(text);
	}
	return NULL;
}

const char *
addr_parse(const char *text, uint16_t port, union addr *into)
{
	struct bytes part;
	const char *port_text, *complaint = split_port(text, &part, &port_text);
	char host[ADDR_TEXT];
	int64_t number = port;
	union addr a;

	memset(&a, 0, sizeof a);
	if (complaint != NULL)
		return complaint;
	if (part.n >= sizeof host)
		return "too long for an IP address";
	memcpy(host, part.p, part.n);
	host[part.n] = '\0';
	if (text[0] == '[' || strchr(host, ':') != NULL)
		complaint = parse_v6(host, &a);
	else
		complaint = parse_v4(host, &a);
	if (complaint != NULL)
		return complaint;
	if (port_text != NULL && text_int(port_text, 0, UINT16_MAX, &number) != NULL)
		return "a port is a number from 0 to 65535";
	addr_set_port(&a, (uint16_t)number);
	*into = a;
	return NULL;
}

const char *
addr_ip_text(const union addr *a, char into[static ADDR_TEXT])
{
	struct bytes ip = addr_ip(a);

	if (ip.n == 0 || inet_ntop(a->sa.sa_family, ip.p, into, ADDR_TEXT) == NULL) {
		memcpy(into, "none", sizeof "none");
		return into;
	}
	if (ip.n == 16 && a->v6.sin6_scope_id != 0) {
		size_t n = strlen(into);
		snprintf(into + n, ADDR_TEXT - n, "%%%u", (unsigned)a->v6.sin6_scope_id);
	}
	return into;
}

const char *
addr_text(const union addr *a, char into[static ADDR_TEXT])
{
	char ip[ADDR_TEXT];

	addr_ip_text(a, ip);
	if (a->sa.sa_family == AF_INET6)
		snprintf(into, ADDR_TEXT, "[%.55s]:%u", ip, (unsigned)addr_port(a));
	else if (a->sa.sa_family == AF_INET)
		snprintf(into, ADDR_TEXT, "%.55s:%u", ip, (unsigned)addr_port(a));
	else
		memcpy(into, ip, sizeof ip);
	return into;
}

size_t
addr_key(const union addr *a, uint8_t into[static ADDR_KEY])
{
	struct bytes ip = addr_ip(a);

	if (ip.n == 0)
		return 0;
	memcpy(into, ip.p, ip.n);
	memcpy(into + ip.n, &a->v4.sin_port, 2);
	return ip.n + 2;
}
