#include "scn.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "stun/frame.h"

/* A dense index by its wire name in any case; -1 when there is none. */
static int
attribute(const char *name)
{
	for (unsigned a = 0; a < ATTR_COUNT; a++)
		if (strcasecmp(name_attr((enum stun_attr)a), name) == 0)
			return (int)a;
	return -1;
}

static bool
check_sealed(struct stage *s, const struct parse *m, const char *wanted)
{
	bool sha1 = parse_has(m, ATTR_MESSAGE_INTEGRITY);
	bool sha256 = parse_has(m, ATTR_MESSAGE_INTEGRITY_SHA256);

	if ((strcmp(wanted, "sha1") == 0) == sha1 && (strcmp(wanted, "sha256") == 0) == sha256)
		return true;
	return stage_fail(s, "sealed=%s", sha1 ? "sha1" : sha256 ? "sha256" : "none");
}

static bool
check_unknown(struct stage *s, const struct parse *m, const char *wanted)
{
	struct bytes v = parse_value(m, ATTR_UNKNOWN_ATTRIBUTES);
	char got[256] = "";

	for (size_t i = 0, n = 0; i + 1 < v.n && n + 8 < sizeof got; i += 2)
		n += (size_t)snprintf(got + n, sizeof got - n, "%s0x%04x", i == 0 ? "" : ",",
		                      bytes_u16(v.p + i));
	return strcmp(got, wanted) == 0 || stage_fail(s, "unknown=%s", got);
}

static bool
check_relayed(struct stage *s, struct client *c, const struct parse *m, const char *wanted)
{
	union addr a, w;
	char text[ADDR_TEXT];
	bool good;

	if (!parse_addr(m, ATTR_XOR_RELAYED_ADDRESS, &a))
		return stage_fail(s, "no XOR-RELAYED-ADDRESS");
	if (strcmp(wanted, "same") == 0)
		good = addr_equal(&a, &c->relayed);
	else if (strcmp(wanted, "new") == 0)
		good = !addr_equal(&a, &c->relayed);
	else if (strcmp(wanted, "even") == 0)
		good = addr_port(&a) % 2 == 0;
	else if (strcmp(wanted, "ipv4") == 0)
		good = addr_family(&a) == AF_INET;
	else if (strcmp(wanted, "ipv6") == 0)
		good = addr_family(&a) == AF_INET6;
	else
		good = stage_addr(s, wanted, &w) && addr_equal(&a, &w);
	return good || stage_fail(s, "relayed=%s", addr_text(&a, text));
}

static bool
check_mapped(struct stage *s, const struct parse *m, const char *wanted)
{
	union addr a, w;
	char text[ADDR_TEXT];

	if (!stage_addr(s, wanted, &w))
		return false;
	return (parse_addr(m, ATTR_XOR_MAPPED_ADDRESS, &a) && addr_equal(&a, &w)) ||
	       stage_fail(s, "mapped=%s", addr_text(&a, text));
}

/* Does any client have this nonce already? */
static bool
known_nonce(const struct stage *s, struct bytes nonce)
{
	for (unsigned i = 0; i < ACTORS; i++)
		if (bytes_equal(nonce, bytes_text(s->clients[i].nonce)))
			return true;
	return false;
}

static bool
check_nonce(struct stage *s, const struct client *c, const struct parse *m, const char *wanted)
{
	struct bytes got = parse_value(m, ATTR_NONCE);
	bool same = bytes_equal(got, bytes_text(c->nonce));

	if (strcmp(wanted, "new") == 0)
		return !known_nonce(s, got) || stage_fail(s, "the nonce was there before");
	if (strcmp(wanted, "same") == 0)
		return same || stage_fail(s, "the nonce is a new one");
	if (strlen(wanted) == 4) /* the characters of the security features */
		return bytes_equal(bytes_view(got.p + 9, 4), bytes_text(wanted)) ||
		       stage_fail(s, "the nonce announces other features");
	return same || stage_fail(s, "the nonce is another one");
}

bool
answer_number(struct stage *s, const char *name, unsigned long got, const char *wanted)
{
	return got == strtoul(wanted, NULL, 0) || stage_fail(s, "%s=%lu", name, got);
}

