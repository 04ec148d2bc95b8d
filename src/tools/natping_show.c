#include "tools/natping_show.h"

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tools/natping_steps.h"
#include "tools/tooljson.h"

static const char *
verdict(const struct natping *p)
{
	const struct natping_step *worst = natping_steps_worst(p);

	switch (worst == NULL ? NATPING_UNTESTED : worst->level) {
	case NATPING_OK:
	case NATPING_INFO:
		return "works";
	case NATPING_WARNING:
		return "warnings";
	case NATPING_UNTESTED:
		return "untested";
	case NATPING_FAILED:
		return "broken";
	default:
		return "unsafe";
	}
}

/* --- JSON ------------------------------------------------------------------------------------- */

static void
put_addr(struct tooljson *j, const char *name, const union addr *a)
{
	char text[ADDR_TEXT];

	tooljson_text(j, name, addr_family(a) == 0 ? NULL : addr_text(a, text));
}

static void
put_steps(struct tooljson *j, const struct natping *p)
{
	tooljson_open(j, "steps", '[');
	for (unsigned i = 0; i < p->steps; i++) {
		const struct natping_step *s = &p->step[i];

		tooljson_open(j, NULL, '{');
		tooljson_text(j, "step", s->name);
		tooljson_text(j, "result", s->level == NATPING_CRITICAL ?
		                           "critical" : natping_steps_level(s->level));
		tooljson_text(j, "words", s->words);
		tooljson_close(j, '}');
	}
	tooljson_close(j, ']');
}

static void
put_echo(struct tooljson *j, const struct natping_echo *e)
{
	double no = e->received == 0 ? -1 : 0;

	tooljson_open(j, "echo", '{');
	tooljson_number(j, "sent", e->sent);
	tooljson_number(j, "received", e->received);
	tooljson_decimal(j, "loss_percent", 100.0 * (e->sent - e->received) / e->sent);
	tooljson_open(j, "rtt_ms", '{');
	tooljson_decimal(j, "min", no < 0 ? no : e->min);
	tooljson_decimal(j, "p50", no < 0 ? no : e->p50);
	tooljson_decimal(j, "p99", no < 0 ? no : e->p99);
	tooljson_decimal(j, "max", no < 0 ? no : e->max);
	tooljson_close(j, '}');
	tooljson_decimal(j, "jitter_ms", no < 0 ? no : e->jitter);
	tooljson_close(j, '}');
}

static void
put_proof(struct tooljson *j, const struct natping *p)
{
	static const char *const names[] = {"a_to_b", "b_to_a"};

	tooljson_open(j, "proof", '{');
	tooljson_number(j, "datagrams", p->wish.datagrams);
	tooljson_decimal(j, "seconds", p->seconds);
	for (unsigned way = 0; way < 2; way++) {
		const struct natping_way *w = &p->way[way];

		tooljson_open(j, names[way], '{');
		tooljson_number(j, "sent", w->sent);
		tooljson_number(j, "received", w->received);
		tooljson_number(j, "bytes", w->bytes);
		tooljson_number(j, "corrupt", w->corrupt);
		tooljson_number(j, "duplicate", w->duplicate);
		tooljson_close(j, '}');
	}
	tooljson_close(j, '}');
}

static void
show_json(const struct natping *p)
{
	struct tooljson j = {.to = stdout};
	bool allocated = addr_family(&p->relayed[0]) != 0;
	char uri[URI_TEXT];

	tooljson_open(&j, NULL, '{');
	tooljson_text(&j, "schema", "natping/1");
	tooljson_text(&j, "version", PACKAGE_VERSION);
	tooljson_text(&j, "uri", uri_text(&p->uri, uri));
	tooljson_text(&j, "result", verdict(p));
	tooljson_number(&j, "exit", (uint64_t)natping_steps_exit(p));
	put_addr(&j, "server", &p->server);
	put_addr(&j, "mapped", &p->mapped);
	tooljson_open(&j, "relayed", '[');
	for (unsigned i = 0; i < 2; i++)
		if (addr_family(&p->relayed[i]) != 0)
			put_addr(&j, NULL, &p->relayed[i]);
	tooljson_close(&j, ']');
	if (allocated) {
		tooljson_number(&j, "lifetime_seconds", p->lifetime);
		tooljson_text(&j, "integrity", p->sha256 ? "SHA-256" : "SHA-1");
	}
	put_steps(&j, p);
	if (p->echo.sent > 0)
		put_echo(&j, &p->echo);
	if (p->way[0].sent > 0)
		put_proof(&j, p);
	tooljson_close(&j, '}');
	putchar('\n');
}

/* --- monitoring ------------------------------------------------------------------------------- */

static void
show_nagios(const struct natping *p)
{
	static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
	const struct natping_step *worst = natping_steps_worst(p);
	const struct natping_echo *e = &p->echo;
	bool good = worst != NULL && worst->level < NATPING_WARNING;

	printf("TURN %s - ", words[natping_steps_exit(p)]);
	if (!good && worst != NULL)
		printf("%s: %s", worst->name, worst->words);
	else if (e->received > 0)
		printf("%u of %u echoes, rtt %.2f ms", e->received, e->sent, e->p50);
	else
		printf("all checks passed");
	if (e->sent > 0)
		printf(" | loss=%.1f%%;;;0;100", 100.0 * (e->sent - e->received) / e->sent);
	if (e->received > 0)
		printf(" rtt_p50=%.3fms;;;0 rtt_p99=%.3fms;;;0 jitter=%.3fms;;;0", e->p50, e->p99,
		       e->jitter);
	putchar('\n');
}

