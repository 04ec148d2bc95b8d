#include "server/daemon.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/entropy.h"
#include "net/host.h"
#include "net/sock.h"
#include "server/privs.h"
#include "server/shards.h"

enum { LISTENER_BUFFER = 4 << 20, WORKERS_MAX = 256 };

struct daemon {
	const struct settings *settings;
	struct build *build;
	struct shard_plan plan;
	struct shard_listener *listeners;
	struct quota *quota;
	struct events *events;
	union addr relay_ip[2]; /* IPv4, IPv6; family 0 = not relayed */
	struct pool *pool;
	unsigned workers;
	struct shards *shards;
	bool drop; /* give up root for `privs` */
	struct privs privs;
};

static int
out_of_memory(void)
{
	log_error("server.failed", "error=\"%s\"", strerror(ENOMEM));
	return DAEMON_OS;
}

/* As many as there are processors that this process may use. */
static unsigned
workers(const struct settings *s)
{
	cpu_set_t cpus;

	if (s->server.workers > 0)
		return s->server.workers;
	if (sched_getaffinity(0, sizeof cpus, &cpus) != 0)
		return 1;
	return CPU_COUNT(&cpus) > WORKERS_MAX ? WORKERS_MAX : (unsigned)CPU_COUNT(&cpus);
}

/* A relay address that was written must be one of this host; -errno says why it cannot be used. */
static int
check_address(const union addr *a)
{
	union addr at = *a;

	addr_set_port(&at, 0);
	return sock_probe_udp(&at);
}

static int
written_address(const struct settings_address *want, const char *key, union addr *into)
{
	char text[ADDR_TEXT];
	int error = check_address(&want->addr);

	if (error != 0) {
		log_error("config.error", "key=%s address=%s error=\"%s\"", key,
		          addr_ip_text(&want->addr, text), strerror(-error));
		return DAEMON_UNAVAILABLE;
	}
	*into = want->addr;
	return 0;
}

/* Which local addresses relay: as written, or where this host's default route leaves from. */
static int
find_relay_addresses(struct daemon *d)
{
	const struct settings_relay *r = &d->settings->relay;
	const struct settings_address *want[2] = {&r->ipv4, &r->ipv6};
	static const char *const key[2] = {"relay.ipv4", "relay.ipv6"};
	union addr *ip = d->relay_ip;
	int code = 0;

	for (unsigned i = 0; i < 2 && code == 0; i++) {
		ip[i].sa.sa_family = 0;
		if (!r->enabled || want[i]->pick == SETTINGS_NONE)
			continue;
		if (want[i]->pick == SETTINGS_ADDRESS)
			code = written_address(want[i], key[i], &ip[i]);
		else if (!host_source(i == 0 ? AF_INET : AF_INET6, &ip[i]))
			ip[i].sa.sa_family = 0;
	}
	/* Loopback beside a real address of the other family is of no use to anybody. */
	for (unsigned i = 0; i < 2; i++) {
		const union addr *other = &ip[1 - i];
		bool real = addr_family(other) != 0 && !addr_is_loopback(other);

		if (want[i]->pick == SETTINGS_AUTO && addr_is_loopback(&ip[i]) && real)
			ip[i].sa.sa_family = 0;
	}
	return code;
}

static void
report_relay_addresses(const struct daemon *d)
{
	const struct settings_relay *r = &d->settings->relay;

	for (unsigned i = 0; i < 2; i++) {
		const union addr *ip = &d->relay_ip[i];
		char text[ADDR_TEXT];

		if (addr_family(ip) == 0)
			continue;
		log_info("relay.up", "address=%s ports=%u-%u", addr_ip_text(ip, text), r->ports.lo,
		         r->ports.hi);
		if (settings_private_address(ip))
			log_warn("config.warning",
			         "key=relay.ipv%u address=%s text=\"a private address: clients "
			         "elsewhere on the Internet will not reach it\"",
			         i == 0 ? 4 : 6, text);
	}
}

/* A listener on any-address is one on every own address, too. */
static bool
teach_endpoint(struct peers *peers, const union addr *at, const union addr *own, unsigned n)
{
	bool ok = peers_add_endpoint(peers, at);

	for (unsigned i = 0; i < n && ok && addr_is_any(at); i++) {
		union addr a = own[i];

		addr_set_port(&a, addr_port(at));
		if (addr_family(&a) == addr_family(at))
			ok = peers_add_endpoint(peers, &a);
	}
	return ok;
}

