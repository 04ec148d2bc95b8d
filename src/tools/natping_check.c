#include "tools/natping_check.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "tools/natping_client.h"
#include "tools/natping_steps.h"

enum { ADDRESSES_TEXT = 300, STAMP_TEXT = 40 };

static const char *
family_name(const union addr *a)
{
	return addr_family(a) == AF_INET6 ? "IPv6" : "IPv4";
}

bool
natping_check_name(struct natping *p)
{
	int family = p->wish.ipv4 ? AF_INET : p->wish.ipv6 ? AF_INET6 : AF_UNSPEC;
	const char *why = toolsock_resolve(p->uri.host, p->uri.port, family, &p->found);
	char text[ADDRESSES_TEXT] = "", one[ADDR_TEXT];
	size_t at = 0;

	if (why != NULL && strcmp(why, gai_strerror(EAI_AGAIN)) == 0)
		return natping_steps_add(p, "dns", NATPING_UNTESTED,
			"The resolver of this host does not answer for %s.",
			p->uri.host);
	if (why != NULL)
		return natping_steps_add(p, "dns", NATPING_FAILED,
			"%s has no %saddress: %s.",
			p->uri.host, p->wish.ipv4 ? "IPv4 " : p->wish.ipv6 ? "IPv6 " : "", why);
	for (unsigned i = 0; i < p->found.n && at < sizeof text; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", i > 0 ? ", " : "",
		                       addr_ip_text(&p->found.at[i], one));
	return natping_steps_add(p, "dns", NATPING_OK, "%s%s", text,
	                         p->uri.literal ? " (no name to look up)" : "");
}

struct tried { /* one address */
	const union addr *at;
	int outcome, wrong;
	double ms;
	union addr mapped;
};

static bool
no_route(int wrong)
{
	return wrong == -ENETUNREACH || wrong == -EAFNOSUPPORT || wrong == -EADDRNOTAVAIL;
}

/* Errors prove as well as an address that somebody speaks STUN there. */
static bool
alive(const struct tried *t)
{
	return t->wrong == 0 && (t->outcome == TURNC_GOOD || t->outcome > 0 ||
	                         t->outcome == TURNC_NO_CREDENTIALS);
}

static void
try_address(struct natping *p, struct tried *t)
{
	struct natping_client c;
	struct turnc_event ev;
	uint64_t began = clock_nsec();

	t->wrong = natping_client_open(p, &c, &p->stranger, t->at);
	if (t->wrong == 0) {
		turnc_binding(&c.turn);
		t->outcome = natping_client_await(p, &c, TURNC_OP_BINDING, &ev);
		t->ms = (double)(clock_nsec() - began) / 1e6;
		t->wrong = c.wrong;
		t->mapped = c.turn.mapped;
	}
	natping_client_close(&c);
}

static void
say_dead(struct natping *p, const struct tried *t, enum natping_level level)
{
	char at[ADDR_TEXT];

	addr_text(t->at, at);
	if (t->wrong == -ECONNREFUSED)
		natping_steps_add(p, "udp", level,
			"Nothing listens on UDP %s; is natsrvd running on another port?",
			at);
	else if (t->wrong != 0)
		natping_steps_add(p, "udp", level,
			"A firewall or router rejects UDP to %s: %s.",
			at, strerror(-t->wrong));
	else if (t->outcome == TURNC_BROKEN)
		natping_steps_add(p, "udp", level,
			"%s answers, but not as a STUN server does.",
			at);
	else
		natping_steps_add(p, "udp", level,
			"No answer from UDP %s. A firewall drops it (silent), or the address is "
			"wrong.",
			at);
}

/* Some other address works: a bad one still hurts those who pick it first. */
static void
say_half_dead(struct natping *p, const struct tried *t)
{
	char at[ADDR_TEXT];

	if (no_route(t->wrong))
		natping_steps_add(p, "udp", NATPING_INFO, "%s was not tested: this host has no %s.",
		                  addr_text(t->at, at), family_name(t->at));
	else if (p->uri.literal || addr_family(t->at) == addr_family(&p->server))
		say_dead(p, t, NATPING_WARNING);
	else
		natping_steps_add(p, "udp", NATPING_WARNING,
			"%s has an %s address (%s) but nothing answers there; browsers may pick "
			"it. Remove the %s record or open the port.",
			p->uri.host, family_name(t->at), addr_text(t->at, at),
			addr_family(t->at) == AF_INET6 ? "AAAA" : "A");
}

