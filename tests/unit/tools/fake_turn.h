/*
 * A TURN server of a hundred lines in a child process, for tests of natload's engines: no
 * credentials, no deadlines, one channel or permission for each allocation, packets one by one.
 * It loses every `lose`-th packet that it should relay (0 = none), and answers Allocate with 486
 * from the `full`-th on (0 = never).
 */
#ifndef NATSRV_TESTS_UNIT_TOOLS_FAKE_TURN_H
#define NATSRV_TESTS_UNIT_TOOLS_FAKE_TURN_H

#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stun/build.h"
#include "stun/frame.h"
#include "stun/parse.h"
#include "tools/natload_wire.h"

enum { FAKE_ALLOCATIONS = 64, FAKE_PACKET = 4096 };

struct fake_allocation {
	union addr client, peer;
	int fd;
	uint16_t channel; /* 0: a permission only */
};

struct fake_turn {
	int fd; /* the listener */
	unsigned n, lose, full, relayed;
	struct fake_allocation v[FAKE_ALLOCATIONS];
	struct pollfd poll[FAKE_ALLOCATIONS + 1];
};

static inline union addr
fake_loopback(void)
{
	static const uint8_t ip[4] = {127, 0, 0, 1};

	return addr_make(bytes_view(ip, sizeof ip), 0);
}

/* A socket that gets packets one by one: joined ones would have to be cut. */
static inline int
fake_socket(void)
{
	union addr any = fake_loopback();
	int off = 0, fd = natload_wire_open(&any, NULL);

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, IPPROTO_UDP, UDP_GRO, &off, sizeof off), 0);
	return fd;
}

static inline struct fake_allocation *
fake_find(struct fake_turn *f, const union addr *client)
{
	for (unsigned i = 0; i < f->n; i++) {
		if (addr_equal(&f->v[i].client, client))
			return &f->v[i];
	}
	return NULL;
}

/* A new allocation, or NULL when the server is full. */
static inline struct fake_allocation *
fake_allocate(struct fake_turn *f, const union addr *client)
{
	union addr none = {0};
	struct fake_allocation *a = fake_find(f, &none);

	if (a == NULL && f->n < FAKE_ALLOCATIONS && (f->full == 0 || f->n + 1 < f->full)) {
		a = &f->v[f->n++];
		a->fd = fake_socket();
		f->poll[f->n] = (struct pollfd){.fd = a->fd, .events = POLLIN};
	}
	if (a != NULL) {
		a->client = *client;
		a->channel = 0;
	}
	return a;
}

static inline void
fake_request(struct fake_turn *f, const union addr *client, const struct parse *m)
{
	struct fake_allocation *a = fake_find(f, client);
	uint8_t out[512];
	struct build b;
	union addr relayed;

	if (m->method == METHOD_ALLOCATE)
		a = fake_allocate(f, client);
	bool good = a != NULL || m->method == METHOD_BINDING;
	build_begin(&b, out, sizeof out, name_type(m->method, good ? STUN_SUCCESS : STUN_ERROR),
	            m->tid);
	if (!good) {
		build_error(&b, 486, BYTES_NONE);
	} else if (m->method == METHOD_BINDING) {
		build_addr(&b, ATTR_XOR_MAPPED_ADDRESS, client);
	} else if (m->method == METHOD_ALLOCATE) {
		natload_wire_local(a->fd, &relayed);
		build_addr(&b, ATTR_XOR_RELAYED_ADDRESS, &relayed);
		build_addr(&b, ATTR_XOR_MAPPED_ADDRESS, client);
		build_u32(&b, ATTR_LIFETIME, 600);
	} else if (m->method == METHOD_REFRESH) {
		build_u32(&b, ATTR_LIFETIME, 0);
		a->client = (union addr){0};
	} else {
		parse_addr(m, ATTR_XOR_PEER_ADDRESS, &a->peer);
		parse_u16(m, ATTR_CHANNEL_NUMBER, &a->channel);
	}
	size_t n = build_end(&b);
	sendto(f->fd, out, n, 0, &client->sa, addr_size(client));
}

static inline bool
fake_loses(struct fake_turn *f)
{
	return f->lose != 0 && ++f->relayed % f->lose == 0;
}

static inline void
fake_from_client(struct fake_turn *f, const union addr *client, struct bytes packet)
{
	struct fake_allocation *a = fake_find(f, client);
	struct bytes payload = BYTES_NONE;
	struct parse m;
	uint16_t channel;

	if (frame_kind(packet) == FRAME_CHANNEL)
		frame_channel(packet, &channel, &payload);
	else if (parse_message(&m, packet) != PARSE_OK)
		return;
	else if (m.class == STUN_REQUEST)
		fake_request(f, client, &m);
	else
		payload = parse_value(&m, ATTR_DATA);
	if (payload.n > 0 && a != NULL && !fake_loses(f))
		sendto(a->fd, payload.p, payload.n, 0, &a->peer.sa, addr_size(&a->peer));
}

static inline void
fake_from_peer(struct fake_turn *f, struct fake_allocation *a, const union addr *peer,
               struct bytes packet)
{
	static const uint8_t tid[STUN_TID];
	uint8_t out[FAKE_PACKET + 64];
	struct build b;
	size_t n = FRAME_CHANNEL_HEADER + packet.n;

	if (fake_loses(f))
		return;
	if (a->channel != 0) {
		frame_channel_put(out, a->channel, packet.n);
		memcpy(out + FRAME_CHANNEL_HEADER, packet.p, packet.n);
	} else {
		build_begin(&b, out, sizeof out, name_type(METHOD_DATA, STUN_INDICATION), tid);
		build_addr(&b, ATTR_XOR_PEER_ADDRESS, peer);
		build_bytes(&b, ATTR_DATA, packet);
		n = build_end(&b);
	}
	sendto(f->fd, out, n, 0, &a->client.sa, addr_size(&a->client));
}

static inline void
fake_serve(struct fake_turn *f)
{
	for (;;) {
		uint8_t packet[FAKE_PACKET];
		if (poll(f->poll, f->n + 1, -1) < 0)
			continue;
		for (unsigned i = 0; i <= f->n; i++) {
			union addr from = {0};
			socklen_t size = sizeof from;
			if (f->poll[i].revents == 0)
				continue;
			ssize_t n = recvfrom(f->poll[i].fd, packet, sizeof packet, 0, &from.sa, &size);
			if (n > 0 && i == 0)
				fake_from_client(f, &from, bytes_view(packet, (size_t)n));
			else if (n > 0)
				fake_from_peer(f, &f->v[i - 1], &from, bytes_view(packet, (size_t)n));
		}
	}
}

/* Starts one; its address goes to `at`. The child's id. */
static inline pid_t
fake_start(unsigned lose, unsigned full, union addr *at)
{
	static struct fake_turn f;

	f = (struct fake_turn){.lose = lose, .full = full};
	f.fd = fake_socket();
	assert_int_equal(natload_wire_local(f.fd, at), 0);
	f.poll[0] = (struct pollfd){.fd = f.fd, .events = POLLIN};
	pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		fake_serve(&f);
		_exit(0);
	}
	close(f.fd);
	return child;
}

static inline void
fake_stop(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

#endif