/* The peer gate learns what is ours: refused, but for the relayed addresses (security A11). */
static int
teach_peers(struct daemon *d)
{
	const struct settings_ports *ports = &d->settings->relay.ports;
	struct peers *peers = d->build->peers;
	union addr own[HOST_ADDRESSES], broadcast[HOST_ADDRESSES];
	unsigned n = host_addresses(own, HOST_ADDRESSES);
	unsigned broadcasts = host_broadcasts(broadcast, HOST_ADDRESSES);
	bool ok = true;

	if (n == HOST_ADDRESSES)
		log_warn("config.warning",
		         "text=\"this host has more addresses than are looked at: name them in "
		         "peers.deny\"");
	for (unsigned i = 0; i < n && ok; i++)
		ok = peers_add_own(peers, &own[i]);
	for (unsigned i = 0; i < broadcasts && ok; i++)
		ok = peers_add_broadcast(peers, &broadcast[i]);
	for (unsigned i = 0; i < d->plan.listeners_n && ok; i++)
		ok = teach_endpoint(peers, &d->listeners[i].at, own, n);
	for (unsigned i = 0; i < 2 && ok && d->settings->peers.allow_self; i++)
		if (addr_family(&d->relay_ip[i]) != 0)
			ok = peers_add_self(peers, &d->relay_ip[i], ports->lo, ports->hi);
	return ok ? 0 : out_of_memory();
}

/* On a host without IPv6 the listener "::" is left out, and the rest serves. */
static bool
family_missing(const struct shard_listener *l)
{
	char text[ADDR_TEXT];

	if (!addr_is_any(&l->at) || sock_probe_udp(&l->at) != -EAFNOSUPPORT)
		return false;
	log_warn("listener.skipped", "listener=%s address=%s error=\"%s\"", l->name,
	         addr_text(&l->at, text), strerror(EAFNOSUPPORT));
	return true;
}

static int
list_listeners(struct daemon *d)
{
	const struct settings_listeners *want = &d->settings->listeners;
	size_t n = 0;

	for (size_t i = 0; i < want->n; i++)
		n += want->v[i].at_n;
	d->plan.listeners = d->listeners = calloc(n + 1, sizeof *d->listeners);
	if (d->listeners == NULL)
		return out_of_memory();
	for (size_t i = 0; i < want->n; i++) {
		for (size_t k = 0; k < want->v[i].at_n; k++) {
			struct shard_listener l = {want->v[i].at[k], want->v[i].name};

			if (!family_missing(&l))
				d->listeners[d->plan.listeners_n++] = l;
		}
	}
	if (d->plan.listeners_n > 0)
		return 0;
	log_error("server.failed", "error=\"no address to listen on\"");
	return DAEMON_UNAVAILABLE;
}

static int
open_shards(struct daemon *d)
{
	const struct settings_ports *ports = &d->settings->relay.ports;
	struct pool_policy pool = {{d->relay_ip[0], d->relay_ip[1]}, ports->lo, ports->hi};
	const struct shard_listener *failed = NULL;
	char text[ADDR_TEXT];
	int error = -ENOMEM;

	d->plan.pool = d->pool = pool_new(&pool);
	if (d->pool != NULL)
		error = shards_new(&d->plan, d->workers, &d->shards, &failed);
	if (error == 0)
		return 0;
	if (failed == NULL) {
		log_error("server.failed", "error=\"%s\"", strerror(-error));
		return DAEMON_OS;
	}
	log_error("listener.failed", "listener=%s address=%s transport=udp error=\"%s\"",
	          failed->name, addr_text(&failed->at, text), strerror(-error));
	return error == -EACCES || error == -EPERM ? DAEMON_NO_PERMISSION : DAEMON_UNAVAILABLE;
}

static void
report_listeners(const struct daemon *d)
{
	size_t got = shards_receive_buffer(d->shards);
	char text[ADDR_TEXT];

	for (unsigned i = 0; i < d->plan.listeners_n; i++)
		log_info("listener.up", "listener=%s address=%s transport=udp",
		         d->listeners[i].name, addr_text(&d->listeners[i].at, text));
	if (got < d->plan.listener_buffer)
		log_warn("config.warning",
		         "key=relay.socket_buffer wanted=%zu got=%zu text=\"net.core.rmem_max "
		         "clips the receive buffer\" fix=\"sysctl -w net.core.rmem_max=%zu\"",
		         d->plan.listener_buffer, got, d->plan.listener_buffer);
}

/*
 * Who to become. The package makes the user; without it (a build that was never installed) root
 * stays, loudly.
 */
static int
find_user(struct daemon *d)
{
	static const char *const why[] = {[PRIVS_NO_USER] = "no such user",
	                                  [PRIVS_NO_GROUP] = "no such group",
	                                  [PRIVS_UNREADABLE] = "cannot be looked up"};
	const struct settings_server *s = &d->settings->server;
	bool written = settings_origin(d->settings, "server.user").source != NULL;
	enum privs_found found;

	if (geteuid() != 0 || s->user[0] == '\0')
		return 0;
	found = privs_find(s->user, s->group, &d->privs);
	d->drop = found == PRIVS_FOUND;
	if (d->drop)
		return 0;
	if (found == PRIVS_NO_USER && !written) {
		log_warn("config.warning",
		         "key=server.user text=\"there is no user %s: running as root\"", s->user);
		return 0;
	}
	log_error("server.failed", "key=server.user user=%s group=%s error=\"%s\"", s->user,
	          s->group, why[found]);
	return DAEMON_NO_PERMISSION;
}

