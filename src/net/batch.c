#include "net/batch.h"

#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stats/cell.h"
#include "net/counters.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum {
	RUNS = 128,
	PIECES = 512,
	PARTS = 3,         /* of a packet: head, data, pad */
	LATEST = 64,       /* a power of two */
	SCRATCH = 1 << 16,
	SEGMENTS_MAX = 64, /* UDP_MAX_SEGMENTS of older kernels */
	RUN_BYTES_MAX = 65000,
};

struct piece { /* a packet */
	unsigned next; /* of its run; the last one's means nothing */
	unsigned parts;
	struct iovec part[PARTS];
};

struct run { /* packets for one destination by one socket, each `size` long but the last */
	int fd;
	uint32_t size, bytes;
	unsigned segments, first, last; /* pieces */
	bool closed; /* a shorter packet came: it can only be the last */
	union addr to, from;
};

struct batch {
	unsigned runs, pieces;
	size_t used; /* of scratch */
	bool segments; /* the kernel knows UDP_SEGMENT (Linux 4.18) */
	uint64_t *counters;
	uint8_t latest[LATEST]; /* by socket and destination: the run opened last, + 1 */
	struct run run[RUNS];
	struct piece piece[PIECES];
	struct mmsghdr msg[RUNS];
	struct iovec iov[PIECES * PARTS];
	union {
		struct cmsghdr align;
		uint8_t b[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(uint16_t))];
	} control[RUNS];
	uint8_t scratch[SCRATCH];
};

_Static_assert(RUNS < UINT8_MAX, "latest[] names them");

static const uint8_t zeroes[4];

/* A kernel that does not would send a run as one large datagram. */
static bool
knows_segments(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), size;
	socklen_t n = sizeof size;
	bool known = fd >= 0 && getsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, &n) == 0;

	if (fd >= 0)
		close(fd);
	return known;
}

struct batch *
batch_new(uint64_t *counters)
{
	struct batch *b = calloc(1, sizeof *b);

	if (b == NULL)
		return NULL;
	b->counters = counters;
	b->segments = knows_segments();
	return b;
}

void
batch_free(struct batch *b)
{
	free(b);
}

struct batch_space
batch_space(struct batch *b)
{
	uint8_t *p;

	if (b->runs == RUNS || b->pieces == PIECES ||
	    b->used + BATCH_ROOM + BATCH_REPLY > sizeof b->scratch)
		batch_flush(b);
	p = b->scratch + b->used;
	return (struct batch_space){.room_end = p + BATCH_ROOM, .reply = p + BATCH_ROOM};
}

/* Scratch that the packet lies in stays taken until the flush. */
static void
keep(struct batch *b, struct bytes part)
{
	size_t end;

	if (part.n == 0 || part.p < b->scratch || part.p >= b->scratch + sizeof b->scratch)
		return;
	end = (size_t)(part.p - b->scratch) + part.n;
	end = (end + 15) & ~(size_t)15;
	if (end > b->used)
		b->used = end;
}

static bool
same_source(const struct run *r, const union addr *from)
{
	if (from == NULL)
		return addr_family(&r->from) == 0;
	return addr_family(&r->from) == addr_family(from) && addr_same_ip(&r->from, from);
}

static bool
continues(const struct batch *b, const struct run *r, const struct batch_packet *p, uint32_t size)
{
	return !r->closed && r->fd == p->fd && size <= r->size && size > 0 &&
	       r->segments < SEGMENTS_MAX && r->bytes + size <= RUN_BYTES_MAX &&
	       b->segments && addr_equal(&r->to, p->to) && same_source(r, p->from);
}

static struct run *
open_run(struct batch *b, const struct batch_packet *p, uint32_t size)
{
	struct run *r = &b->run[b->runs++];

	*r = (struct run){.fd = p->fd, .size = size, .to = *p->to, .first = b->pieces};
	if (p->from != NULL)
		r->from = *p->from;
	return r;
}

/* Where the latest run for such a packet is noted. Others may share the place: they part runs. */
static uint8_t *
latest(struct batch *b, const struct batch_packet *p)
{
	return &b->latest[((unsigned)p->fd * 7 + addr_port(p->to)) % LATEST];
}

/*
 * The run that the packet belongs to. Only the latest one for its destination will do, so that
 * packets to one destination keep their order; packets to others may have come between.
 */
static struct run *
find_run(struct batch *b, const struct batch_packet *p, uint32_t size)
{
	uint8_t *at = latest(b, p);
	struct run *r = *at == 0 ? NULL : &b->run[*at - 1];

	if (r != NULL && continues(b, r, p, size)) {
		b->piece[r->last].next = b->pieces;
		return r;
	}
	r = open_run(b, p, size);
	*at = (uint8_t)b->runs;
	return r;
}

static void
add_part(struct piece *piece, const void *p, size_t n)
{
	piece->part[piece->parts++] = (struct iovec){(void *)(uintptr_t)p, n};
}

void
batch_put(struct batch *b, const struct batch_packet *p)
{
	uint32_t size = (uint32_t)(p->head.n + p->data.n + p->pad);
	struct run *r = find_run(b, p, size);
	struct piece *piece = &b->piece[b->pieces];

	piece->parts = 0;
	if (p->head.n > 0 && p->head.p + p->head.n == p->data.p) {
		add_part(piece, p->head.p, p->head.n + p->data.n);
	} else {
		if (p->head.n > 0)
			add_part(piece, p->head.p, p->head.n);
		if (p->data.n > 0 || p->head.n == 0)
			add_part(piece, p->data.p, p->data.n);
	}
	if (p->pad > 0)
		add_part(piece, zeroes, p->pad);
	r->last = b->pieces++;
	r->segments++;
	r->bytes += size;
	r->closed = size < r->size;
	keep(b, p->head);
	keep(b, p->data);
}

