#include "tools/natload_wire.h"

#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Odd in cache lines, so that the slots' first lines do not all fall into the same cache set. */
enum { SLOT = 65536 + 9 * 64, BUFFER_WANTED = 8 << 20 };

union control { /* one int-sized or u16 control message, aligned for the kernel */
	struct cmsghdr align;
	uint8_t room[CMSG_SPACE(sizeof(int))];
};

struct wire_in {
	struct mmsghdr msg[NATLOAD_WIRE_RECEIVE];
	struct iovec iov[NATLOAD_WIRE_RECEIVE];
	union control control[NATLOAD_WIRE_RECEIVE];
	struct wire_got got[NATLOAD_WIRE_RECEIVE];
	uint8_t *slots;
};

/* Beyond the system's limit when we may, up to it otherwise. */
static void
buffer_grow(int fd, int option, int option_force)
{
	int want = BUFFER_WANTED;

	if (setsockopt(fd, SOL_SOCKET, option_force, &want, sizeof want) != 0)
		(void)setsockopt(fd, SOL_SOCKET, option, &want, sizeof want);
}

int
natload_wire_open(const union addr *local, const union addr *to)
{
	int family = addr_family(local);
	int on = 1;
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	(void)setsockopt(fd, IPPROTO_UDP, UDP_GRO, &on, sizeof on);
	buffer_grow(fd, SO_RCVBUF, SO_RCVBUFFORCE);
	buffer_grow(fd, SO_SNDBUF, SO_SNDBUFFORCE);
	int rc = 0;
	if (!addr_is_any(local) || addr_port(local) != 0)
		rc = bind(fd, &local->sa, addr_size(local));
	if (rc == 0 && to != NULL)
		rc = connect(fd, &to->sa, addr_size(to));
	if (rc == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

int
natload_wire_connect(int fd, const union addr *to)
{
	return connect(fd, &to->sa, addr_size(to)) == 0 ? 0 : -errno;
}

int
natload_wire_local(int fd, union addr *into)
{
	socklen_t n = sizeof *into;

	*into = (union addr){0};
	return getsockname(fd, &into->sa, &n) == 0 ? 0 : -errno;
}

struct batch {
	struct mmsghdr msg[NATLOAD_WIRE_SEND];
	struct iovec iov[NATLOAD_WIRE_SEND];
	union control control[NATLOAD_WIRE_SEND];
};

static void
segment_mark(struct msghdr *m, union control *room, size_t size)
{
	m->msg_control = room;
	m->msg_controllen = CMSG_SPACE(sizeof(uint16_t));
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	c->cmsg_level = IPPROTO_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(uint16_t));
	*(uint16_t *)(void *)CMSG_DATA(c) = (uint16_t)size;
}

/* Fills the batch from packet number `at` on, `step` packets to a message. Returns its messages. */
static unsigned
batch_fill(struct batch *b, const struct wire_run *run, unsigned at, unsigned step)
{
	unsigned n = 0;

	for (; n < NATLOAD_WIRE_SEND && at < run->packets; n++) {
		unsigned take = run->packets - at < step ? run->packets - at : step;
		b->iov[n] = (struct iovec){(uint8_t *)(uintptr_t)(run->p + at * run->size),
		                           take * run->size};
		b->msg[n] = (struct mmsghdr){.msg_hdr = {.msg_iov = &b->iov[n], .msg_iovlen = 1}};
		if (take > 1)
			segment_mark(&b->msg[n].msg_hdr, &b->control[n], run->size);
		at += take;
	}
	return n;
}

/* One message of `n` packets from packet `at` on. How many left (n), or -1 with errno. */
static int
one_send(int fd, const struct wire_run *run, unsigned at, unsigned n)
{
	const uint8_t *p = run->p + at * run->size;

	if (n == 1)
		return send(fd, p, run->size, 0) < 0 ? -1 : 1;
	struct iovec iov = {(uint8_t *)(uintptr_t)p, n * run->size};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	union control control;
	segment_mark(&m, &control, run->size);
	return sendmsg(fd, &m, 0) < 0 ? -1 : (int)n;
}

/*
 * Many messages of `step` packets. How many packets left, or -1 with errno. A function of its own,
 * because its batch is large and builds may clear what is on the stack.
 */
static int __attribute__((noinline))
many_send(int fd, const struct wire_run *run, unsigned at, unsigned step)
{
	struct batch b;
	unsigned n = batch_fill(&b, run, at, step), left = run->packets - at;
	int sent = sendmmsg(fd, b.msg, n, 0);

	if (sent < 0)
		return -1;
	unsigned gone = (unsigned)sent * step;
	return (int)(gone < left ? gone : left);
}

/* Is this what a path without segmentation answers? */
static bool
gso_refused(int error)
{
	return error == EIO || error == EINVAL || error == EMSGSIZE || error == EOPNOTSUPP;
}

/* Errors of an earlier packet (ICMP) or of a moment; the packet at hand may be tried again. */
static bool
error_passes(int error)
{
	return error == ECONNREFUSED || error == EINTR || error == EHOSTUNREACH;
}

static bool
error_blocks(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS;
}

long
natload_wire_send(int fd, const struct wire_run *run, bool *gso)
{
	unsigned at = 0, tries = 0;

	while (at < run->packets) {
		unsigned step = *gso ? run->burst : 1, left = run->packets - at;
		int gone = left <= step ? one_send(fd, run, at, left)
		                        : many_send(fd, run, at, step);
		if (gone > 0)
			at += (unsigned)gone;
		else if (step > 1 && gso_refused(errno))
			*gso = false;
		else if (error_blocks(errno))
			break;
		else if (!error_passes(errno) || ++tries > 3)
			return -errno;
	}
	return at;
}

struct wire_in *
natload_wire_new(void)
{
	struct wire_in *in = calloc(1, sizeof *in);

	if (in == NULL)
		return NULL;
	in->slots = aligned_alloc(64, (size_t)SLOT * NATLOAD_WIRE_RECEIVE);
	if (in->slots == NULL) {
		free(in);
		return NULL;
	}
	for (unsigned i = 0; i < NATLOAD_WIRE_RECEIVE; i++) {
		in->iov[i] = (struct iovec){in->slots + (size_t)i * SLOT, SLOT};
		in->msg[i].msg_hdr.msg_iov = &in->iov[i];
		in->msg[i].msg_hdr.msg_iovlen = 1;
		in->msg[i].msg_hdr.msg_control = &in->control[i];
		in->msg[i].msg_hdr.msg_controllen = sizeof in->control[i];
	}
	return in;
}

void
natload_wire_free(struct wire_in *in)
{
	if (in == NULL)
		return;
	free(in->slots);
	free(in);
}

/* What the kernel joined says in a control message how long each part was. */
static size_t
segment_size(struct msghdr *m, size_t whole)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
			int size = *(const int *)(const void *)CMSG_DATA(c);
			return size > 0 ? (size_t)size : whole;
		}
	}
	return whole;
}

int
natload_wire_receive(struct wire_in *in, int fd, const struct wire_got **got)
{
	int n = recvmmsg(fd, in->msg, NATLOAD_WIRE_RECEIVE, MSG_DONTWAIT, NULL);

	*got = in->got;
	if (n < 0)
		return error_blocks(errno) || error_passes(errno) ? 0 : -errno;
	for (int i = 0; i < n; i++) {
		size_t whole = in->msg[i].msg_len;
		struct msghdr *m = &in->msg[i].msg_hdr;
		in->got[i] = (struct wire_got){in->iov[i].iov_base, whole, segment_size(m, whole)};
		m->msg_controllen = sizeof in->control[i]; /* the kernel shortened it */
		m->msg_flags = 0;
	}
	return n;
}
