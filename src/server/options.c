#include "server/options.h"

#include <string.h>

#include "common/text.h"
#include "stun/key.h"
#include "server/foreign.h"
#include "server/settings.h"

#define SECOND UINT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* "auto", "none", or an address of this family without a port. */
static const char *
parse_pick(const char *text, int family, struct settings_address *into)
{
	union addr with_port;

	*into = (struct settings_address){.pick = SETTINGS_AUTO};
	if (strcmp(text, "auto") == 0)
		return NULL;
	into->pick = SETTINGS_NONE;
	if (strcmp(text, "none") == 0)
		return NULL;
	const char *why = addr_parse(text, 0, &into->addr);
	if (why != NULL)
		return why;
	if (addr_parse(text, 1, &with_port) != NULL || addr_port(&with_port) != 1)
		return "an address without a port is expected";
	if (addr_family(&into->addr) != family)
		return family == AF_INET ? "is no IPv4 address" : "is no IPv6 address";
	if (addr_family(&into->addr) == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&into->addr.v6.sin6_addr))
		return "is an IPv4-mapped address; write its IPv4 form into relay.ipv4";
	if (addr_family(&into->addr) == AF_INET6 &&
	    IN6_IS_ADDR_LINKLOCAL(&into->addr.v6.sin6_addr) && into->addr.v6.sin6_scope_id == 0)
		return "is link-local and needs its interface: \"fe80::1%eth0\"";
	if (addr_is_any(&into->addr))
		return "name one address, or write \"auto\"";
	if (addr_is_multicast(&into->addr))
		return "is a multicast address";
	into->pick = SETTINGS_ADDRESS;
	return NULL;
}

static const char *
parse_ipv4(const char *text, void *into)
{
	return parse_pick(text, AF_INET, into);
}

static const char *
parse_ipv6(const char *text, void *into)
{
	return parse_pick(text, AF_INET6, into);
}

static const char *
parse_ports(const char *text, void *into)
{
	struct settings_ports *ports = into;

	return text_ports(text, &ports->lo, &ports->hi);
}

static const char only_udp[] = "this version serves UDP only";

static const struct choice transports[] = {
	{"udp", SETTINGS_TRANSPORT_UDP, NULL},
	{"tcp", 0, only_udp},
	{"tls", 0, only_udp},
	{"dtls", 0, only_udp},
	{0},
};

static const struct choice algorithms[] = {
	{"sha256", KEY_SHA256, NULL},
	{"md5", KEY_MD5, NULL},
	{0},
};

static const struct choice targets[] = {
	{"auto", LOG_TARGET_AUTO, NULL},
	{"stderr", LOG_TARGET_STDERR, NULL},
	{"syslog", LOG_TARGET_SYSLOG, NULL},
	{"file", LOG_TARGET_FILE, NULL},
	{0},
};

static const struct choice formats[] = {
	{"auto", LOG_FORMAT_AUTO, NULL},
	{"text", LOG_FORMAT_TEXT, NULL},
	{"logfmt", LOG_FORMAT_LOGFMT, NULL},
	{"json", LOG_FORMAT_JSON, NULL},
	{0},
};

static const struct choice levels[] = {
	{"error", LOG_ERROR, NULL},
	{"warning", LOG_WARN, NULL},
	{"info", LOG_INFO, NULL},
	{"debug", LOG_DEBUG, NULL},
	{0},
};

static const struct choice privacies[] = {
	{"full", SETTINGS_FULL, NULL},
	{"truncate", SETTINGS_TRUNCATE, NULL},
	{"hash", SETTINGS_HASH, NULL},
	{"none", SETTINGS_HIDE, NULL},
	{0},
};

#define AT(part, field) .offset = offsetof(struct settings_##part, field)

