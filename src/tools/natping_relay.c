#include "tools/natping_relay.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/prefix.h"
#include "tools/natping_client.h"
#include "tools/natping_flow.h"
#include "tools/natping_steps.h"

enum { DATA_TRIES = 5 };

/* Numbers that no echo has: what comes late must not be taken for one. */
static const uint32_t data_number = 0x80000000u;

/* Addresses that nobody outside can send to. */
static bool
is_inside(const union addr *a)
{
	static const char *const prefixes[] = {
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
		"172.16.0.0/12", "192.168.0.0/16", "::/127", "fc00::/7", "fe80::/10",
	};
	struct prefix prefix;

	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (prefix_parse(prefixes[i], &prefix) == NULL && prefix_holds(&prefix, a))
			return true;
	return false;
}

bool
natping_relay_address(struct natping *p)
{
	const union addr *relayed = &p->a.turn.relayed;
	char offered[ADDR_TEXT], server[ADDR_TEXT];

	addr_ip_text(relayed, offered);
	addr_ip_text(&p->server, server);
	if (addr_is_any(relayed))
		return natping_steps_add(p, "address", NATPING_FAILED,
			"The server offers %s, which is no address. Set the address that it relays "
			"from (natsrv: relay.ipv4; coturn: external-ip).",
			offered);
	if (is_inside(relayed) && !is_inside(&p->server))
		return natping_steps_add(p, "address", NATPING_WARNING,
			"The server offers %s, a private address, which clients elsewhere cannot "
			"reach. Set a public one (natsrv: relay.%s; coturn: external-ip).",
			offered, addr_family(relayed) == AF_INET6 ? "ipv6" : "ipv4");
	if (addr_family(relayed) == addr_family(&p->server) && !is_inside(&p->server) &&
	    !addr_same_ip(relayed, &p->server))
		return natping_steps_add(p, "address", NATPING_WARNING,
			"The server offers %s, but it is reached as %s; right only if it has both.",
			offered, server);
	if (addr_family(relayed) != addr_family(&p->server))
		return natping_steps_add(p, "address", NATPING_OK,
			"%s, of the other family than %s",
			offered, server);
	return natping_steps_add(p, "address", NATPING_OK,
		addr_same_ip(relayed, &p->server)
			? "%s is what the server is reached by%s"
			: "%s is another address of a server in the same private network%s",
		offered, is_inside(relayed) ? ", though not from the Internet" : "");
}

static bool
permit(struct natping *p, struct natping_client *c, const union addr *peer)
{
	struct turnc_event ev;
	char at[ADDR_TEXT];

	turnc_permit(&c->turn, peer);
	int outcome = natping_client_await(p, c, TURNC_OP_PERMIT, &ev);
	addr_ip_text(peer, at);
	if (outcome == TURNC_GOOD)
		return true;
	if (outcome == 403)
		return natping_steps_add(p, "permission", NATPING_FAILED,
			"Peer rules forbid %s, the relay's own address, so two users of this "
			"server cannot talk to each other; explain: natsrvctl explain peer %s",
			at, at);
	return natping_steps_add(p, "permission", NATPING_FAILED, "CreatePermission for %s: %s", at,
	                         turnc_outcome_name(outcome));
}

bool
natping_relay_permission(struct natping *p)
{
	char a[ADDR_TEXT], b[ADDR_TEXT];

	if (!permit(p, &p->a, &p->b.turn.relayed) || !permit(p, &p->b, &p->a.turn.relayed))
		return false;
	return natping_steps_add(p, "permission", NATPING_OK,
		"%s and %s, for each other",
		addr_text(&p->a.turn.relayed, a), addr_text(&p->b.turn.relayed, b));
}

bool
natping_relay_channel(struct natping *p)
{
	struct turnc_event ev;
	char peer[ADDR_TEXT];

	turnc_channel(&p->a.turn, &p->b.turn.relayed);
	int outcome = natping_client_await(p, &p->a, TURNC_OP_CHANNEL, &ev);
	if (outcome != TURNC_GOOD)
		return natping_steps_add(p, "channel", NATPING_FAILED, "ChannelBind: %s",
		                         turnc_outcome_name(outcome));
	return natping_steps_add(p, "channel", NATPING_OK, "0x%04x to %s",
	                         turnc_channel_number(&p->a.turn, &p->b.turn.relayed),
	                         addr_text(&p->b.turn.relayed, peer));
}

static bool
say_data(struct natping *p, const bool through[2], const struct natping_arrival *last)
{
	if (through[0] && through[1])
		return natping_steps_add(p, "data", last->sound ? NATPING_OK : NATPING_FAILED,
			"%s",
			last->sound ? "through both relays, both ways: ChannelData, Send and Data" :
			              "Payloads arrive damaged.");
	if (!through[0] && !through[1])
		return natping_steps_add(p, "data", NATPING_FAILED,
			"Packets reach the relay but nothing comes back: UDP 49152-65535 (the "
			"relay ports) is not open inbound, or the host does not send to its own "
			"public address.");
	return natping_steps_add(p, "data", NATPING_FAILED,
		"Data goes one way only: %s arrives, %s does not.",
		through[0] ? "ChannelData to a peer" : "a Send indication",
		through[0] ? "a Send indication" : "ChannelData to a peer");
}

