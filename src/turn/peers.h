/*
 * turn/peers.h -- pure: the peer gate. One function decides whether packets may go to or come from
 * a peer, on every path, with the canonical address (security R4, R5; 1.1.1). Immutable once built.
 */
#ifndef NATSRV_TURN_PEERS_H
#define NATSRV_TURN_PEERS_H

#include "common/addr.h"
#include "common/prefix.h"

struct peers;

enum peers_origin { PEERS_RECOMMENDED, PEERS_ALLOW, PEERS_DENY };

struct peers *peers_new(void); /* allows everything but what can never be opened */
void peers_free(struct peers *p);

/* The built-in list of security.md 1.1.1. False when memory is short. */
bool peers_add_recommended(struct peers *p);

/*
 * A written rule (peers.allow, peers.deny): a CIDR, an address, or "a-b". NULL or a static
 * complaint: what prefix_parse_range() says, or that an allow rule names what can never be opened.
 */
const char *peers_add(struct peers *p, enum peers_origin origin, const char *text);

/* Is a loopback prefix opened by a written rule? (Start-up warning.) */
bool peers_opens_loopback(const struct peers *p);

/* Ports that are never sent to. */
bool peers_deny_ports(struct peers *p, uint16_t lo, uint16_t hi);

/*
 * An own listening endpoint: refused as IP and port (T-273). Any-address: that port on every own
 * address.
 */
bool peers_add_endpoint(struct peers *p, const union addr *listener);

/*
 * An own address, of whatever interface: refused like the recommended list, so that a
 * written rule that is as long opens it (security A11). A subnet's broadcast address: never open.
 */
bool peers_add_own(struct peers *p, const union addr *ip);
bool peers_add_broadcast(struct peers *p, const union addr *ip);

/*
 * An own address with a relay port range: always reachable there, whatever the lists say (T-274,
 * allow_self).
 */
bool peers_add_self(struct peers *p, const union addr *relay_ip, uint16_t lo, uint16_t hi);

/* Is this an own listening endpoint? A packet from there would be answered to ourselves. */
bool peers_is_endpoint(const struct peers *p, const union addr *a);

/* May this client have no allocation? Teredo and 6to4 may not (RFC 8656, 21.4; T-266). */
bool peers_bars_client(const union addr *client);

enum peers_verdict {
	PEERS_OK,
	PEERS_DENIED, /* the address */
	PEERS_DENIED_PORT,
	PEERS_UNUSABLE, /* never openable */
};

/*
 * May this address be a peer? With port 0 only the IP is judged (CreatePermission); an own relay
 * address then passes. `rule` (may be NULL) receives a text that names the rule,
 * "recommended:10.0.0.0/8", living as long as `p`.
 */
enum peers_verdict peers_judge(const struct peers *p, const union addr *peer, const char **rule);

#endif