static const struct option server_rows[] = {
	{OPTION_STRING, "name", AT(server, name), .preset = "\"\"", .max = 253,
	 .preset_words = "the host's name", .reload = OPTION_RESTART,
	 .words = "Name of this server, for people and for logs."},
	{OPTION_STRING, "realm", AT(server, realm), .preset = "\"\"", .max = SETTINGS_TEXT_BYTES,
	 .preset_words = "server.name", .reload = OPTION_NEW,
	 .words = "TURN realm, at most 127 characters. It is part of every key: a change makes the "
	          "keys in auth.users and auth.users_file useless, but not passwords and "
	          "secrets. An empty realm locks browsers out and is refused."},
	{OPTION_STRING, "software", AT(server, software), .preset = "\"\"",
	 .max = SETTINGS_TEXT_BYTES, .reload = OPTION_LIVE,
	 .words = "Text of the SOFTWARE attribute in answers, at most 127 characters; realm and "
	          "software together have at most 400 bytes. Empty: none is sent. The version is "
	          "never sent."},
	{OPTION_INT, "workers", AT(server, workers), .preset = "0", .max = 256,
	 .reload = OPTION_RESTART, .words = "Number of worker threads. 0: one for each CPU."},
	{OPTION_DURATION, "stop_timeout", AT(server, stop_timeout), .preset = "\"5s\"",
	 .max = 10 * MINUTE, .reload = OPTION_LIVE,
	 .words = "How long a stop may take before it becomes abrupt."},
	{OPTION_STRING, "user", AT(server, user), .preset = "\"natsrv\"", .max = 32,
	 .tentative = true, .reload = OPTION_RESTART,
	 .words = "User to become when started as root. Empty: stay what you are."},
	{OPTION_STRING, "group", AT(server, group), .preset = "\"\"", .max = 32,
	 .preset_words = "the user's own group", .tentative = true, .reload = OPTION_RESTART,
	 .words = "Group to become when started as root: the user's own group unless written."},
	{.type = OPTION_END},
};

static const struct option listener_rows[] = {
	{OPTION_STRING, "name", AT(listener, name), .min = 1, .max = 32, .reload = OPTION_RESTART,
	 .words = "Name of the listener in logs; keep it short."},
	{OPTION_STRINGS, "address", AT(listener, address), .preset = "[ \"::\", \"0.0.0.0\" ]",
	 .min = 1, .max = 64, .reload = OPTION_RESTART,
	 .words = "Addresses to listen on, or names of interfaces with a percent sign before "
	          "them (\"%eth0\"), which stand for all addresses of the interface."},
	{OPTION_INT, "port", AT(listener, port), .preset = "3478", .min = 1, .max = 65535,
	 .reload = OPTION_RESTART, .words = "Port to listen on."},
	{OPTION_CHOICES, "transport", AT(listener, transport), .preset = "[ \"udp\" ]", .min = 1,
	 .choices = transports, .reload = OPTION_RESTART, .words = "Transports to serve there."},
	{.type = OPTION_END},
};

static const struct option relay_rows[] = {
	{OPTION_BOOL, "enabled", AT(relay, enabled), .preset = "true", .reload = OPTION_RESTART,
	 .words = "Serve TURN. With false only STUN Binding is answered."},
	{OPTION_PARSED, "ipv4", AT(relay, ipv4), .preset = "\"auto\"", .parse = parse_ipv4,
	 .reload = OPTION_RESTART,
	 .words = "Address of relay sockets: an address of this host, \"auto\" (the source "
	          "address of the default route) or \"none\"."},
	{OPTION_PARSED, "ipv6", AT(relay, ipv6), .preset = "\"auto\"", .parse = parse_ipv6,
	 .reload = OPTION_RESTART, .words = "The same for IPv6."},
	{OPTION_PARSED, "ports", AT(relay, ports), .preset = "\"49152-65535\"",
	 .parse = parse_ports, .reload = OPTION_NEW,
	 .words = "Ports of relay sockets, \"lo-hi\". They must be open for UDP from anywhere."},
	{OPTION_BOOL, "rfc5766_channels", AT(relay, rfc5766_channels), .preset = "false",
	 .reload = OPTION_NEW,
	 .words = "Also accept channel numbers 0x5000 to 0x7FFF, which old clients use."},
	{OPTION_BOOL, "permission_follows_channel", AT(relay, permission_follows_channel),
	 .preset = "false", .reload = OPTION_NEW,
	 .words = "A bound channel keeps its permission for its own 10 minutes instead of 5. "
	          "Helps clients that refresh only channels; departs from RFC 8656."},
	{OPTION_SIZE, "socket_buffer", AT(relay, socket_buffer), .preset = "\"auto\"", .min = 4096,
	 .max = 1024 * 1024 * 1024, .special = "auto", .reload = OPTION_NEW,
	 .words = "Receive and send buffer of each relay socket."},
	{.type = OPTION_END},
};

