#include "client/uri.h"

#include <string.h>

static const char bad_host[] = "the host may only have letters, digits, '-', '.' and '_'";

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Does `text` begin with `word`, in any case? URI schemes and RFC 7065's keys are ASCII. */
static bool
begins(const char *text, const char *word)
{
	while (*word != '\0')
		if (lower(*text++) != *word++)
			return false;
	return true;
}

/* Names are taken as they are: escapes (%41) have no use in a DNS name and are refused. */
static bool
host_character(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '.' || c == '_';
}

static const char *
take_literal(const char **at, struct uri *u)
{
	const char *end = strchr(*at, ']');
	union addr a;

	if (end == NULL)
		return "']' is missing after the IPv6 address";
	size_t n = (size_t)(end - *at - 1);
	if (n == 0 || n >= sizeof u->host)
		return "there is no IPv6 address between '[' and ']'";
	memcpy(u->host, *at + 1, n);
	u->host[n] = '\0';
	if (addr_parse(u->host, 0, &a) != NULL || addr_family(&a) != AF_INET6)
		return "this is not an IPv6 address between '[' and ']'";
	u->literal = true;
	*at = end + 1;
	return NULL;
}

static const char *
take_name(const char **at, struct uri *u)
{
	union addr a;
	size_t n = 0;

	while (host_character((*at)[n]))
		n++;
	if (n == 0)
		return (*at)[0] == '/' ? "'//' does not belong here: scheme, colon, host" :
		       (*at)[0] == '\0' || (*at)[0] == ':' ? "the host is missing" : bad_host;
	if (n >= sizeof u->host)
		return "the host is too long";
	memcpy(u->host, *at, n);
	u->host[n] = '\0';
	u->literal = addr_parse(u->host, 0, &a) == NULL;
	*at += n;
	return NULL;
}

/* ":port"; RFC 3986 allows the digits to be missing. */
static const char *
take_port(const char **at, struct uri *u)
{
	unsigned long port = 0;

	if (**at != ':')
		return NULL;
	for (++*at; **at >= '0' && **at <= '9'; ++*at) {
		port = port * 10 + (unsigned long)(**at - '0');
		u->port_given = true;
		if (port > 65535)
			return "the port is greater than 65535";
	}
	if (!u->port_given)
		return NULL;
	if (port == 0)
		return "the port is 0";
	u->port = (uint16_t)port;
	return NULL;
}

static const char *
take_transport(const char **at, struct uri *u)
{
	static const char key[] = "?transport=";

	if (**at != '?')
		return NULL;
	if (!u->turn)
		return "a stun: or stuns: URI has no '?'";
	if (!begins(*at, key))
		return "only '?transport=' may follow";
	*at += sizeof key - 1;
	if (begins(*at, "udp"))
		u->transport = URI_UDP;
	else if (begins(*at, "tcp"))
		u->transport = URI_TCP;
	else
		return "the transport must be udp or tcp";
	*at += 3;
	return NULL;
}

static const char *
take_rest(const char *at, struct uri *u)
{
	const char *why = *at == '[' ? take_literal(&at, u) : take_name(&at, u);

	if (why == NULL)
		why = take_port(&at, u);
	if (why == NULL)
		why = take_transport(&at, u);
	if (why != NULL || *at == '\0')
		return why;
	switch (*at) {
	case '@':
		return "a user name does not belong here; give it as an option";
	case '/':
		return "a path does not belong here";
	case ':':
		return "write an IPv6 address in brackets, with one port";
	default:
		return "there is something wrong after the host or the port";
	}
}

const char *
uri_parse(const char *text, struct uri *into)
{
	static const struct scheme {
		const char *name;
		bool turn, secure;
	} schemes[] = {
		{"stun:", false, false}, {"stuns:", false, true},
		{"turn:", true, false}, {"turns:", true, true},
	};

	*into = (struct uri){.port = 0};
	for (unsigned i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		if (!begins(text, schemes[i].name))
			continue;
		into->turn = schemes[i].turn;
		into->secure = schemes[i].secure;
		into->port = into->secure ? URI_SECURE_PORT : URI_PORT;
		return take_rest(text + strlen(schemes[i].name), into);
	}
	return "a URI begins with stun:, stuns:, turn: or turns:";
}

const char *
uri_parse_host(const char *text, struct uri *into)
{
	union addr a;

	if (begins(text, "stun:") || begins(text, "stuns:") || begins(text, "turn:") ||
	    begins(text, "turns:"))
		return uri_parse(text, into);
	*into = (struct uri){.port = URI_PORT};
	if (text[0] != '[' && addr_parse(text, 0, &a) == NULL && addr_family(&a) == AF_INET6 &&
	    strlen(text) < sizeof into->host) {
		memcpy(into->host, text, strlen(text) + 1);
		into->literal = true;
		return NULL;
	}
	return take_rest(text, into);
}

const char *
uri_udp(const struct uri *u)
{
	if (u->secure)
		return "stuns: and turns: need TLS or DTLS; only plain UDP can be tested";
	if (u->transport == URI_TCP)
		return "transport=tcp needs TCP; only plain UDP can be tested";
	return NULL;
}

static void
put_text(struct pen *pen, const char *text)
{
	pen_put(pen, text, strlen(text));
}

static void
put_port(struct pen *pen, unsigned port)
{
	char digits[5];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + port % 10);
	while ((port /= 10) != 0);
	pen_put(pen, digits + at, sizeof digits - at);
}

const char *
uri_text(const struct uri *u, char into[static URI_TEXT])
{
	static const char *const transports[] = {
		[URI_ANY] = "", [URI_UDP] = "?transport=udp", [URI_TCP] = "?transport=tcp",
	};
	bool v6 = strchr(u->host, ':') != NULL;
	struct pen pen = pen_over(into, URI_TEXT - 1);

	put_text(&pen, u->turn ? "turn" : "stun");
	put_text(&pen, u->secure ? "s:" : ":");
	put_text(&pen, v6 ? "[" : "");
	put_text(&pen, u->host);
	put_text(&pen, v6 ? "]:" : ":");
	put_port(&pen, u->port);
	put_text(&pen, transports[u->transport]);
	into[pen_used(&pen)] = '\0';
	return into;
}
