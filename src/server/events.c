#include "server/events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct events {
	struct settings_log log;
	struct siphash_key hash;
};

enum { SUBJECT = 160 }; /* room for an address or a user name in a line */

struct events *
events_new(const struct settings_log *log, const struct siphash_key *hash)
{
	struct events *e = calloc(1, sizeof *e);

	if (e == NULL)
		return NULL;
	e->log = *log;
	e->hash = *hash;
	return e;
}

void
events_free(struct events *e)
{
	free(e);
}

static void
print_hash(const struct events *e, struct bytes b, char into[static SUBJECT])
{
	snprintf(into, SUBJECT, "#%016" PRIx64, siphash(&e->hash, b.p, b.n));
}

/* The network only: /24 and /48. */
static void
print_network(const union addr *a, char into[static SUBJECT])
{
	uint8_t ip[16] = {0};
	struct bytes whole = addr_ip(a);
	size_t kept = whole.n == 4 ? 3 : 6;
	union addr net;
	char text[ADDR_TEXT];

	memcpy(ip, whole.p, whole.n < kept ? whole.n : kept);
	net = addr_make(bytes_view(ip, whole.n), 0);
	snprintf(into, SUBJECT, "%s/%zu", addr_ip_text(&net, text), kept * 8);
}

static const char *
show_addr(const struct events *e, int privacy, const union addr *a, char into[static SUBJECT])
{
	char text[ADDR_TEXT];

	if (a == NULL || addr_family(a) == 0)
		return "-";
	switch (privacy) {
	case SETTINGS_FULL:
		snprintf(into, SUBJECT, "%s", addr_text(a, text));
		return into;
	case SETTINGS_TRUNCATE:
		print_network(a, into);
		return into;
	case SETTINGS_HASH:
		print_hash(e, addr_ip(a), into);
		return into;
	default:
		return "-";
	}
}

static const char *
show_user(const struct events *e, struct bytes user, char into[static SUBJECT])
{
	switch (e->log.usernames) {
	case SETTINGS_FULL:
		return user.n == 0 ? "-" : log_text(user, into, SUBJECT);
	case SETTINGS_TRUNCATE:
		user.n = user.n < 4 ? user.n : 4;
		return user.n == 0 ? "-" : log_text(user, into, SUBJECT);
	case SETTINGS_HASH:
		print_hash(e, user, into);
		return into;
	default:
		return "-";
	}
}

static void
report_allocation(const struct events *e, const struct turn_event *event, struct instant now)
{
	struct turn_alloc_view v;
	char user[SUBJECT], client[SUBJECT], relay[ADDR_TEXT];
	double duration;

	turn_view(event->alloc, &v);
	duration = (double)(now.mono - v.created) / 1000.0;
	if (event->kind != TURN_EVENT_CLOSED) {
		log_record(event->kind == TURN_EVENT_CREATED ? LOG_INFO : LOG_DEBUG,
		           turn_event_name(event->kind),
		           "sid=%016" PRIx64 " user=%s client=%s transport=%s relay=%s", v.id,
		           show_user(e, v.user, user),
		           show_addr(e, e->log.client_addresses, &v.flow.client, client),
		           flow_transport_name(v.flow.transport),
		           addr_text(&v.relayed, relay));
		return;
	}
	log_record(LOG_INFO, turn_event_name(event->kind),
	           "sid=%016" PRIx64 " user=%s client=%s transport=%s relay=%s reason=%s dur=%.1f "
	           "rx_packets=%" PRIu64 " rx_bytes=%" PRIu64 " tx_packets=%" PRIu64
	           " tx_bytes=%" PRIu64,
	           v.id, show_user(e, v.user, user),
	           show_addr(e, e->log.client_addresses, &v.flow.client, client),
	           flow_transport_name(v.flow.transport),
	           addr_text(&v.relayed, relay),
	           turn_reason_name(event->reason), duration, v.client_packets, v.client_bytes,
	           v.peer_packets, v.peer_bytes);
}

void
events_report(const struct events *e, const struct turn_event *event, struct instant now)
{
	char user[SUBJECT], client[SUBJECT], peer[SUBJECT];
	const union addr *from = event->flow == NULL ? NULL : &event->flow->client;
	bool port = event->reason == TURN_REASON_PEER_PORT;

	switch (event->kind) {
	case TURN_EVENT_CREATED:
	case TURN_EVENT_REFRESHED:
	case TURN_EVENT_CLOSED:
		if (log_enabled(event->kind == TURN_EVENT_REFRESHED ? LOG_DEBUG : LOG_INFO))
			report_allocation(e, event, now);
		return;
	case TURN_EVENT_AUTH_FAILED:
		log_warn("auth.failed", "reason=%s user=%s client=%s",
		         turn_reason_name(event->reason), show_user(e, event->user, user),
		         show_addr(e, e->log.abuse_addresses, from, client));
		return;
	case TURN_EVENT_LIMIT_HIT:
		log_warn("limit.hit", "limit=%s user=%s client=%s", turn_reason_name(event->reason),
		         show_user(e, event->user, user),
		         show_addr(e, e->log.abuse_addresses, from, client));
		return;
	case TURN_EVENT_PEER_DENIED:
		log_warn("peer.denied", "reason=%s rule=%s key=%s user=%s peer=%s",
		         turn_reason_name(event->reason), event->rule == NULL ? "-" : event->rule,
		         port ? "peers.deny_ports" : "peers.allow",
		         show_user(e, event->user, user),
		         show_addr(e, e->log.peer_addresses, event->peer, peer));
		return;
	case TURN_EVENTS:
		return;
	}
}