static bool
say_alive(struct natping *p, const struct tried *t)
{
	char at[ADDR_TEXT], mapped[ADDR_TEXT];

	addr_text(t->at, at);
	if (t->outcome != TURNC_GOOD)
		return natping_steps_add(p, "udp", NATPING_INFO,
			"%s answers Binding requests with an error (%s).",
			at, turnc_outcome_name(t->outcome));
	p->mapped = t->mapped;
	return natping_steps_add(p, "udp", NATPING_OK,
		"%s answered in %.2f ms and sees us as %s",
		at, t->ms, addr_text(&t->mapped, mapped));
}

bool
natping_check_udp(struct natping *p)
{
	struct tried tried[TOOLSOCK_ADDRS];
	const struct tried *good = NULL, *dead = NULL;
	char at[ADDR_TEXT];

	for (unsigned i = 0; i < p->found.n; i++) {
		tried[i] = (struct tried){.at = &p->found.at[i], .outcome = TURNC_INTERNAL};
		try_address(p, &tried[i]);
		if (alive(&tried[i]) && good == NULL)
			good = &tried[i];
		if (!alive(&tried[i]) && !no_route(tried[i].wrong))
			dead = &tried[i];
	}
	if (good == NULL && dead == NULL)
		return natping_steps_add(p, "udp", NATPING_UNTESTED,
			"This host has no route to %s.",
			addr_text(tried[0].at, at));
	if (good == NULL) {
		say_dead(p, dead, NATPING_FAILED);
		return false;
	}
	p->server = *good->at;
	say_alive(p, good);
	for (unsigned i = 0; i < p->found.n; i++)
		if (!alive(&tried[i]))
			say_half_dead(p, &tried[i]);
	return true;
}

bool
natping_check_stranger(struct natping *p)
{
	static const char name[] = "no password";
	struct natping_client c;
	struct turnc_event ev;
	bool on = true;

	if (natping_client_open(p, &c, &p->stranger, &p->server) != 0)
		return natping_steps_add(p, name, NATPING_UNTESTED, "%s", strerror(-c.wrong));
	turnc_allocate(&c.turn);
	int outcome = natping_client_await(p, &c, TURNC_OP_ALLOCATE, &ev);
	switch (outcome) {
	case TURNC_NO_CREDENTIALS:
		on = natping_steps_add(p, name, NATPING_OK,
			"an Allocate without credentials is refused");
		break;
	case TURNC_GOOD:
		turnc_delete(&c.turn);
		natping_client_await(p, &c, TURNC_OP_DELETE, &ev);
		on = natping_steps_add(p, name, NATPING_CRITICAL,
		                       "OPEN RELAY: anyone can send traffic through this server.");
		break;
	case TURNC_TIMEOUT:
	case TURNC_REFUSED:
		on = natping_steps_add(p, name, NATPING_FAILED,
			"The server answers STUN, but not TURN: it is a STUN server only, or TURN "
			"is switched off.");
		break;
	default:
		on = natping_steps_add(p, name, NATPING_WARNING,
			"The server should answer an Allocate without credentials with 401; it "
			"did with %u: %s.",
			ev.code, turnc_outcome_name(outcome));
	}
	natping_client_close(&c);
	return on;
}

/* "2026-11-20 12:00:00 UTC" */
static const char *
print_time(int64_t unix_s, char into[static STAMP_TEXT])
{
	time_t t = (time_t)unix_s;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(into, STAMP_TEXT, "%Y-%m-%d %H:%M:%S UTC", &tm) == 0)
		snprintf(into, STAMP_TEXT, "(second %lld)", (long long)unix_s);
	return into;
}