static const struct option user_rows[] = {
	{OPTION_STRING, "name", AT(user, name), .min = 1, .max = 508, .reload = OPTION_LIVE,
	 .words = "User name."},
	{OPTION_SECRET, "password", AT(user, password), .preset = "\"\"", .reload = OPTION_LIVE,
	 .words = "Password; or give key."},
	{OPTION_SECRET, "key", AT(user, key), .preset = "\"\"", .reload = OPTION_LIVE,
	 .words = "MD5 or SHA-256 of name:realm:password in hexadecimal, 32 or 64 digits."},
	{.type = OPTION_END},
};

static const struct option auth_rows[] = {
	{OPTION_SECRETS, "secrets", AT(auth, secrets), .preset = "[ ]", .max = 16,
	 .reload = OPTION_LIVE,
	 .words = "Shared secrets for time-limited credentials (the TURN REST API), written "
	          "here. Better keep them in secret_files."},
	{OPTION_STRINGS, "secret_files", AT(auth, secret_files),
	 .preset = "[ \"/etc/natsrv/secret\" ]", .max = 16, .tentative = true,
	 .reload = OPTION_LIVE,
	 .words = "Files with shared secrets, one on each line. The first secret is for making "
	          "credentials, all are accepted, so that secrets can be changed one after the "
	          "other. $CREDENTIALS_DIRECTORY/turn-secret and the file that the environment "
	          "variable NATSRV_SECRET_FILE names are added if present."},
	{OPTION_GROUPS, "users", AT(auth, users), .preset = "( )", .rows = user_rows,
	 .size = sizeof(struct settings_user), .reload = OPTION_LIVE,
	 .words = "Users with fixed passwords or keys. Two entries may give one user a key of each "
	          "kind. No user may be left without a way to log in: a key that is MD5 makes "
	          "the whole realm MD5, which users with nothing but a SHA-256 key cannot serve."},
	{OPTION_STRING, "users_file", AT(auth, users_file), .preset = "\"\"", .max = 4095,
	 .reload = OPTION_LIVE,
	 .words = "File with a user on each line, name:realm:key, where key is as in users. "
	          "Empty lines and lines that begin with # are skipped."},
	{OPTION_BOOL, "anonymous", AT(auth, anonymous), .preset = "false", .reload = OPTION_RESTART,
	 .words = "Relay for everybody, without credentials. Refused unless all listeners are "
	          "on loopback addresses or natsrvd was started with "
	          "--i-know-this-is-an-open-relay."},
	{OPTION_BOOL, "stun_auth", AT(auth, stun_auth), .preset = "false", .reload = OPTION_LIVE,
	 .words = "Require credentials for Binding, too."},
	{OPTION_CHOICES, "algorithms", AT(auth, algorithms), .preset = "[ \"sha256\", \"md5\" ]",
	 .min = 1, .choices = algorithms, .reload = OPTION_LIVE,
	 .words = "Password algorithms of RFC 8489, preferred one first. Offered only as far "
	          "as every user's key can serve them."},
	{OPTION_DURATION, "nonce_lifetime", AT(auth, nonce_lifetime), .preset = "\"10m\"",
	 .min = 30 * SECOND, .max = DAY, .reload = OPTION_LIVE,
	 .words = "How long a nonce is good. Clients get a new one without a failure."},
	{OPTION_STRING, "nonce_key_file", AT(auth, nonce_key_file), .preset = "\"\"", .max = 4095,
	 .reload = OPTION_LIVE,
	 .words = "File with up to 4 keys for nonces, one on each line. The first makes "
	          "nonces, all verify them. Servers that share the file accept each other's "
	          "nonces. Empty: a random key is made at start."},
	{OPTION_STRING, "rest_separator", AT(auth, rest_separator), .preset = "\":\"", .min = 1,
	 .max = 1, .reload = OPTION_LIVE,
	 .words = "Character between the expiry time and the user in the user names of "
	          "time-limited credentials."},
	{OPTION_DURATION, "max_credential_ttl", AT(auth, max_credential_ttl), .preset = "\"48h\"",
	 .max = 36500 * DAY, .reload = OPTION_LIVE,
	 .words = "Time-limited credentials that end later than this from now are refused. 0: "
	          "no limit."},
	{OPTION_DURATION, "clock_skew", AT(auth, clock_skew), .preset = "\"30s\"", .max = HOUR,
	 .reload = OPTION_LIVE,
	 .words = "Tolerance on max_credential_ttl. The end of a credential is taken "
	          "literally."},
	{OPTION_BOOL, "strict_expiry", AT(auth, strict_expiry), .preset = "false",
	 .reload = OPTION_LIVE,
	 .words = "Refuse to refresh an allocation after its credential has ended."},
	{.type = OPTION_END},
};

