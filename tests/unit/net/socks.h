/*
 * tests/unit/net/socks.h -- what the tests of net/ share: a pair of sockets on the loopback.
 */
#ifndef NATSRV_TESTS_SOCKS_H
#define NATSRV_TESTS_SOCKS_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <unistd.h>

#include "common/addr.h"
#include "net/sock.h"

static inline union addr
socks_addr(const char *ip, uint16_t port)
{
	union addr a;

	assert_null(addr_parse(ip, port, &a));
	return a;
}

static inline union addr
socks_name(int fd)
{
	union addr a;
	socklen_t n = sizeof a;

	memset(&a, 0, sizeof a);
	assert_int_equal(getsockname(fd, &a.sa, &n), 0);
	return a;
}

/* A relay socket on some port of 127.0.0.1. */
static inline int
socks_open(void)
{
	union addr at = socks_addr("127.0.0.1", 0);
	int fd = sock_relay_udp(AF_INET, 0);

	assert_int_equal(sock_bind(fd, &at), 0);
	return fd;
}

#endif
