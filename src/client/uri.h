/*
 * client/uri.h -- pure, any thread: stun:, stuns:, turn: and turns: URIs (RFC 7064, 7065).
 */
#ifndef NATSRV_CLIENT_URI_H
#define NATSRV_CLIENT_URI_H

#include <stdbool.h>
#include <stdint.h>

#include "common/addr.h"

enum uri_transport { URI_ANY, URI_UDP, URI_TCP };
enum { URI_HOST = 256, URI_PORT = 3478, URI_SECURE_PORT = 5349 };

struct uri {
	bool turn;    /* turn, turns */
	bool secure;  /* stuns, turns */
	bool literal; /* the host is an IP address; no brackets in `host` */
	bool port_given;
	enum uri_transport transport; /* ?transport=; URI_ANY when absent */
	uint16_t port;                /* the default of the scheme when absent (T-386) */
	char host[URI_HOST];
};

/*
 * The whole text or nothing; no "//", user info, path or fragment; ?transport= with turn and turns
 * only (S-268, T-383, T-387). Schemes in any case. NULL or a static complaint.
 */
const char *uri_parse(const char *text, struct uri *into);

/* "host", "host:port", "192.0.2.1", "2001:db8::1", "[2001:db8::1]:3478", or a URI as above. */
const char *uri_parse_host(const char *text, struct uri *into);

/* NULL when plain UDP serves this URI; else a static complaint that says what it would take. */
const char *uri_udp(const struct uri *u);

/* "turn:example.org:3478?transport=udp", "stun:[2001:db8::1]:3478" */
enum { URI_TEXT = URI_HOST + 40 };
const char *uri_text(const struct uri *u, char into[static URI_TEXT]);

#endif
