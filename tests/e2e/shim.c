/*
 * tests/e2e/shim.c -- preloaded into natsrvd by faults.sh: system calls that fail on demand.
 *
 * The file named by NATSRV_FAULT holds one line "CALL ERRNO EVERY": from the moment it is there,
 * every EVERY-th such call fails. CALL is socket, bind, sendmsg, sendmmsg, recvmmsg or epoll_wait;
 * or "gso" (a send with UDP_SEGMENT), "short" (sendmmsg sends one message only), "hang"
 * (epoll_wait does not come back). No file, no faults. Each fault that strikes adds a byte to the
 * file of that name with ".hits".
 */
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

static atomic_uint calls;

/* The errno that this call must fail with, or 0. */
static int
fault(const char *call)
{
	static const struct {
		const char *name;
		int number;
	} errors[] = {{"EMFILE", EMFILE}, {"ENFILE", ENFILE}, {"EADDRINUSE", EADDRINUSE},
	              {"EACCES", EACCES}, {"ENOBUFS", ENOBUFS}, {"EAGAIN", EAGAIN},
	              {"EPERM", EPERM}, {"ENETUNREACH", ENETUNREACH}, {"EHOSTUNREACH", EHOSTUNREACH},
	              {"EMSGSIZE", EMSGSIZE}, {"ECONNREFUSED", ECONNREFUSED}, {"EINTR", EINTR},
	              {"EIO", EIO}, {"EINVAL", EINVAL}, {"ENOMEM", ENOMEM}};
	const char *path = getenv("NATSRV_FAULT");
	FILE *f = path == NULL ? NULL : fopen(path, "re");
	char name[16] = "", error[16] = "", hits[4096];
	unsigned every = 1;
	int got;

	if (f == NULL)
		return 0;
	got = fscanf(f, "%15s %15s %u", name, error, &every);
	fclose(f);
	if (got != 3 || strcmp(name, call) != 0 || ++calls % every != 0)
		return 0;
	snprintf(hits, sizeof hits, "%s.hits", path);
	f = fopen(hits, "ae");
	if (f != NULL) {
		fputc('.', f);
		fclose(f);
	}
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strcmp(errors[i].name, error) == 0)
			return errors[i].number;
	return EIO;
}

/* Does this call fail now? errno then says how; else it is as it was. */
static bool
fails(const char *call)
{
	int before = errno;

	errno = fault(call);
	if (errno != 0)
		return true;
	errno = before;
	return false;
}

static bool
segmented(const struct msghdr *m)
{
	struct msghdr copy = *m;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(&copy); c != NULL; c = CMSG_NXTHDR(&copy, c))
		if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_SEGMENT)
			return true;
	return false;
}

int
socket(int domain, int type, int protocol)
{
	int (*real)(int, int, int) = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");

	return fails("socket") ? -1 : real(domain, type, protocol);
}

int
bind(int fd, const struct sockaddr *at, socklen_t n)
{
	int (*real)(int, const struct sockaddr *, socklen_t) =
		(int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "bind");

	return fails("bind") ? -1 : real(fd, at, n);
}

ssize_t
sendmsg(int fd, const struct msghdr *m, int flags)
{
	ssize_t (*real)(int, const struct msghdr *, int) =
		(ssize_t (*)(int, const struct msghdr *, int))dlsym(RTLD_NEXT, "sendmsg");

	if (fails("sendmsg") || (segmented(m) && fails("gso")))
		return -1;
	return real(fd, m, flags);
}

int
sendmmsg(int fd, struct mmsghdr *m, unsigned n, int flags)
{
	int (*real)(int, struct mmsghdr *, unsigned, int) =
		(int (*)(int, struct mmsghdr *, unsigned, int))dlsym(RTLD_NEXT, "sendmmsg");

	if (fails("sendmmsg") || (n > 0 && segmented(&m[0].msg_hdr) && fails("gso")))
		return -1;
	for (unsigned i = 1; i < n; i++) /* the kernel stops before a message that it refuses */
		if (segmented(&m[i].msg_hdr) && fails("gso"))
			return real(fd, m, i, flags);
	return real(fd, m, n > 1 && fails("short") ? 1 : n, flags);
}

int
recvmmsg(int fd, struct mmsghdr *m, unsigned n, int flags, struct timespec *timeout)
{
	int (*real)(int, struct mmsghdr *, unsigned, int, struct timespec *) =
		(int (*)(int, struct mmsghdr *, unsigned, int, struct timespec *))dlsym(RTLD_NEXT,
	                                                                                "recvmmsg");

	return fails("recvmmsg") ? -1 : real(fd, m, n, flags, timeout);
}

int
epoll_wait(int fd, struct epoll_event *events, int n, int timeout)
{
	int (*real)(int, struct epoll_event *, int, int) =
		(int (*)(int, struct epoll_event *, int, int))dlsym(RTLD_NEXT, "epoll_wait");

	while (fails("hang"))
		usleep(50000);
	return fails("epoll_wait") ? -1 : real(fd, events, n, timeout);
}
