#include "scn.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "common/text.h"
#include "stun/frame.h"

/* One request on its way from words to bytes. */
struct letter {
	struct stage *s;
	struct client *c;
	const struct words *ws;
	struct build b;
	char user[TEXT_MAX], password[TEXT_MAX];
	enum key_algorithm algorithm; /* of the key */
	bool legacy;                  /* neither list nor choice of algorithms */
};

static struct buffer value; /* scratch for one attribute */

static void
put_raw(struct build *b, unsigned type, struct bytes v)
{
	pen_u16(&b->pen, type);
	pen_u16(&b->pen, (unsigned)v.n);
	pen_put(&b->pen, v.p, v.n);
	pen_put(&b->pen, "\0\0\0", (4 - v.n % 4) % 4);
	bytes_put16(b->pen.start + 2, (unsigned)(pen_used(&b->pen) - STUN_HEADER));
}

/* "0x7f01:0x0011", "0x7f01:text", "0x7f01", "0x7f01*300" */
static bool
put_typed(struct letter *l, const struct word *w)
{
	char *end;
	unsigned long type = strtoul(w->value, &end, 16);
	struct word v = {.value = "", .value_n = 0};

	if (*end == ':')
		v = (struct word){.value = end + 1,
		                  .value_n = w->value_n - (size_t)(end + 1 - w->value)};
	else if (*end == '*') { /* "0x7001*300": that many types, counting up */
		for (unsigned long i = 0, n = strtoul(end + 1, NULL, 10); i < n; i++)
			put_raw(&l->b, (unsigned)(type + i), BYTES_NONE);
		return true;
	}
	if (!words_bytes(&v, &value))
		return stage_fail(l->s, "bad hex in %s", w->value);
	put_raw(&l->b, (unsigned)type, bytes_view(value.p, value.n));
	return true;
}

static uint8_t
number_or(const char *text, const char *name, uint8_t named)
{
	return strcmp(text, name) == 0 ? named : (uint8_t)strtoul(text, NULL, 0);
}

/* Attributes of the methods. False when the word is none. */
static bool
put_attribute(struct letter *l, const struct word *w)
{
	struct build *b = &l->b;
	union addr a;

	if (words_is(w, "df"))
		build_empty(b, ATTR_DONT_FRAGMENT);
	else if (w->value == NULL)
		return false;
	else if (words_is(w, "transport"))
		build_u8(b, ATTR_REQUESTED_TRANSPORT,
		         strcmp(w->value, "tcp") == 0 ? 6 : number_or(w->value, "udp", 17));
	else if (words_is(w, "lifetime"))
		build_u32(b, ATTR_LIFETIME, (uint32_t)strtoul(w->value, NULL, 0));
	else if (words_is(w, "family"))
		build_u8(b, ATTR_REQUESTED_ADDRESS_FAMILY,
		         strcmp(w->value, "ipv6") == 0 ? 2 : number_or(w->value, "ipv4", 1));
	else if (words_is(w, "more-family"))
		build_u8(b, ATTR_ADDITIONAL_ADDRESS_FAMILY, number_or(w->value, "ipv6", 2));
	else if (words_is(w, "even"))
		build_u8(b, ATTR_EVEN_PORT, number_or(w->value, "pair", 0x80));
	else if (words_is(w, "channel"))
		build_u16(b, ATTR_CHANNEL_NUMBER, (uint16_t)strtoul(w->value, NULL, 0));
	else if (words_is(w, "peer") && stage_addr(l->s, w->value, &a))
		build_addr(b, ATTR_XOR_PEER_ADDRESS, &a);
	else if (words_is(w, "data") && words_bytes(w, &value))
		build_bytes(b, ATTR_DATA, bytes_view(value.p, value.n));
	else if (words_is(w, "attr"))
		return put_typed(l, w);
	else
		return false;
	return true;
}

static bool
without(const struct letter *l, const char *name)
{
	const char *list = words_value(l->ws, "without", "");
	size_t n = strlen(name);

	for (const char *p = list; *p != '\0'; p += strcspn(p, ","), p += *p == ',')
		if (strncasecmp(p, name, n) == 0 && (p[n] == ',' || p[n] == '\0'))
			return true;
	return false;
}

