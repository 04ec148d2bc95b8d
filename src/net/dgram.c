#include "net/dgram.h"

#include <assert.h>
#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "stats/cell.h"
#include "net/counters.h"

#ifndef UDP_GRO
#define UDP_GRO 104
#endif

/*
 * SLOTS bounds how much is received before it is sent; a read takes at most READ of them, so that
 * one busy socket does not keep the others waiting. The stride is not a multiple of the page, or
 * the heads of all slots would fall into the same cache sets. A slot holds the largest datagram
 * that UDP can carry, so nothing is ever cut (T-209).
 */
enum {
	SLOTS = 32,
	READ = 16,
	STRIDE = DGRAM_HEADROOM + DGRAM_MAX + 192,
	CONTROL = CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int)),
};

struct dgram {
	uint8_t *arena;
	unsigned used;
	uint64_t *counters;
	struct dgram_in in[SLOTS];
	struct mmsghdr msg[SLOTS];
	struct iovec iov[SLOTS];
	union {
		struct cmsghdr align;
		uint8_t b[CONTROL];
	} control[SLOTS];
};

static void
arm(struct dgram *d, unsigned i)
{
	struct msghdr *m = &d->msg[i].msg_hdr;

	m->msg_namelen = sizeof d->in[i].from;
	m->msg_controllen = sizeof d->control[i].b;
	m->msg_flags = 0;
}

struct dgram *
dgram_new(uint64_t *counters)
{
	struct dgram *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	d->counters = counters;
	d->arena = malloc((size_t)SLOTS * STRIDE); /* untouched pages cost nothing */
	if (d->arena == NULL) {
		free(d);
		return NULL;
	}
	for (unsigned i = 0; i < SLOTS; i++) {
		struct msghdr *m = &d->msg[i].msg_hdr;

		d->in[i].p = d->arena + (size_t)i * STRIDE + DGRAM_HEADROOM;
		d->iov[i] = (struct iovec){d->in[i].p, DGRAM_MAX};
		m->msg_iov = &d->iov[i];
		m->msg_iovlen = 1;
		m->msg_name = &d->in[i].from;
		m->msg_control = &d->control[i];
		arm(d, i);
	}
	return d;
}

void
dgram_free(struct dgram *d)
{
	if (d == NULL)
		return;
	free(d->arena);
	free(d);
}

bool
dgram_ready(const struct dgram *d)
{
	return d->used < SLOTS;
}

static void
read_control(struct dgram_in *in, struct cmsghdr *c)
{
	int size;

	if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
		memcpy(&size, CMSG_DATA(c), sizeof size);
		if (size > 0 && (uint32_t)size < in->n)
			in->segment = (uint32_t)size;
	} else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo info;

		memcpy(&info, CMSG_DATA(c), sizeof info);
		in->to.v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = info.ipi_addr};
	} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
		struct in6_pktinfo info;

		memcpy(&info, CMSG_DATA(c), sizeof info);
		in->to.v6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
		                                  .sin6_addr = info.ipi6_addr,
		                                  .sin6_scope_id = 0};
		if (IN6_IS_ADDR_LINKLOCAL(&info.ipi6_addr))
			in->to.v6.sin6_scope_id = info.ipi6_ifindex;
	}
}

static void
read_message(struct dgram *d, unsigned i)
{
	struct dgram_in *in = &d->in[i];
	struct msghdr *m = &d->msg[i].msg_hdr;

	in->n = in->segment = d->msg[i].msg_len;
	in->to.sa.sa_family = 0;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c))
		read_control(in, c);
	cell_add(&d->counters[NET_RECEIVED],
	         in->segment == 0 ? 1 : (in->n + in->segment - 1) / in->segment);
	addr_unmap(&in->from);
	arm(d, i);
}

unsigned
dgram_receive(struct dgram *d, int fd, const struct dgram_in **in)
{
	unsigned first = d->used, room = SLOTS - first;
	int n;

	assert(room > 0);
	n = recvmmsg(fd, &d->msg[first], room < READ ? room : READ, MSG_DONTWAIT, NULL);
	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR)
			cell_add(&d->counters[NET_RECEIVE_FAILED], 1);
		return 0;
	}
	for (unsigned i = first; i < first + (unsigned)n; i++)
		read_message(d, i);
	d->used += (unsigned)n;
	*in = &d->in[first];
	return (unsigned)n;
}

void
dgram_release(struct dgram *d)
{
	d->used = 0;
}