static int
drop_privileges(const struct daemon *d)
{
	const char *complaint;
	int error;

	if (!d->drop)
		return 0;
	error = log_give(d->privs.uid, d->privs.gid);
	if (error != 0)
		log_warn("config.warning", "key=log.file error=\"%s\"", strerror(-error));
	complaint = privs_drop(&d->privs);
	if (complaint == NULL)
		return 0;
	log_error("server.failed", "key=server.user error=\"%s\"", complaint);
	return DAEMON_NO_PERMISSION;
}

static int
make_parts(struct daemon *d)
{
	const struct settings *s = d->settings;
	struct quota_limits limits = {s->limits.allocations, s->limits.allocations_per_user};
	struct siphash_key key[2];

	entropy_fill(key, sizeof key);
	d->quota = quota_new(&limits, &key[0]);
	d->events = events_new(&s->log, &key[1]);
	if (d->quota == NULL || d->events == NULL)
		return out_of_memory();
	d->plan.policy = &d->build->policy;
	d->plan.quota = d->quota;
	d->plan.events = d->events;
	d->plan.relay_buffer = s->relay.socket_buffer;
	d->plan.listener_buffer =
		s->relay.socket_buffer > 0 ? s->relay.socket_buffer : LISTENER_BUFFER;
	return 0;
}

static int
prepare(struct daemon *d)
{
	struct turn_policy *policy = &d->build->policy;
	uint64_t have, need;
	int code = find_user(d);

	if (code == 0)
		code = make_parts(d);
	if (code == 0)
		code = list_listeners(d);
	if (code == 0)
		code = find_relay_addresses(d);
	if (code == 0)
		code = teach_peers(d);
	if (code != 0)
		return code;
	policy->ipv4 = policy->ipv4 && addr_family(&d->relay_ip[0]) != 0;
	policy->ipv6 = policy->ipv6 && addr_family(&d->relay_ip[1]) != 0;
	if (policy->relay && !policy->ipv4 && !policy->ipv6) {
		log_error("server.failed", "error=\"no address to relay from\" key=relay.ipv4");
		return DAEMON_UNAVAILABLE;
	}
	d->workers = workers(d->settings);
	need = settings_descriptors(d->settings, d->workers);
	have = privs_raise_descriptors(need);
	if (have < need)
		log_warn("config.warning",
		         "key=limits.allocations descriptors=%llu needed=%llu text=\"the limit of "
		         "open files is too small for that many allocations\"",
		         (unsigned long long)have, (unsigned long long)need);
	return open_shards(d);
}

int
daemon_open(const struct settings *settings, struct build *build, struct daemon **into)
{
	struct daemon *d = calloc(1, sizeof *d);
	int code;

	if (d == NULL)
		return out_of_memory();
	d->settings = settings;
	d->build = build;
	code = prepare(d);
	if (code == 0)
		code = drop_privileges(d);
	if (code != 0) {
		daemon_close(d);
		return code;
	}
	report_listeners(d);
	report_relay_addresses(d);
	*into = d;
	return 0;
}

void
daemon_close(struct daemon *d)
{
	if (d == NULL)
		return;
	shards_free(d->shards);
	events_free(d->events);
	quota_free(d->quota);
	free(d->listeners);
	pool_free(d->pool);
	free(d);
}

static void
reopen_log(void)
{
	int error = log_reopen();

	if (error != 0)
		log_error("log.reopen", "error=\"%s\"", strerror(-error));
	else
		log_info("log.reopen", "result=ok");
}

/* Until TERM or INT. */
static void
wait_for_end(struct daemon *d, const sigset_t *signals)
{
	for (;;) {
		switch (sigwaitinfo(signals, NULL)) {
		case SIGTERM:
		case SIGINT:
			return;
		case SIGHUP:
			reopen_log();
			break;
		case SIGUSR2:
			shards_log_state(d->shards);
			break;
		default:
			break;
		}
	}
}

int
daemon_run(struct daemon *d)
{
	uint64_t timeout = d->settings->server.stop_timeout;
	sigset_t signals, end;
	int error;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigaddset(&end, SIGINT);
	signals = end;
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGUSR2);
	error = shards_start(d->shards);
	if (error != 0) {
		log_error("server.failed", "error=\"%s\"", strerror(-error));
		return DAEMON_OS;
	}
	log_info("server.ready", "name=%s realm=%s workers=%u pid=%ld", d->settings->server.name,
	         d->settings->server.realm, d->workers, (long)getpid());
	wait_for_end(d, &signals);
	log_info("server.stop", "allocations=%u", quota_used(d->quota));
	/* A second TERM, while the workers stop, takes its default action: now. */
	sigprocmask(SIG_UNBLOCK, &end, NULL);
	if (!shards_stop(d->shards, timeout)) {
		log_error("server.stop", "error=\"a worker did not stop in time\"");
		log_close();
		_exit(DAEMON_OS); /* its memory is still in use: nothing may be freed */
	}
	return DAEMON_OK;
}
