#include "server/checks.h"

#include <string.h>
#include <sys/stat.h>

#include "common/text.h"
#include "stun/prep.h"
#include "server/book.h"

enum { SECRET_MIN = 16 };
#define RFC_LIFETIME UINT64_C(600000) /* ms; RFC 8656 wants no shorter ones */

/*
 * Secrets and passwords from manuals and examples of TURN servers, ours included, and of what uses
 * them (security E15).
 */
static bool
is_documented(struct bytes text)
{
	static const char *const list[] = {
		"...",
		"***",
		"ann",
		"lab",
		"a long password",
		"/etc/natsrv/secret",
		"secret",
		"password",
		"changeme",
		"change-me",
		"CHANGE_ME",
		"CHANGE_ME_CHANGE_ME",
		"changeme-changeme",
		"n0r7hn0r7hn0r7hn0r7h",
		"north",
		"youhavetochooseapassword",
		"your-auth-secret-here",
		"your-secret-key-here",
		"yourstaticauthsecret",
		"replace-this-secret",
		"replace-with-a-long-random-secret",
		"my-super-secret-turn-secret",
		"[your secret key here]",
		"openssl rand -hex 32",
		"4080218913",
		"logenlogenlogenlogen",
		"logen",
		"0123456789abcdef",
		"0123456789abcdef0123456789abcdef",
	};

	for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
		if (bytes_equal(text, bytes_text(list[i])))
			return true;
	return false;
}

const char *
checks_secret(struct bytes secret)
{
	size_t same = 1;

	if (secret.n == 0)
		return "the secret is empty";
	if (is_documented(secret))
		return "the secret is the example of a manual";
	if (secret.n < SECRET_MIN)
		return "the secret is shorter than 16 bytes";
	while (same < secret.n && secret.p[same] == secret.p[0])
		same++;
	return same == secret.n ? "the secret is one character, repeated" : NULL;
}

const char *
checks_password(struct bytes password)
{
	return is_documented(password) ? "the password is the example of a manual" : NULL;
}

static bool
is_empty_text(const struct tree *t)
{
	return t != NULL && t->kind == TREE_TEXT && t->text[0] == '\0';
}

static bool
good_realm(const struct settings *s, struct complaints *c)
{
	struct origin at = book_origin(s->book, "server.realm");
	const char *why;

	if (s->server.realm[0] == '\0') {
		if (!is_empty_text(tree_find(s->book->tree, "server.realm")))
			return false; /* it was something else, and that has been said */
		complaints_error(c, at, "server.realm: is empty");
		complaints_hint(
			c, "browsers cannot log in to an empty realm; leave the setting out for "
			   "the server's name");
		return false;
	}
	why = prep_realm(bytes_text(s->server.realm));
	if (why != NULL && book_written(s->book, "server.realm"))
		complaints_error(c, at, "server.realm: %s", why);
	else if (why != NULL)
		complaints_error(c, book_origin(s->book, "server.name"),
		                 "server.name cannot serve as the realm: %s", why);
	return why == NULL;
}

static bool
good_software(const struct settings *s, struct complaints *c)
{
	size_t points;

	if (!text_utf8(bytes_text(s->server.software), &points) ||
	    points <= SETTINGS_TEXT_CHARACTERS)
		return true;
	complaints_error(c, book_origin(s->book, "server.software"),
	                 "server.software: has more than %d characters", SETTINGS_TEXT_CHARACTERS);
	return false;
}

/* Both may stand in one answer, which must stay below 548 bytes (S-044). */
static void
check_names(const struct settings *s, struct complaints *c)
{
	size_t n = strlen(s->server.realm) + strlen(s->server.software);
	struct origin at = book_origin(s->book, "server.software");
	bool realm = good_realm(s, c), software = good_software(s, c);

	if (!realm || !software || n <= SETTINGS_TEXTS_BYTES)
		return;
	if (at.source == NULL)
		at = book_origin(s->book, "server.realm");
	complaints_error(c, at, "server.realm and server.software have %zu bytes together", n);
	complaints_hint(c, "answers carry both and must stay small: at most %d bytes",
	                SETTINGS_TEXTS_BYTES);
}