bool
natping_relay_data(struct natping *p)
{
	bool through[2] = {false, false};
	struct natping_arrival got, last = {.sound = true};

	for (uint32_t try = 0; try < DATA_TRIES && !(through[0] && through[1]); try++) {
		msec until = clock_now().mono + p->wish.timeout / DATA_TRIES;

		for (unsigned way = 0; way < 2; way++) {
			const struct natping_parcel parcel = {
				way, data_number + try, clock_nsec(), 64
			};

			natping_flow_send(p, &parcel);
		}
		while (!(through[0] && through[1]) && natping_flow_receive(p, until, &got)) {
			through[got.way] = true;
			if (!got.sound)
				last = got;
		}
	}
	return say_data(p, through, &last);
}

static void
safety_of(struct natping *p, const char *text)
{
	union addr peer;
	struct turnc_event ev;

	if (addr_parse(text, 9, &peer) != NULL ||
	    addr_family(&peer) != addr_family(&p->a.turn.relayed))
		return;
	if (addr_same_ip(&peer, &p->a.turn.relayed)) {
		natping_steps_add(p, "safety", NATPING_INFO,
			"%s is the relay's own address: not judged",
			text);
		return;
	}
	turnc_permit(&p->a.turn, &peer);
	int outcome = natping_client_await(p, &p->a, TURNC_OP_PERMIT, &ev);
	if (outcome == 403)
		natping_steps_add(p, "safety", NATPING_OK, "%s is forbidden as a peer", text);
	else if (outcome == TURNC_GOOD)
		natping_steps_add(p, "safety", NATPING_CRITICAL,
			"The relay lets clients reach its own internal network: %s is allowed as "
			"a peer.",
			text);
	else
		natping_steps_add(p, "safety", NATPING_WARNING,
			"A permission for %s should be refused with 403; the answer was: %s.",
			text, turnc_outcome_name(outcome));
}

bool
natping_relay_safety(struct natping *p)
{
	static const char *const peers[] = {
		"127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "fe80::1", "fd00::1",
	};

	for (size_t i = 0; i < sizeof peers / sizeof peers[0]; i++)
		safety_of(p, peers[i]);
	return true; /* all of them are worth knowing */
}

bool
natping_relay_other_family(struct natping *p)
{
	struct turnc_want want = p->want;
	struct natping_client c;
	struct turnc_event ev;
	char at[ADDR_TEXT];

	if (addr_family(&p->a.turn.relayed) == AF_INET6)
		return true; /* that was the test */
	want.family = AF_INET6;
	if (natping_client_open(p, &c, &want, &p->server) == 0) {
		turnc_allocate(&c.turn);
		int outcome = natping_client_await(p, &c, TURNC_OP_ALLOCATE, &ev);
		if (outcome == TURNC_GOOD)
			natping_steps_add(p, "ipv6", NATPING_INFO,
				"offers IPv6 relays as well (%s)",
				addr_ip_text(&c.turn.relayed, at));
		else
			natping_steps_add(p, "ipv6", NATPING_INFO, "no IPv6 relays (%s)",
			                  turnc_outcome_name(outcome));
		turnc_delete(&c.turn);
		natping_client_await(p, &c, TURNC_OP_DELETE, &ev);
	}
	natping_client_close(&c);
	return true;
}

bool
natping_relay_refresh(struct natping *p)
{
	struct turnc_event ev;

	turnc_refresh(&p->a.turn);
	int outcome = natping_client_await(p, &p->a, TURNC_OP_REFRESH, &ev);
	if (outcome != TURNC_GOOD)
		return natping_steps_add(p, "refresh", NATPING_FAILED, "Refresh: %s",
		                         turnc_outcome_name(outcome));
	return natping_steps_add(p, "refresh", NATPING_OK, "%u s more", p->a.turn.lifetime);
}

bool
natping_relay_delete(struct natping *p)
{
	struct natping_client *both[] = {&p->a, &p->b};
	int worst = TURNC_GOOD;
	struct turnc_event ev;

	for (unsigned i = 0; i < 2; i++) {
		turnc_delete(&both[i]->turn);
		int outcome = natping_client_await(p, both[i], TURNC_OP_DELETE, &ev);
		worst = outcome == TURNC_GOOD ? worst : outcome;
	}
	if (worst != TURNC_GOOD)
		return natping_steps_add(p, "delete", NATPING_WARNING,
			"Refresh with lifetime 0: %s",
			turnc_outcome_name(worst));
	return natping_steps_add(p, "delete", NATPING_OK, "the allocations are given back");
}