static bool
say_unauthorized(struct natping *p, const char *name)
{
	const char *likely = p->minted ?
		"Most likely the shared secret differs from the server's (natsrv: "
		"auth.secret_files, coturn: static-auth-secret), or a file carries a newline or "
		"blanks too many." :
		"Most likely the user name or the password is wrong, or the shared secret of "
		"whoever made them differs from the server's.";
	char until[STAMP_TEXT], clock[STAMP_TEXT];
	int64_t now = clock_now().unix_s;

	if (p->expiry == 0)
		return natping_steps_add(p, name, NATPING_FAILED,
		                         "The server does not accept this password. %s", likely);
	print_time(p->expiry, until);
	print_time(now, clock);
	if (p->expiry <= now)
		return natping_steps_add(p, name, NATPING_FAILED,
			"The server does not accept this password: the credential was valid until "
			"%s, and it is %s: expired.",
			until, clock);
	return natping_steps_add(p, name, NATPING_FAILED,
		"The server does not accept this password. %s The credential is valid until %s; "
		"here it is %s: a server whose clock is further ahead takes it for expired.",
		likely, until, clock);
}

static const char *
cause(int outcome)
{
	static const struct {
		int outcome;
		const char *words;
	} causes[] = {
		{403, "The server's policy forbids this user or address, or it drains."},
		{437, "The server holds an older allocation of this address and port; try again."},
		{438,
		 "Every nonce is stale at once: do the servers behind this address share a nonce "
		 "key?"},
		{440, "The server has no relay addresses of this family."},
		{441, "The server knows this address and port under another user name."},
		{442, "The server does not relay UDP, or not for this listener."},
		{486, "The allocation quota of this user, or of the server, is used up."},
		{508, "The server has no relay port or no capacity left."},
		{TURNC_TIMEOUT,
		 "No answer to the Allocate with credentials, although the one without was "
		 "answered: the server may be waiting for its user database, or longer packets "
		 "get lost."},
		{TURNC_INTEGRITY,
		 "Answers came, but none of them could be verified with this password."},
		{TURNC_NO_ALGORITHM,
		 "The server offers no password algorithm that this client knows."},
		{TURNC_BROKEN,
		 "The answer lacks a relayed address, a mapped address or a lifetime."},
	};

	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
		if (causes[i].outcome == outcome)
			return causes[i].words;
	return "The server refuses.";
}

static bool
say_refused(struct natping *p, const char *name, int outcome, const struct turnc_event *ev)
{
	char at[ADDR_TEXT];

	if (outcome == 401)
		return say_unauthorized(p, name);
	if (outcome == 300)
		return natping_steps_add(p, name, NATPING_FAILED,
			"The server sends its clients elsewhere (300): test %s.",
			addr_text(&ev->peer, at));
	if (outcome == TURNC_INTEGRITY && ev->code != 0)
		return natping_steps_add(p, name, NATPING_FAILED, "%s The last of them said %u.",
		                         cause(outcome), ev->code);
	if (outcome > 0)
		return natping_steps_add(p, name, NATPING_FAILED,
			"%s (%d %s)",
			cause(outcome), outcome, turnc_outcome_name(outcome));
	return natping_steps_add(p, name, NATPING_FAILED, "%s", cause(outcome));
}

bool
natping_check_allocate(struct natping *p, struct natping_client *c, const char *name)
{
	char relayed[ADDR_TEXT];
	struct turnc_event ev;

	if (natping_client_open(p, c, &p->want, &p->server) != 0)
		return natping_steps_add(p, name, NATPING_UNTESTED, "%s", strerror(-c->wrong));
	turnc_allocate(&c->turn);
	int outcome = natping_client_await(p, c, TURNC_OP_ALLOCATE, &ev);
	if (outcome != TURNC_GOOD)
		return say_refused(p, name, outcome, &ev);
	p->lifetime = c->turn.lifetime;
	p->sha256 = c->turn.challenge.sha256;
	p->mapped = c->turn.mapped;
	p->relayed[c == &p->b] = c->turn.relayed;
	return natping_steps_add(p, name, NATPING_OK, "relayed address %s for %u s (%s integrity)",
	                         addr_text(&c->turn.relayed, relayed), c->turn.lifetime,
	                         p->sha256 ? "SHA-256" : "SHA-1");
}