/* Who the client says it is: auth=NAME with the policy's password, or rest=NAME ttl=3600. */
static bool
choose_user(struct letter *l)
{
	const struct stage *s = l->s;
	const char *rest = words_value(l->ws, "rest", NULL);
	const char *name = words_value(l->ws, "auth", NULL);

	if (rest != NULL) {
		long ttl = strtol(words_value(l->ws, "ttl", "3600"), NULL, 0);
		const char *secret = words_value(l->ws, "secret", s->secrets[0]);
		char password[KEY_REST_PASSWORD];

		snprintf(l->user, sizeof l->user, "%lld%s%s", (long long)s->now.unix_s + ttl,
		         rest[0] == '\0' ? "" : (char[]){s->ring_policy.rest_separator, 0}, rest);
		name = words_value(l->ws, "stamp", NULL); /* a user name as it was made before */
		if (name != NULL)
			snprintf(l->user, sizeof l->user, "%s%c%s", name,
			         s->ring_policy.rest_separator, rest);
		if (!key_rest_password(s->digest, bytes_text(secret), bytes_text(l->user),
		                       password))
			return false;
		snprintf(l->password, sizeof l->password, "%s", password);
		return true;
	}
	const char *password = "unknown";
	for (unsigned i = 0; i < s->users_n; i++)
		if (strcmp(s->users[i][0], name) == 0)
			password = s->users[i][1];
	snprintf(l->user, sizeof l->user, "%s", name);
	snprintf(l->password, sizeof l->password, "%s", words_value(l->ws, "pass", password));
	return true;
}

static void
choose_algorithm(struct letter *l)
{
	const char *alg = words_value(l->ws, "alg", l->c->algorithms_n > 0 ? "sha256" : "legacy");

	l->legacy = strcmp(alg, "legacy") == 0;
	l->algorithm = strcmp(alg, "sha256") == 0 ? KEY_SHA256 : KEY_MD5;
}

/* nonce=B: the one of client B; nonce=tampered, nonce=stripped, nonce="..." */
static struct bytes
choose_nonce(struct letter *l, char into[static TEXT_MAX])
{
	const char *which = words_value(l->ws, "nonce", NULL);

	snprintf(into, TEXT_MAX, "%s", l->c->nonce);
	if (which == NULL)
		return bytes_text(into);
	if (strcmp(which, "tampered") == 0)
		into[strlen(into) - 5] ^= 1;
	else if (strcmp(which, "stripped") == 0)
		memcpy(into + 9, "AAAA", 4);
	else if (which[0] >= 'A' && which[0] < 'P' && which[1] == '\0')
		snprintf(into, TEXT_MAX, "%s", l->s->clients[which[0] - 'A'].nonce);
	else
		snprintf(into, TEXT_MAX, "%s", which);
	return bytes_text(into);
}

/* pas=1,2 / pa=3: numbers of algorithms in place of what the server sent */
static void
put_algorithms(struct letter *l)
{
	const char *list = words_value(l->ws, "pas", NULL), *one = words_value(l->ws, "pa", NULL);
	uint16_t numbers[8];
	unsigned n = 0;
	char *end;

	for (const char *p = list; p != NULL && *p != '\0' && n < 8; p = end + (*end == ','))
		numbers[n++] = (uint16_t)strtoul(p, &end, 0);
	if (n > 0)
		build_algorithms(&l->b, numbers, n);
	else if (!l->legacy && !without(l, "pas"))
		put_raw(&l->b, name_attr_code(ATTR_PASSWORD_ALGORITHMS),
		        bytes_view(l->c->algorithms, l->c->algorithms_n));
	if (one != NULL)
		build_algorithm(&l->b, (uint16_t)strtoul(one, NULL, 0));
	else if (!l->legacy && !without(l, "pa"))
		build_algorithm(&l->b, (uint16_t)l->algorithm);
}