static const struct option peers_rows[] = {
	{OPTION_STRINGS, "deny", AT(peers, deny), .preset = "[ \"recommended\" ]", .max = 4096,
	 .reload = OPTION_LIVE,
	 .words = "Addresses that clients cannot reach through the relay: prefixes "
	          "(\"10.0.0.0/8\"), addresses, ranges (\"a-b\") or \"recommended\", which "
	          "stands for loopback, private, link-local, documentation, multicast and "
	          "other special networks. The longest matching prefix decides; between equals "
	          "deny wins over allow, and both win over recommended."},
	{OPTION_STRINGS, "allow", AT(peers, allow), .preset = "[ ]", .max = 4096,
	 .reload = OPTION_LIVE,
	 .words = "Addresses that clients can reach though a shorter entry of deny holds them. "
	          "Unspecified, multicast, broadcast, mapped and tunnel addresses cannot be "
	          "opened."},
	{OPTION_BOOL, "allow_self", AT(peers, allow_self), .preset = "true", .reload = OPTION_LIVE,
	 .words = "The relay addresses of this server can be reached on relay.ports, whatever "
	          "deny says: two clients of one server meet there."},
	{OPTION_STRINGS, "deny_ports", AT(peers, deny_ports), .preset = "[ \"recommended\" ]",
	 .max = 256, .reload = OPTION_LIVE,
	 .words = "Ports of peers that are never sent to, \"port\" or \"lo-hi\". "
	          "\"recommended\" stands for services that answer small packets with large "
	          "ones: 19, 53, 123, 161, 389, 1900, 5353, 11211."},
	{.type = OPTION_END},
};

static const struct option limits_rows[] = {
	{OPTION_INT, "allocations", AT(limits, allocations), .preset = "0", .max = 10000000,
	 .reload = OPTION_LIVE, .words = "Allocations of the whole server. 0: no limit."},
	{OPTION_INT, "allocations_per_user", AT(limits, allocations_per_user), .preset = "24",
	 .max = 10000000, .reload = OPTION_LIVE,
	 .words = "Allocations of one user. In the name of a time-limited credential the user "
	          "is the part behind the separator. 0: no limit."},
	{OPTION_INT, "permissions_per_allocation", AT(limits, permissions_per_allocation),
	 .preset = "64", .max = 65535, .reload = OPTION_NEW,
	 .words = "Permissions of one allocation. 0: no limit."},
	{OPTION_INT, "channels_per_allocation", AT(limits, channels_per_allocation), .preset = "64",
	 .max = 16384, .reload = OPTION_NEW, .words = "Channels of one allocation. 0: no limit."},
	{OPTION_DURATION, "lifetime_default", AT(limits, lifetime_default), .preset = "\"10m\"",
	 .min = SECOND, .max = 30 * DAY, .reload = OPTION_NEW,
	 .words = "Lifetime of an allocation when the client asks for none or for less."},
	{OPTION_DURATION, "lifetime_max", AT(limits, lifetime_max), .preset = "\"1h\"",
	 .min = SECOND, .max = 30 * DAY, .reload = OPTION_NEW,
	 .words = "Longest lifetime that a client can get at a time."},
	{.type = OPTION_END},
};

