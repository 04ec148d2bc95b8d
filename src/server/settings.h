/*
 * server/settings.h -- main thread, start-up and reload: the whole configuration of natsrvd as
 * plain structs, and how to get it. The option tables that fill it are in options.c.
 *
 * Units: durations are milliseconds, sizes are bytes. Strings are never NULL and belong to the
 * settings; so do all lists. A settings object is not changed after settings_load().
 *
 * The usual start (and reload):
 *	struct complaints *c = complaints_new();
 *	struct settings *s = settings_load(&ask, c);
 *	if (s != NULL && build_init(&b, s, c) == 0 && complaints_errors(c) == 0)
 *		run(...);
 *	complaints_print(c, stderr);
 */
#ifndef NATSRV_SERVER_SETTINGS_H
#define NATSRV_SERVER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/addr.h"
#include "common/log.h"
#include "conf/option.h"

enum { SETTINGS_TRANSPORT_UDP = 1 };

/* Of realm and software: RFC 8489, 14.9 and 14.14; and both, so that answers fit (S-044). */
enum { SETTINGS_TEXT_BYTES = 509, SETTINGS_TEXT_CHARACTERS = 127, SETTINGS_TEXTS_BYTES = 400 };

struct settings_server {
	char *name;            /* of this host; never empty */
	char *realm;           /* empty only beside an error */
	char *software;        /* "" = send none */
	unsigned workers;      /* 0 = one per CPU */
	uint64_t stop_timeout; /* ms */
	char *user, *group;    /* to become when started as root; "" = stay, the user's own */
};

struct settings_listener {
	char *name;
	struct words address; /* as written */
	unsigned port;
	struct choices_set transport;
	union addr *at; /* where to bind, port included; interface names resolved */
	size_t at_n;
	struct origin origin;
};

struct settings_listeners {
	struct settings_listener *v;
	size_t n;
};

enum settings_pick { SETTINGS_AUTO, SETTINGS_NONE, SETTINGS_ADDRESS };

struct settings_address { /* of relay sockets, for one family */
	enum settings_pick pick;
	union addr addr; /* SETTINGS_ADDRESS; port 0 */
};

struct settings_ports {
	uint16_t lo, hi;
};

struct settings_relay {
	bool enabled; /* false: STUN only */
	struct settings_address ipv4, ipv6;
	struct settings_ports ports;
	bool rfc5766_channels, permission_follows_channel;
	uint64_t socket_buffer; /* bytes; 0 = auto */
};

struct settings_user {
	char *name;
	struct secret password; /* n == 0: none */
	struct secret key;      /* as hex text; n == 0: none */
	struct origin origin;
};

struct settings_users {
	struct settings_user *v;
	size_t n;
};

struct settings_auth {
	struct secrets secrets;
	struct words secret_files;
	struct settings_users users;
	char *users_file; /* "" = none */
	bool anonymous, stun_auth;
	struct choices_set algorithms; /* enum key_algorithm, preferred first */
	uint64_t nonce_lifetime;
	char *nonce_key_file; /* "" = random at start */
	char *rest_separator; /* one character */
	uint64_t max_credential_ttl, clock_skew;
	bool strict_expiry;
};

struct settings_peers {
	struct words deny, allow;
	bool allow_self;
	struct words deny_ports;
};

struct settings_limits { /* 0 = none */
	unsigned allocations, allocations_per_user;
	unsigned permissions_per_allocation, channels_per_allocation;
	uint64_t lifetime_default, lifetime_max; /* ms, never 0 */
};

/* How an address or a user name may appear in logs. */
enum settings_privacy { SETTINGS_FULL, SETTINGS_TRUNCATE, SETTINGS_HASH, SETTINGS_HIDE };

struct settings_log {
	int target; /* enum log_target */
	int format; /* enum log_format */
	int level;  /* enum log_level */
	char *file;
	int client_addresses, peer_addresses, usernames,
		abuse_addresses; /* enum settings_privacy */
	unsigned repeat_limit;   /* lines per second and kind of event */
};

struct settings_book; /* the tree behind it: origins, texts */

struct settings {
	unsigned config_version;
	struct settings_server server;
	struct settings_listeners listeners;
	struct settings_relay relay;
	struct settings_auth auth;
	struct settings_peers peers;
	struct settings_limits limits;
	struct settings_log log;

	struct settings_book *book;
};

struct settings_ask {
	const char *file;   /* FILE, and FILE.d/ *.conf in byte order if that directory exists */
	bool file_optional; /* a missing FILE is an empty one */
	const char *const *set; /* "path=value" of --set, in order */
	size_t set_n;
	bool open_relay; /* --i-know-this-is-an-open-relay was given */
};

/*
 * Reads, overlays and checks. Everything that is wrong goes to `c`; the settings are fit for
 * use only while complaints_errors(c) is 0, but they may be handed to build_init() in any case,
 * so that its complaints join the others. NULL (with an error in `c`) when a text could not be
 * read at all or has a syntax error, or when memory is short. `c` keeps no pointer into the
 * settings.
 */
struct settings *settings_load(const struct settings_ask *ask, struct complaints *c);
void settings_free(struct settings *s);

/* Where this setting ("auth.secret_files") was written; source NULL: it is a default. */
struct origin settings_origin(const struct settings *s, const char *path);

/* The log part, for log_open(); views into `s`. */
struct log_policy settings_log_policy(const struct settings *s);

/*
 * A relay address that Internet clients cannot reach (RFC 1918, CGNAT, unique local, loopback,
 * link-local): the daemon warns when it has found out its relay addresses.
 */
bool settings_private_address(const union addr *a);

/* How many descriptors these settings need at most with `workers` shards, as far as is known. */
uint64_t settings_descriptors(const struct settings *s, unsigned workers);

/* --dump-config: can be fed back in; every line says where it comes from; secrets are masked. */
void settings_print_effective(const struct settings *s, FILE *to);
/* --print=sample, --print=man: from the tables alone. */
void settings_print_sample(FILE *to);
void settings_print_man(FILE *to);

#endif