static bool
good_listener_name(const char *name)
{
	static const char good[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return strspn(name, good) == strlen(name);
}

static void
check_listeners(const struct settings *s, struct complaints *c)
{
	const struct settings_listener *l = s->listeners.v;

	for (size_t i = 0; i < s->listeners.n; i++) {
		if (!good_listener_name(l[i].name))
			complaints_error(
				c, l[i].origin,
				"listeners[%zu].name: letters, digits, '.', '_' and '-' only", i);
		for (size_t k = 0; k < i; k++)
			if (l[i].name[0] != '\0' && strcmp(l[i].name, l[k].name) == 0)
				complaints_error(c, l[i].origin, "two listeners have the name '%s'",
				                 l[i].name);
		if (s->relay.enabled && l[i].port >= s->relay.ports.lo &&
		    l[i].port <= s->relay.ports.hi)
			complaints_warning(c, book_origin(s->book, "relay.ports"),
			                   "relay.ports holds port %u of listener '%s'", l[i].port,
			                   l[i].name);
	}
}

static void
check_relay(const struct settings *s, struct complaints *c)
{
	unsigned ports = (unsigned)(s->relay.ports.hi - s->relay.ports.lo) + 1;

	if (!s->relay.enabled)
		return;
	if (s->relay.ipv4.pick == SETTINGS_NONE && s->relay.ipv6.pick == SETTINGS_NONE) {
		complaints_error(c, book_origin(s->book, "relay.ipv4"),
		                 "relay.ipv4 and relay.ipv6 are both \"none\"");
		complaints_hint(c, "relay.enabled = false makes this a STUN server");
	}
	if (s->relay.ports.lo < 1024)
		complaints_warning(
			c, book_origin(s->book, "relay.ports"),
			"relay.ports holds ports below 1024, which belong to other services");
	if (s->limits.allocations > ports)
		complaints_warning(
			c, book_origin(s->book, "limits.allocations"),
			"limits.allocations is %u, but relay.ports has only %u ports for each "
			"address",
			s->limits.allocations, ports);
}

static bool
all_loopback(const struct settings *s)
{
	for (size_t i = 0; i < s->listeners.n; i++)
		for (size_t k = 0; k < s->listeners.v[i].at_n; k++)
			if (!addr_is_loopback(&s->listeners.v[i].at[k]))
				return false;
	return true;
}

static void
check_anonymous(const struct settings *s, struct complaints *c)
{
	struct origin at = book_origin(s->book, "auth.anonymous");

	if (!s->auth.anonymous)
		return;
	if (s->auth.stun_auth)
		complaints_error(
			c, book_origin(s->book, "auth.stun_auth"),
			"auth.stun_auth asks for credentials and auth.anonymous asks for none");
	if (!s->relay.enabled || s->book->open_relay || all_loopback(s))
		return;
	complaints_error(c, at,
	                 "auth.anonymous makes an open relay: anyone can send traffic through "
	                 "this server");
	complaints_hint(c, "if that is meant, start natsrvd with --i-know-this-is-an-open-relay");
}

static void
whole_seconds(const struct settings *s, const char *path, uint64_t ms, struct complaints *c)
{
	if (ms % 1000 != 0)
		complaints_error(c, book_origin(s->book, path), "%s: whole seconds are expected",
		                 path);
}

static void
check_auth(const struct settings *s, struct complaints *c)
{
	char sign = s->auth.rest_separator[0];

	check_anonymous(s, c);
	if (sign <= ' ' || sign >= 0x7f || (sign >= '0' && sign <= '9'))
		complaints_error(
			c, book_origin(s->book, "auth.rest_separator"),
			"auth.rest_separator: a printable ASCII character that is no digit is "
			"expected");
	whole_seconds(s, "auth.nonce_lifetime", s->auth.nonce_lifetime, c);
	whole_seconds(s, "auth.max_credential_ttl", s->auth.max_credential_ttl, c);
	whole_seconds(s, "auth.clock_skew", s->auth.clock_skew, c);
}

static void
short_lifetime(const struct settings *s, const char *path, uint64_t ms, struct complaints *c)
{
	whole_seconds(s, path, ms, c);
	if (ms < RFC_LIFETIME)
		complaints_warning(
			c, book_origin(s->book, path),
			"%s: RFC 8656 wants 10 minutes at least; clients may not expect less",
			path);
}

static void
check_limits(const struct settings *s, struct complaints *c)
{
	const struct settings_limits *l = &s->limits;
	char text[32];

	short_lifetime(s, "limits.lifetime_default", l->lifetime_default, c);
	short_lifetime(s, "limits.lifetime_max", l->lifetime_max, c);
	if (l->lifetime_default <= l->lifetime_max)
		return;
	struct origin at = book_origin(s->book, "limits.lifetime_default");
	if (at.source == NULL)
		at = book_origin(s->book, "limits.lifetime_max");
	complaints_error(c, at, "limits.lifetime_default is longer than limits.lifetime_max (%s)",
	                 text_print_duration(l->lifetime_max, text));
}

static void
check_log(const struct settings *s, struct complaints *c)
{
	if (s->log.target == LOG_TARGET_FILE && s->log.file[0] == '\0') {
		complaints_error(c, book_origin(s->book, "log.target"),
		                 "log.target is \"file\", but log.file names none");
	} else if (s->log.target != LOG_TARGET_FILE && s->log.file[0] != '\0') {
		complaints_warning(c, book_origin(s->book, "log.file"),
		                   "log.file is not used: log.target is not \"file\"");
	}
}

/* A file that everybody can read, or a command line, is no place for a secret. */
static void
check_place(const struct source *place, const char *path, struct origin at, struct complaints *c)
{
	struct stat st;

	if (place == NULL)
		return;
	if (!place->is_file) {
		complaints_warning(c, at, "%s: every user of this host can see the command line",
		                   path);
		complaints_hint(c, "use auth.secret_files");
	} else if (stat(place->name, &st) == 0 && (st.st_mode & S_IROTH) != 0) {
		complaints_warning(c, at, "%s: everybody can read this file", path);
		complaints_hint(c, "chmod o= %s, or use auth.secret_files", place->name);
	}
}

static void
check_inline_secrets(const struct settings *s, struct complaints *c)
{
	const struct source *told = NULL;

	for (size_t i = 0; i < s->auth.secrets.n; i++) {
		const struct secret *one = &s->auth.secrets.v[i];
		const char *why = checks_secret(bytes_view(one->p, one->n));
		if (why != NULL)
			complaints_error(c, one->at, "auth.secrets: %s", why);
		if (one->at.source != told)
			check_place(one->at.source, "auth.secrets", one->at, c);
		told = one->at.source;
	}
	for (size_t i = 0; i < s->auth.users.n; i++) {
		const struct settings_user *user = &s->auth.users.v[i];
		const char *why =
			checks_password(bytes_view(user->password.p, user->password.n));
		if (why != NULL)
			complaints_error(c, user->origin, "auth.users: %s", why);
		if (user->origin.source != told)
			check_place(user->origin.source, "auth.users", user->origin, c);
		told = user->origin.source;
	}
}

void
checks_run(const struct settings *s, struct complaints *c)
{
	check_names(s, c);
	check_listeners(s, c);
	check_relay(s, c);
	check_auth(s, c);
	check_limits(s, c);
	check_log(s, c);
	check_inline_secrets(s, c);
}