/* --- report ----------------------------------------------------------------------------------- */

struct mask { /* what must not be read by strangers, and what stands for it */
	char text[URI_HOST];
	const char *instead;
};

enum { MASKS = 6 };

static unsigned
masks_of(const struct natping *p, struct mask m[MASKS])
{
	unsigned n = 0;
	char ip[ADDR_TEXT];

	snprintf(m[n].text, sizeof m[n].text, "%s", p->uri.host);
	m[n++].instead = "(server)";
	snprintf(m[n].text, sizeof m[n].text, "%s", addr_ip_text(&p->server, ip));
	m[n++].instead = "(server-ip)";
	snprintf(m[n].text, sizeof m[n].text, "%s", addr_ip_text(&p->relayed[0], ip));
	m[n++].instead = "(relay-ip)";
	snprintf(m[n].text, sizeof m[n].text, "%s", addr_ip_text(&p->mapped, ip));
	m[n++].instead = "(client-ip)";
	for (unsigned i = 0; i < p->found.n && n < MASKS; i++) {
		snprintf(m[n].text, sizeof m[n].text, "%s", addr_ip_text(&p->found.at[i], ip));
		m[n++].instead = "(other-server-ip)";
	}
	return n;
}

static void
put_masked(const struct natping *p, const char *words)
{
	struct mask m[MASKS];
	unsigned n = masks_of(p, m);

	while (*words != '\0') {
		unsigned i = 0;

		while (i < n && (strcmp(m[i].text, "none") == 0 || m[i].text[0] == '\0' ||
		                 strncmp(words, m[i].text, strlen(m[i].text)) != 0))
			i++;
		if (i < n) {
			fputs(m[i].instead, stdout);
			words += strlen(m[i].text);
		} else {
			putchar(*words == '|' ? '/' : *words);
			words++;
		}
	}
}

static void
show_report(const struct natping *p)
{
	char uri[URI_TEXT];

	printf("### natping %s: %s\n\n`", PACKAGE_VERSION, verdict(p));
	put_masked(p, uri_text(&p->uri, uri));
	printf("`%s%s\n\n| step | result | detail |\n|---|---|---|\n", p->known ? ", " : "",
	       !p->known ? "" : p->minted ? "credentials from a secret" : "fixed credentials");
	for (unsigned i = 0; i < p->steps; i++) {
		printf("| %s | %s | ", p->step[i].name, natping_steps_level(p->step[i].level));
		put_masked(p, p->step[i].words);
		printf(" |\n");
	}
}

/* --- people ----------------------------------------------------------------------------------- */

void
natping_show_head(const struct natping *p)
{
	char uri[URI_TEXT];

	if (!p->quiet)
		printf("natping %s\n\n", uri_text(&p->uri, uri));
}

static void
show_people(const struct natping *p)
{
	static const char *const words[] = {
		"It works.", "It works, with warnings.", "It does not work.",
		"It could not be tested.",
	};
	const struct natping_step *worst = natping_steps_worst(p);
	bool unsafe = worst != NULL && worst->level == NATPING_CRITICAL;

	printf("\n%s\n", unsafe ? "It is not safe." : words[natping_steps_exit(p)]);
}

void
natping_show_result(const struct natping *p)
{
	if (p->wish.json)
		show_json(p);
	else if (p->wish.nagios)
		show_nagios(p);
	else if (p->wish.report)
		show_report(p);
	else
		show_people(p);
}

void
natping_show_mint(const struct natping *p)
{
	struct uri udp = p->uri;
	char uri[URI_TEXT], until[40] = "";
	char password[KEY_REST_PASSWORD];
	time_t t = (time_t)p->expiry;
	struct tm tm;

	udp.transport = URI_UDP;
	udp.turn = true;
	uri_text(&udp, uri);
	snprintf(password, sizeof password, "%.*s", (int)p->password.n,
	         (const char *)p->password.b);
	if (gmtime_r(&t, &tm) != NULL)
		strftime(until, sizeof until, "%Y-%m-%d %H:%M:%S UTC", &tm);
	if (!p->wish.json)
		printf("  urls         %s\n  username     %s\n  credential   %s\n"
		       "  valid until  %s\n\n", uri, p->username, password, until);

	struct tooljson j = {.to = stdout};
	tooljson_open(&j, NULL, '{');
	tooljson_open(&j, "iceServers", '[');
	tooljson_open(&j, NULL, '{');
	tooljson_text(&j, "urls", uri);
	tooljson_text(&j, "username", p->username);
	tooljson_text(&j, "credential", password);
	tooljson_close(&j, '}');
	tooljson_close(&j, ']');
	tooljson_close(&j, '}');
	putchar('\n');
	digest_wipe(password, sizeof password);
}
