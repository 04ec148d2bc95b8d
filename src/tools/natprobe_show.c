#include "tools/natprobe_show.h"

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tools/tooljson.h"

static const char *
why_not(const struct natprobe_found *f)
{
	if (f->complaint != NULL)
		return f->complaint;
	if (f->wrong == -ECONNREFUSED)
		return "nothing listens there";
	if (f->wrong != 0)
		return strerror(-f->wrong);
	if (f->outcome == TURNC_TIMEOUT)
		return "no answer: a firewall drops UDP, or no server is there";
	return turnc_outcome_name(f->outcome);
}

static double
median(const struct natprobe_found *f)
{
	return f->timed == 0 ? -1 : f->rtt_ms[(f->timed - 1) / 2];
}

static const char *
family_name(const struct natprobe_found *f)
{
	return addr_family(&f->server) == AF_INET6 ? "IPv6" : "IPv4";
}

static void
row(const char *name, const char *value)
{
	printf("  %-9s%s\n", name, value);
}

static void
show_working(const struct natprobe_found *f, const char *good, const char *plain)
{
	char text[160], mapped[ADDR_TEXT], local[ADDR_TEXT];
	bool nat = natprobe_ask_nat(f), same = addr_port(&f->local) == addr_port(&f->mapped);

	if (f->timed > 0)
		snprintf(text, sizeof text,
		         "%sworks%s, rtt %.2f ms (min %.2f, max %.2f; %u of %u answered)", good,
		         plain, median(f), f->rtt_ms[0], f->rtt_ms[f->timed - 1], f->received,
		         f->sent);
	else
		snprintf(text, sizeof text,
		         "%sworks%s, but not at the first try (%u of %u answered)", good, plain,
		         f->received, f->sent);
	row("UDP", text);
	row(nat ? "Public" : "Address", addr_text(&f->mapped, mapped));
	if (nat)
		snprintf(text, sizeof text, "yes (local %s)", addr_text(&f->local, local));
	row("NAT", nat ? text : "no: the server sees the address that this host has");
	if (nat)
		row("Port", same ? "preserved" : "changed");
}

void
natprobe_show_people(const struct natprobe_found *f, unsigned n, bool colour)
{
	char at[ADDR_TEXT];

	for (unsigned i = 0; i < n; i++) {
		printf("%s%s", i > 0 ? "\n" : "", f[i].host);
		if (addr_family(&f[i].server) != 0)
			printf("  %s  %s", family_name(&f[i]), addr_text(&f[i].server, at));
		putchar('\n');
		if (natprobe_ask_works(&f[i]))
			show_working(&f[i], colour ? "\033[32m" : "", colour ? "\033[0m" : "");
		else
			printf("  %-9s%s%s%s, %s\n", "UDP", colour ? "\033[31m" : "",
			       f[i].complaint != NULL ? "not tested" : "does not work",
			       colour ? "\033[0m" : "", why_not(&f[i]));
	}
}

static void
put_addr(struct tooljson *j, const char *name, const union addr *a)
{
	char text[ADDR_TEXT];

	tooljson_text(j, name, addr_family(a) == 0 ? NULL : addr_text(a, text));
}

static void
put_findings(struct tooljson *j, const struct natprobe_found *f)
{
	tooljson_bool(j, "udp", natprobe_ask_works(f));
	put_addr(j, "local", &f->local);
	put_addr(j, "mapped", &f->mapped);
	if (natprobe_ask_works(f)) {
		tooljson_bool(j, "behind_nat", natprobe_ask_nat(f));
		tooljson_bool(j, "port_preserved", addr_port(&f->local) == addr_port(&f->mapped));
	} else {
		tooljson_text(j, "behind_nat", NULL);
		tooljson_text(j, "port_preserved", NULL);
	}
	tooljson_decimal(j, "rtt_ms", median(f));
}

static void
put_probe(struct tooljson *j, const struct natprobe_found *f)
{
	tooljson_open(j, NULL, '{');
	tooljson_text(j, "host", f->host);
	put_addr(j, "server", &f->server);
	tooljson_text(j, "family", addr_family(&f->server) == 0 ? NULL :
	                           addr_family(&f->server) == AF_INET6 ? "ipv6" : "ipv4");
	put_findings(j, f);
	tooljson_number(j, "sent", f->sent);
	tooljson_number(j, "received", f->received);
	tooljson_decimal(j, "rtt_min_ms", f->timed == 0 ? -1 : f->rtt_ms[0]);
	tooljson_decimal(j, "rtt_max_ms", f->timed == 0 ? -1 : f->rtt_ms[f->timed - 1]);
	tooljson_text(j, "error", natprobe_ask_works(f) ? NULL : why_not(f));
	tooljson_close(j, '}');
}

void
natprobe_show_json(const struct natprobe_found *f, unsigned n)
{
	const struct natprobe_found *best = &f[0];
	struct tooljson j = {.to = stdout};

	for (unsigned i = n; i-- > 0;)
		if (natprobe_ask_works(&f[i]))
			best = &f[i];
	tooljson_open(&j, NULL, '{');
	tooljson_text(&j, "schema", "natprobe/1");
	tooljson_text(&j, "version", PACKAGE_VERSION);
	put_findings(&j, best);
	tooljson_open(&j, "probes", '[');
	for (unsigned i = 0; i < n; i++)
		put_probe(&j, &f[i]);
	tooljson_close(&j, ']');
	tooljson_close(&j, '}');
	putchar('\n');
}

int
natprobe_show_exit(const struct natprobe_found *f, unsigned n)
{
	int status = 3;

	for (unsigned i = 0; i < n; i++) {
		if (natprobe_ask_works(&f[i]))
			return 0;
		if (f[i].complaint == NULL)
			status = 2;
	}
	return status;
}