/* An attribute by its name: there, absent (no-NAME), or there with this value. */
static bool
check_attribute(struct stage *s, const struct parse *m, const struct word *w)
{
	static struct buffer wanted;
	bool absent = strncasecmp(w->name, "no-", 3) == 0;
	int a = attribute(absent ? w->name + 3 : w->name);

	if (a < 0)
		return stage_fail(s, "what is %s?", w->name);
	if (parse_has(m, (enum stun_attr)a) == absent)
		return stage_fail(s, "%s is %s", name_attr((enum stun_attr)a),
		                  absent ? "there" : "missing");
	if (w->value == NULL)
		return true;
	if (!words_bytes(w, &wanted))
		return stage_fail(s, "bad hex");
	return bytes_equal(parse_value(m, (enum stun_attr)a), bytes_view(wanted.p, wanted.n)) ||
	       stage_fail(s, "%s differs", w->name);
}

static bool
check_word(struct stage *s, struct client *c, const struct parse *m, const struct word *w)
{
	const char *v = w->value;
	uint32_t number;

	if (w->name == NULL)
		return stage_fail(s, "a text is not expected here");
	if (v == NULL)
		return check_attribute(s, m, w);
	if (words_is(w, "lifetime"))
		return parse_u32(m, ATTR_LIFETIME, &number) &&
		       answer_number(s, "lifetime", number, v);
	if (words_is(w, "mapped"))
		return check_mapped(s, m, v);
	if (words_is(w, "relayed"))
		return check_relayed(s, c, m, v);
	if (words_is(w, "unknown"))
		return check_unknown(s, m, v);
	if (words_is(w, "unknown-count"))
		return answer_number(s, "unknown-count",
		                     parse_value(m, ATTR_UNKNOWN_ATTRIBUTES).n / 2, v);
	if (words_is(w, "sealed"))
		return check_sealed(s, m, v);
	if (words_is(w, "size"))
		return answer_number(s, "size", s->got.n, v);
	if (words_is(w, "at-most"))
		return s->got.n <= strtoul(v, NULL, 0) || stage_fail(s, "size=%zu", s->got.n);
	if (words_is(w, "nonce"))
		return check_nonce(s, c, m, v);
	return check_attribute(s, m, w);
}

/* A client keeps what it will need for its next request. */
static void
learn(struct client *c, const struct parse *m)
{
	struct bytes realm = parse_value(m, ATTR_REALM), nonce = parse_value(m, ATTR_NONCE);
	struct bytes list = parse_value(m, ATTR_PASSWORD_ALGORITHMS);
	union addr relayed;

	if (parse_addr(m, ATTR_XOR_RELAYED_ADDRESS, &relayed))
		c->relayed = relayed;
	if (nonce.n == 0 || realm.n >= TEXT_MAX || nonce.n >= TEXT_MAX ||
	    list.n > sizeof c->algorithms)
		return;
	snprintf(c->realm, sizeof c->realm, "%.*s", (int)realm.n, (const char *)realm.p);
	snprintf(c->nonce, sizeof c->nonce, "%.*s", (int)nonce.n, (const char *)nonce.p);
	c->algorithms_n = list.n;
	if (list.n > 0)
		memcpy(c->algorithms, list.p, list.n);
}

bool
answer_expect(struct stage *s, struct client *c, const struct words *ws)
{
	struct parse m;
	unsigned code;

	if (parse_message(&m, bytes_view(s->got.p, s->got.n)) != PARSE_OK)
		return stage_fail(s, "what came is no STUN message");
	code = parse_error(&m, NULL);
	if (m.class == STUN_INDICATION || (m.class == STUN_SUCCESS) != words_is(&ws->w[1], "OK") ||
	    (m.class == STUN_ERROR && code != strtoul(ws->w[1].name, NULL, 10)))
		return stage_fail(s, "another answer came");
	if (s->out.flow.socket != c->flow.socket)
		return stage_fail(s, "the answer leaves by another socket");
	if (!always_check(s, c, &m))
		return false;
	for (unsigned i = 2; i < ws->n; i++)
		if (!check_word(s, c, &m, &ws->w[i]))
			return stage_fail(s, "%s is not as expected", ws->w[i].name);
	learn(c, &m);
	return true;
}
