/*
 * natprobe: does UDP work from here, and is there a NAT in the way? natprobe(1).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conf/cli.h"
#include "client/uri.h"
#include "tools/natprobe_ask.h"
#include "tools/natprobe_show.h"
#include "tools/toolsock.h"

enum { FAILED = 3, SERVERS = 16, PROBES = 2 * SERVERS };

struct wish {
	unsigned count;
	uint64_t interval, timeout;
	bool ipv4, ipv6, json;
};

#define ROW(kind, field, long_name) \
	.type = CLI_##kind, .offset = offsetof(struct wish, field), .name = long_name

static const struct cli_option rows[] = {
	{ROW(INT, count, "count"), .letter = 'n', .argument = "N", .min = 1,
	 .max = NATPROBE_SAMPLES, .help = "Binding requests to each address (5)"},
	{ROW(DURATION, interval, "interval"), .letter = 'i', .argument = "TIME", .min = 100,
	 .max = 60000, .help = "time between them (200ms)"},
	{ROW(DURATION, timeout, "timeout"), .letter = 't', .argument = "TIME", .min = 500,
	 .max = 60000, .help = "how long to wait for an answer (3s)"},
	{ROW(FLAG, ipv4, "ipv4"), .letter = '4', .help = "IPv4 only"},
	{ROW(FLAG, ipv6, "ipv6"), .letter = '6', .help = "IPv6 only"},
	{ROW(FLAG, json, "json"), .letter = 'j', .help = "one JSON object"},
	{.type = CLI_END},
};

static const struct cli cli = {
	.program = "natprobe",
	.usage = "[options] SERVER...",
	.about = "Does UDP work from here, and is there a NAT in the way?",
	.rows = rows,
	.version = "natprobe " PACKAGE_VERSION,
	.epilog = "A SERVER is a STUN server: host, host:port, or a stun: URI.\n"
	          "Exit status: 0 UDP works, 2 UDP is blocked, 3 error, 64 wrong usage.",
};

struct probes {
	unsigned n;
	struct natprobe_found found[PROBES];
	struct uri uri[SERVERS];
};

static void
random_bytes(void *ctx, void *into, size_t n)
{
	entropy_take(ctx, into, n);
}

/* Sends at 0 and 0.5 s, from 3 s on at 1.5 s as well; fails at `timeout`. */
static struct txn_policy
schedule(uint64_t timeout)
{
	bool thrice = timeout >= 3000, twice = timeout >= 1000;
	uint64_t spent = thrice ? 1500 : twice ? 500 : 0;

	return (struct txn_policy){
		.rto = 500,
		.rc = thrice ? 3 : twice ? 2 : 1,
		.rm = (uint16_t)((timeout - spent) / 500),
	};
}

static struct natprobe_found *
add(struct probes *p, const char *host)
{
	struct natprobe_found *f = &p->found[p->n++];

	f->host = host;
	return f;
}

/* The first address of each family. */
static void
collect(struct probes *p, const struct uri *uri, const struct wish *w)
{
	int family = w->ipv4 ? AF_INET : w->ipv6 ? AF_INET6 : AF_UNSPEC;
	struct toolsock_list list;
	const char *why = toolsock_resolve(uri->host, uri->port, family, &list);
	bool v4 = false, v6 = false;

	if (why != NULL) {
		add(p, uri->host)->complaint = why;
		return;
	}
	for (unsigned i = 0; i < list.n; i++) {
		bool *had = addr_family(&list.at[i]) == AF_INET6 ? &v6 : &v4;

		if (!*had)
			add(p, uri->host)->server = list.at[i];
		*had = true;
	}
}

static int
probe(struct probes *p, const struct wish *w)
{
	struct entropy entropy = {.left = 0};
	struct turnc_env env = {digest_new(), random_bytes, &entropy};
	struct turnc_want want = {.txn = schedule(w->timeout)};
	const struct natprobe_how how = {w->count, w->interval, &env, &want};

	if (env.digest == NULL) {
		fprintf(stderr, "natprobe: out of memory\n");
		return FAILED;
	}
	for (unsigned i = 0; i < p->n; i++)
		if (p->found[i].complaint == NULL)
			natprobe_ask(&how, &p->found[i]);
	digest_free(env.digest);
	if (w->json)
		natprobe_show_json(p->found, p->n);
	else
		natprobe_show_people(p->found, p->n,
		                     isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL);
	return natprobe_show_exit(p->found, p->n);
}

int
main(int argc, char **argv)
{
	struct wish w = {.count = 5, .interval = 200, .timeout = 3000};
	int at = cli_parse(&cli, argc, argv, &w), status;
	struct probes *p;

	if (at < 0)
		return cli_status(at);
	if (at == argc)
		return cli_usage(&cli, "which server?");
	if (argc - at > SERVERS)
		return cli_usage(&cli, "at most %d servers", SERVERS);
	if (w.ipv4 && w.ipv6)
		return cli_usage(&cli, "--ipv4 and --ipv6 exclude each other");
	p = calloc(1, sizeof *p);
	if (p == NULL)
		return FAILED;
	for (int i = at; i < argc; i++) {
		struct uri *uri = &p->uri[i - at];
		const char *why = uri_parse_host(argv[i], uri);

		if (why == NULL)
			why = uri_udp(uri);
		if (why != NULL) {
			free(p);
			return cli_usage(&cli, "%s: %s", argv[i], why);
		}
		collect(p, uri, &w);
	}
	status = probe(p, &w);
	free(p);
	return status;
}
