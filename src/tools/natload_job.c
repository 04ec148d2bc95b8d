#include "tools/natload_job.h"

#include <errno.h>
#include <ifaddrs.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "common/clock.h"
#include "client/uri.h"
#include "tools/natload_wire.h"
#include "tools/toolsock.h"

enum { EXIT_ERROR = 3, EXIT_WRONG = 64, REST_SECONDS = 86400 };

/* Says why on stderr and hands back the exit status. */
static int __attribute__((format(printf, 2, 3)))
refuse(int status, const char *format, ...)
{
	va_list args;

	fputs("natload: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return status;
}

/* A loopback address, or one that an interface of this host has. */
static bool
address_is_ours(const union addr *a)
{
	struct ifaddrs *list = NULL;
	bool ours = addr_is_loopback(a);

	if (ours || getifaddrs(&list) != 0)
		return ours;
	for (struct ifaddrs *i = list; i != NULL && !ours; i = i->ifa_next) {
		union addr own = {0};
		if (i->ifa_addr == NULL)
			continue;
		if (i->ifa_addr->sa_family == AF_INET)
			memcpy(&own.v4, i->ifa_addr, sizeof own.v4);
		else if (i->ifa_addr->sa_family == AF_INET6)
			memcpy(&own.v6, i->ifa_addr, sizeof own.v6);
		ours = addr_same_ip(&own, a);
	}
	freeifaddrs(list);
	return ours;
}

static int
server_find(struct job *j)
{
	const struct natload_options *o = j->o;
	int family = o->ipv4 ? AF_INET : o->ipv6 ? AF_INET6 : AF_UNSPEC;
	struct uri uri;
	struct toolsock_list found;

	const char *why = uri_parse_host(o->target, &uri);
	if (why == NULL)
		why = uri_udp(&uri);
	if (why != NULL)
		return refuse(EXIT_WRONG, "%s: %s", o->target, why);
	why = toolsock_resolve(uri.host, uri.port, family, &found);
	if (why != NULL || found.n == 0)
		return refuse(EXIT_ERROR, "%s: %s", uri.host, why != NULL ? why : "no address");
	j->server = found.at[0];
	if (!o->own && !address_is_ours(&j->server))
		return refuse(EXIT_WRONG, "%s is not this host; if the server is yours, say "
		              "--i-own-this-server", o->target);
	return 0;
}

/* Our address towards the server, and the peers' address. */
static int
addresses_find(struct job *j)
{
	union addr any = {.sa = {.sa_family = j->server.sa.sa_family}};
	int fd = natload_wire_open(&any, &j->server);
	int rc = fd < 0 ? fd : natload_wire_local(fd, &j->local);

	toolsock_close(fd);
	if (rc != 0)
		return refuse(EXIT_ERROR, "cannot reach %s: %s", j->o->target, strerror(-rc));
	addr_set_port(&j->local, 0);
	j->peer = j->local;
	if (j->o->peer_address == NULL)
		return 0;
	const char *why = addr_parse(j->o->peer_address, 0, &j->peer);
	if (why != NULL)
		return refuse(EXIT_WRONG, "--peer-address %s: %s", j->o->peer_address, why);
	return 0;
}

/* Credentials are used as they stand; for ASCII that is what preparing them would give. */
static int
credentials_make(struct job *j)
{
	const struct natload_options *o = j->o;
	const char *file = o->secret_file != NULL ? o->secret_file : o->password_file;

	if (file == NULL)
		return 0;
	int rc = toolfile_secret(file, &j->secret);
	if (rc != 0)
		return refuse(EXIT_ERROR, "%s: %s", file, toolfile_complaint(rc));
	j->want.username = bytes_text(o->user);
	j->want.password = bytes_view(j->secret.b, j->secret.n);
	if (o->secret_file == NULL)
		return 0;
	const char *why = credential_mint(j->env.digest, j->want.password, o->user,
	                                  clock_now().unix_s + REST_SECONDS, &j->credential);
	if (why != NULL)
		return refuse(EXIT_ERROR, "credentials: %s", why);
	j->want.username = bytes_text(j->credential.username);
	j->want.password = bytes_text(j->credential.password);
	return 0;
}

static void
random_give(void *ctx, void *into, size_t n)
{
	entropy_take(ctx, into, n);
}

int
natload_job_init(struct job *j, const struct natload_options *o)
{
	memset(j, 0, sizeof *j);
	j->o = o;
	j->env = (struct turnc_env){.random = random_give, .ctx = &j->entropy};
	j->want.txn = (struct txn_policy){.rto = 500, .rc = 4, .rm = 4}; /* gives up after 5.5 s */
	int status = server_find(j);
	if (status == 0)
		status = addresses_find(j);
	if (status != 0)
		return status;
	if (addr_family(&j->peer) != addr_family(&j->server) || addr_family(&j->peer) == AF_INET6)
		j->want.family = addr_family(&j->peer);
	j->env.digest = digest_new();
	if (j->env.digest == NULL)
		return refuse(EXIT_ERROR, "cannot use OpenSSL's digests");
	status = credentials_make(j);
	if (status != 0)
		natload_job_fini(j);
	return status;
}

void
natload_job_fini(struct job *j)
{
	digest_free(j->env.digest);
	j->env.digest = NULL;
	credential_wipe(&j->credential);
	digest_wipe(&j->secret, sizeof j->secret);
}

int
natload_job_descriptors(unsigned n)
{
	enum { OTHERS = 64 };
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) != 0)
		return -errno;
	rlim_t want = (rlim_t)n + OTHERS;
	if (l.rlim_cur >= want)
		return 0;
	l.rlim_cur = want;
	if (l.rlim_max < want)
		l.rlim_max = want;
	return setrlimit(RLIMIT_NOFILE, &l) == 0 ? 0 : -errno;
}