static const struct option log_rows[] = {
	{OPTION_CHOICE, "target", AT(log, target), .preset = "\"auto\"", .choices = targets,
	 .reload = OPTION_LIVE,
	 .words = "Where the log goes. auto: the journal if it reads standard error, else "
	          "standard error."},
	{OPTION_CHOICE, "format", AT(log, format), .preset = "\"auto\"", .choices = formats,
	 .reload = OPTION_LIVE, .words = "How lines look. auto: text on a terminal, else logfmt."},
	{OPTION_CHOICE, "level", AT(log, level), .preset = "\"info\"", .choices = levels,
	 .reload = OPTION_LIVE, .words = "The least important level that is logged."},
	{OPTION_STRING, "file", AT(log, file), .preset = "\"\"", .max = 4095, .reload = OPTION_LIVE,
	 .words = "The file for target = \"file\"."},
	{OPTION_CHOICE, "client_addresses", AT(log, client_addresses), .preset = "\"full\"",
	 .choices = privacies, .reload = OPTION_LIVE,
	 .words = "How addresses of clients appear. truncate: /24 and /48. hash: the same mark "
	          "for the same address until the next restart."},
	{OPTION_CHOICE, "peer_addresses", AT(log, peer_addresses), .preset = "\"none\"",
	 .choices = privacies, .reload = OPTION_LIVE, .words = "How addresses of peers appear."},
	{OPTION_CHOICE, "usernames", AT(log, usernames), .preset = "\"full\"", .choices = privacies,
	 .reload = OPTION_LIVE, .words = "How user names appear."},
	{OPTION_CHOICE, "abuse_addresses", AT(log, abuse_addresses), .preset = "\"full\"",
	 .choices = privacies, .reload = OPTION_LIVE,
	 .words = "How addresses appear in the events auth.failed and limit.hit, which "
	          "fail2ban and the like read."},
	{OPTION_RATE, "repeat_limit", AT(log, repeat_limit), .preset = "\"10/s\"", .max = 1000000,
	 .reload = OPTION_LIVE,
	 .words = "Lines of one kind of event; what is above is counted and reported as one "
	          "line. 0: no limit."},
	{.type = OPTION_END},
};

#define PART(part) offsetof(struct settings, part)

const struct option options_rows[] = {
	{OPTION_INT, "config_version", PART(config_version), .preset = "1", .min = 1, .max = 1,
	 .reload = OPTION_RESTART, .words = "Version of the format of this file."},
	{OPTION_GROUP, "server", PART(server), .rows = server_rows,
	 .words = "The server as a whole."},
	{OPTION_GROUPS, "listeners", PART(listeners), .preset = "( { name = \"std\"; } )", .min = 1,
	 .max = 64, .rows = listener_rows, .size = sizeof(struct settings_listener),
	 .preset_words = "one listener \"std\" on UDP port 3478 of all addresses",
	 .reload = OPTION_RESTART, .words = "Where clients are served."},
	{OPTION_GROUP, "relay", PART(relay), .rows = relay_rows,
	 .words = "The addresses and ports that clients get."},
	{OPTION_GROUP, "auth", PART(auth), .rows = auth_rows, .veiled = true,
	 .words = "Who may use the relay."},
	{OPTION_GROUP, "peers", PART(peers), .rows = peers_rows,
	 .words = "Whom clients can reach through the relay."},
	{OPTION_GROUP, "limits", PART(limits), .rows = limits_rows,
	 .words = "How much of everything there may be."},
	{OPTION_GROUP, "log", PART(log), .rows = log_rows,
	 .words = "What is logged, where and how."},
	{.type = OPTION_END},
};

const struct vocabulary options_vocabulary = {
	.rows = options_rows, .foreign = foreign_coturn, .later = foreign_later};