static void
put_credentials(struct letter *l)
{
	char nonce[TEXT_MAX];
	const char *realm = words_value(l->ws, "realm", l->c->realm);
	const char *hashed = words_value(l->ws, "userhash", l->user);
	uint8_t hash[32];

	if (words_find(l->ws, "userhash") != NULL) {
		key_userhash(l->s->digest, bytes_text(hashed), bytes_text(realm), hash);
		build_bytes(&l->b, ATTR_USERHASH, bytes_view(hash, sizeof hash));
	}
	if ((words_find(l->ws, "userhash") == NULL || words_find(l->ws, "both") != NULL) &&
	    !without(l, "username"))
		put_raw(&l->b, name_attr_code(ATTR_USERNAME), bytes_text(l->user));
	if (!without(l, "realm"))
		put_raw(&l->b, name_attr_code(ATTR_REALM), bytes_text(realm));
	if (!without(l, "nonce"))
		put_raw(&l->b, name_attr_code(ATTR_NONCE), choose_nonce(l, nonce));
	put_algorithms(l);
}

/* mi=sha1, sha256, both, none, bad-sha1, bad-sha256, in any order and number */
static void
put_integrity(struct letter *l)
{
	const char *kinds = words_value(l->ws, "mi", l->legacy ? "sha1" : "sha256");
	const char *realm = words_value(l->ws, "realm", l->c->realm);
	struct client *c = l->c;

	key_long_term(l->s->digest, l->algorithm, keyring_plain(bytes_text(l->user)),
	              keyring_plain(bytes_text(realm)), bytes_text(l->password), &c->key);
	for (const char *p = kinds; *p != '\0'; p += strcspn(p, ","), p += *p == ',') {
		bool sha1 = strncmp(p, "sha1", 4) == 0 || strncmp(p, "bad-sha1", 8) == 0;

		if (strncmp(p, "none", 4) == 0)
			continue;
		build_integrity(&l->b, l->s->digest, sha1 ? DIGEST_SHA1 : DIGEST_SHA256,
		                key_view(&c->key));
		if (strncmp(p, "bad", 3) == 0)
			l->b.pen.at[-1] ^= 1;
	}
}

static bool
put_words(struct letter *l)
{
	static const char *const about_auth[] = {
		"auth",  "rest",   "ttl",   "secret", "stamp",    "pass", "alg", "without",
		"realm", "nonce",  "pas",   "pa",     "userhash", "both", "mi",  "after",
		"fp",    "bad-fp", "class", "tid",    "length",   "cookie", "tail",
	};

	for (unsigned i = 2; i < l->ws->n; i++) {
		const struct word *w = &l->ws->w[i];
		bool known = put_attribute(l, w);

		for (unsigned k = 0; k < sizeof about_auth / sizeof about_auth[0]; k++)
			known = known || words_is(w, about_auth[k]);
		if (!known)
			return stage_fail(l->s, "what is %s?", w->name == NULL ? "this" : w->name);
	}
	return true;
}

static bool
put_end(struct letter *l)
{
	const struct words *ws = l->ws;
	struct client *c = l->c;

	for (unsigned i = 2; i < ws->n; i++)
		if (words_is(&ws->w[i], "after") && !put_typed(l, &ws->w[i]))
			return false;
	c->fingerprint = words_find(ws, "fp") != NULL;
	if (c->fingerprint || words_find(ws, "bad-fp") != NULL)
		build_fingerprint(&l->b);
	if (words_find(ws, "bad-fp") != NULL)
		l->b.pen.at[-1] ^= 1;
	c->sent.n = build_end(&l->b);

	const char *length = words_value(ws, "length", NULL);
	const char *cookie = words_value(ws, "cookie", NULL);
	if (length != NULL) {
		long more = strtol(length, NULL, 0);

		bytes_put16(c->sent.p + 2, (unsigned)(bytes_u16(c->sent.p + 2) + more));
	}
	if (cookie != NULL)
		bytes_put32(c->sent.p + 4, (uint32_t)strtoul(cookie, NULL, 0));
	const struct word *tail = words_find(ws, "tail");
	if (tail != NULL && words_bytes(tail, &value)) {
		memcpy(c->sent.p + c->sent.n, value.p, value.n);
		c->sent.n += value.n;
	}
	return c->sent.n > 0 || stage_fail(l->s, "the packet does not fit");
}