static size_t
put_control(uint8_t *at, int level, int type, const void *value, size_t n)
{
	struct cmsghdr c = {.cmsg_len = CMSG_LEN(n), .cmsg_level = level, .cmsg_type = type};

	memcpy(at, &c, sizeof c);
	memcpy(at + CMSG_LEN(0), value, n);
	return CMSG_SPACE(n);
}

/* The source address, and with several segments their size. */
static void
set_control(struct msghdr *m, const struct run *r, uint8_t *control)
{
	size_t n = 0;

	if (addr_family(&r->from) == AF_INET) {
		struct in_pktinfo info = {.ipi_spec_dst = r->from.v4.sin_addr};
		n += put_control(control, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
	} else if (addr_family(&r->from) == AF_INET6) {
		struct in6_pktinfo info = {.ipi6_addr = r->from.v6.sin6_addr,
		                           .ipi6_ifindex = r->from.v6.sin6_scope_id};
		n += put_control(control, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
	}
	if (r->segments > 1) {
		uint16_t size = (uint16_t)r->size;
		n += put_control(control + n, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size);
	}
	m->msg_control = n > 0 ? control : NULL;
	m->msg_controllen = n;
}

/* The message of a run; its iovecs begin at `at`. Returns where the next one's do. */
static struct iovec *
compose(struct batch *b, unsigned i, struct iovec *at)
{
	struct run *r = &b->run[i];
	struct msghdr *m = &b->msg[i].msg_hdr;
	const struct piece *piece = &b->piece[r->first];

	*m = (struct msghdr){
		.msg_name = &r->to, .msg_namelen = addr_size(&r->to), .msg_iov = at};
	for (unsigned k = 0; k < r->segments; k++) {
		memcpy(at, piece->part, piece->parts * sizeof *at);
		at += piece->parts;
		piece = &b->piece[piece->next];
	}
	m->msg_iovlen = (size_t)(at - m->msg_iov);
	set_control(m, r, b->control[i].b);
	return at;
}

/* One by one, after the kernel has refused the run as a whole. */
static void
send_singly(struct batch *b, const struct run *r, const struct msghdr *whole)
{
	struct run one = {.fd = r->fd, .segments = 1, .from = r->from};
	struct msghdr m = *whole;
	const struct iovec *end = whole->msg_iov + whole->msg_iovlen;
	union {
		struct cmsghdr align;
		uint8_t b[sizeof b->control[0].b];
	} control;

	set_control(&m, &one, control.b);
	while (m.msg_iov < end) {
		size_t n = 0;

		m.msg_iovlen = 0;
		while (m.msg_iov + m.msg_iovlen < end && n < r->size)
			n += m.msg_iov[m.msg_iovlen++].iov_len;
		bool sent = sendmsg(r->fd, &m, MSG_DONTWAIT) >= 0;
		cell_add(&b->counters[sent ? NET_SENT : NET_SEND_DROPPED], 1);
		m.msg_iov += m.msg_iovlen;
	}
}

/* What becomes of message i, which the kernel refused: another way, or dropped and counted. */
static void
refused(struct batch *b, unsigned i, int error)
{
	const struct run *r = &b->run[i];

	/* The path cannot take the run as a whole: IPsec, no checksums, a smaller MTU. */
	if (r->segments > 1 && (error == EIO || error == EINVAL || error == EMSGSIZE)) {
		send_singly(b, r, &b->msg[i].msg_hdr);
		return;
	}
	cell_add(&b->counters[NET_SEND_DROPPED], r->segments);
}

/* One or more messages from i on: how many left, as sendmmsg(). */
static int
send_some(struct batch *b, unsigned i, unsigned end)
{
	const struct run *r = &b->run[i];
	const struct msghdr *m = &b->msg[i].msg_hdr;
	ssize_t n;

	if (end - i > 1)
		return sendmmsg(r->fd, &b->msg[i], end - i, MSG_DONTWAIT);
	/* The plain call leaves the kernel less to copy and to check. */
	if (m->msg_iovlen == 1 && m->msg_controllen == 0)
		n = sendto(r->fd, m->msg_iov->iov_base, m->msg_iov->iov_len, MSG_DONTWAIT,
		           &r->to.sa, m->msg_namelen);
	else
		n = sendmsg(r->fd, m, MSG_DONTWAIT);
	return n < 0 ? -1 : 1;
}

/* Messages [i, end) all go by one socket. */
static void
send_group(struct batch *b, unsigned i, unsigned end)
{
	while (i < end) {
		int n = send_some(b, i, end);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) { /* the first of them was refused; the rest must not suffer */
			refused(b, i++, n < 0 ? errno : 0);
			continue;
		}
		for (int k = 0; k < n; k++)
			cell_add(&b->counters[NET_SENT], b->run[i + (unsigned)k].segments);
		i += (unsigned)n;
	}
}

void
batch_flush(struct batch *b)
{
	struct iovec *at = b->iov;
	unsigned i, end;

	for (i = 0; i < b->runs; i++)
		at = compose(b, i, at);
	for (i = 0; i < b->runs; i = end) {
		for (end = i + 1; end < b->runs && b->run[end].fd == b->run[i].fd; end++)
			;
		send_group(b, i, end);
	}
	b->runs = b->pieces = 0;
	b->used = 0;
	memset(b->latest, 0, sizeof b->latest);
}