/* Binding, CreatePermission, ...; or any number. 0 when there is none of this name. */
static unsigned
method_number(const char *name)
{
	for (unsigned m = 1; m < 0x100; m++)
		if (name_method(m) != NULL && strcasecmp(name_method(m), name) == 0)
			return m;
	return (unsigned)strtoul(name, NULL, 0);
}

static enum stun_class
class_of(const struct words *ws, unsigned method)
{
	static const char *const names[] = {"request", "indication", "success", "error"};
	const char *name = words_value(ws, "class", NULL);

	for (unsigned i = 0; name != NULL && i < 4; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum stun_class)i;
	return method == METHOD_SEND || method == METHOD_DATA ? STUN_INDICATION : STUN_REQUEST;
}

static bool
send_message(struct stage *s, struct client *c, const struct words *ws)
{
	static struct letter l;
	unsigned method = method_number(ws->w[1].name);
	const char *tid = words_value(ws, "tid", "new");
	bool signs = words_find(ws, "auth") != NULL || words_find(ws, "rest") != NULL;

	if (method == 0)
		return stage_fail(s, "no such method: %s", ws->w[1].name);
	if (strcmp(tid, "new") == 0)
		for (unsigned i = 0; i < STUN_TID; i++)
			c->tid[i] = (uint8_t)fake_io_random(&s->io);
	else if (strcmp(tid, "same") != 0 && !text_unhex(tid, c->tid, STUN_TID))
		return stage_fail(s, "tid is 24 hex digits");

	l = (struct letter){.s = s, .c = c, .ws = ws};
	build_begin(&l.b, c->sent.p, sizeof c->sent.p, name_type(method, class_of(ws, method)),
	            c->tid);
	c->key.n = 0;
	if (!put_words(&l))
		return false;
	if (signs) {
		if (!choose_user(&l))
			return false;
		choose_algorithm(&l);
		put_credentials(&l);
		put_integrity(&l);
		if (strcmp(words_value(ws, "mi", ""), "none") == 0)
			c->key.n = 0;
	}
	return put_end(&l) && stage_from_client(s, c, c->sent.p, c->sent.n);
}

/* CHANNEL 0x4000 "text" [length=5] [tail=0x000000] */
static bool
send_channel(struct stage *s, struct client *c, const struct words *ws)
{
	static struct buffer payload;
	const char *length = words_value(ws, "length", NULL);
	const struct word *tail = words_find(ws, "tail");

	if (ws->n < 4 || ws->w[3].name != NULL || !words_bytes(&ws->w[3], &payload))
		return stage_fail(s, "CHANNEL number \"text\" is wanted");
	frame_channel_put(c->sent.p, (uint16_t)strtoul(ws->w[2].name, NULL, 0),
	                  length != NULL ? strtoul(length, NULL, 0) : payload.n);
	memcpy(c->sent.p + FRAME_CHANNEL_HEADER, payload.p, payload.n);
	c->sent.n = FRAME_CHANNEL_HEADER + payload.n;
	if (tail != NULL && words_bytes(tail, &value)) {
		memcpy(c->sent.p + c->sent.n, value.p, value.n);
		c->sent.n += value.n;
	}
	return stage_from_client(s, c, c->sent.p, c->sent.n);
}

bool
request_send(struct stage *s, struct client *c, const struct words *ws)
{
	if (ws->n < 2 || ws->w[1].name == NULL)
		return stage_fail(s, "what is sent?");
	if (words_is(&ws->w[1], "again"))
		return stage_from_client(s, c, c->sent.p, c->sent.n);
	if (words_is(&ws->w[1], "channel"))
		return send_channel(s, c, ws);
	if (words_is(&ws->w[1], "raw")) {
		c->sent.n = c->key.n = 0;
		c->fingerprint = false;
		if (ws->w[1].value != NULL && !words_bytes(&ws->w[1], &c->sent))
			return stage_fail(s, "bad hex");
		return stage_from_client(s, c, c->sent.p, c->sent.n);
	}
	return send_message(s, c, ws);
}
