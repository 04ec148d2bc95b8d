#include "scn.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/text.h"

void
policy_default(struct stage *s)
{
	memset(&s->policy, 0, sizeof s->policy);
	snprintf(s->realm, sizeof s->realm, "example.org");
	s->software[0] = '\0';
	s->policy.relay = s->policy.ipv4 = s->policy.ipv6 = true;
	s->policy.algorithms[0] = KEY_SHA256;
	s->policy.algorithms[1] = KEY_MD5;
	s->policy.algorithms_n = 2;
	s->policy.nonce_keys.n = 1;
	memset(s->policy.nonce_keys.key[0], 7, NONCE_KEY);
	s->policy.nonce_lifetime = 600;
	s->policy.lifetime_default = 600;
	s->policy.lifetime_max = 3600;
	s->policy.permissions_max = s->policy.channels_max = 64;
	s->ring_policy = (struct keyring_policy){.rest_separator = ':',
	                                         .max_credential_ttl = 48 * 3600,
	                                         .clock_skew = 30,
	                                         .hash = {11, 12}};
	s->users_n = s->secrets_n = 0;
	peers_free(s->peers);
	s->peers = peers_new();
	assert(s->peers != NULL);
}

static bool
on(const struct word *w)
{
	return w->value == NULL || strcmp(w->value, "on") == 0;
}

static bool
policy_flag(struct stage *s, const struct word *w)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{"relay", &s->policy.relay},
		{"ipv4", &s->policy.ipv4},
		{"ipv6", &s->policy.ipv6},
		{"rfc5766_channels", &s->policy.rfc5766_channels},
		{"permission_follows_channel", &s->policy.permission_follows_channel},
		{"anonymous", &s->policy.anonymous},
		{"stun_auth", &s->policy.stun_auth},
		{"strict_expiry", &s->policy.strict_expiry},
	};

	for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (words_is(w, flags[i].name)) {
			*flags[i].flag = on(w);
			return true;
		}
	return false;
}

static bool
policy_number(struct stage *s, const struct word *w)
{
	const struct {
		const char *name;
		unsigned *number;
	} numbers[] = {
		{"nonce_lifetime", &s->policy.nonce_lifetime},
		{"lifetime_default", &s->policy.lifetime_default},
		{"lifetime_max", &s->policy.lifetime_max},
		{"permissions", &s->policy.permissions_max},
		{"channels", &s->policy.channels_max},
	};

	for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (words_is(w, numbers[i].name) && w->value != NULL) {
			*numbers[i].number = (unsigned)strtoul(w->value, NULL, 0);
			return true;
		}
	return false;
}

static bool
policy_algorithms(struct stage *s, const char *list)
{
	s->policy.algorithms_n = 0;
	if (strcmp(list, "none") == 0)
		return true;
	for (const char *p = list; *p != '\0'; p += strcspn(p, ","), p += *p == ',') {
		bool sha = strncmp(p, "sha256", 6) == 0;

		if (!sha && strncmp(p, "md5", 3) != 0)
			return stage_fail(s, "no such algorithm: %s", p);
		s->policy.algorithms[s->policy.algorithms_n++] = sha ? KEY_SHA256 : KEY_MD5;
	}
	return true;
}

static bool
policy_peers(struct stage *s, const struct word *w)
{
	const char *wrong = NULL;
	uint16_t lo, hi;
	union addr a;

	if (words_is(w, "allow"))
		wrong = peers_add(s->peers, PEERS_ALLOW, w->value);
	else if (words_is(w, "refused-allow"))
		wrong = peers_add(s->peers, PEERS_ALLOW, w->value) == NULL ? "was accepted" : NULL;
	else if (words_is(w, "deny") && strcmp(w->value, "recommended") == 0)
		return peers_add_recommended(s->peers);
	else if (words_is(w, "deny"))
		wrong = peers_add(s->peers, PEERS_DENY, w->value);
	else if (words_is(w, "deny_ports"))
		return text_ports(w->value, &lo, &hi) == NULL && peers_deny_ports(s->peers, lo, hi);
	else if (words_is(w, "self"))
		return addr_parse(w->value, 0, &a) == NULL &&
		       peers_add_self(s->peers, &a, s->io.port_lo, s->io.port_hi);
	else if (words_is(w, "endpoint"))
		return addr_parse(w->value, 0, &a) == NULL && peers_add_endpoint(s->peers, &a);
	else
		return stage_fail(s, "policy: what is %s?", w->name);
	return wrong == NULL || stage_fail(s, "policy %s=%s: %s", w->name, w->value, wrong);
}

/* user=name:password */
static bool
policy_user(struct stage *s, const struct word *w)
{
	size_t n = strcspn(w->value, ":");

	if (w->value[n] == '\0' || s->users_n == USERS_MAX)
		return stage_fail(s, "policy: user=name:password is wanted");
	snprintf(s->users[s->users_n][0], TEXT_MAX, "%.*s", (int)n, w->value);
	snprintf(s->users[s->users_n++][1], TEXT_MAX, "%s", w->value + n + 1);
	return true;
}

/* A user that must not get into a key ring (S-177). */
static bool
policy_refused_user(struct stage *s, const struct word *w)
{
	struct keyring *k = keyring_new(&s->ring_policy);
	size_t n = strcspn(w->value, ":");
	const char *wrong;

	assert(k != NULL && w->value[n] == ':');
	wrong = keyring_add_password(k, s->digest, bytes_view(w->value, n),
	                             bytes_text(w->value + n + 1));
	keyring_free(k);
	return wrong != NULL || stage_fail(s, "the user was accepted");
}

static bool
policy_word(struct stage *s, const struct word *w)
{
	if (policy_flag(s, w) || policy_number(s, w))
		return true;
	if (w->name == NULL || w->value == NULL)
		return stage_fail(s, "policy: name=value is wanted");
	if (words_is(w, "realm"))
		return snprintf(s->realm, sizeof s->realm, "%s", w->value) > 0;
	if (words_is(w, "software"))
		return snprintf(s->software, sizeof s->software, "%s", w->value) > 0;
	if (words_is(w, "algorithms"))
		return policy_algorithms(s, w->value);
	if (words_is(w, "secret") && s->secrets_n < USERS_MAX)
		return snprintf(s->secrets[s->secrets_n++], TEXT_MAX, "%s", w->value) > 0;
	if (words_is(w, "separator"))
		return (s->ring_policy.rest_separator = w->value[0]) != '\0';
	if (words_is(w, "nonce_key")) {
		memset(s->policy.nonce_keys.key[0], w->value[0], NONCE_KEY);
		return true;
	}
	if (words_is(w, "max_ttl") || words_is(w, "skew")) {
		bool ttl = words_is(w, "max_ttl");

		*(ttl ? &s->ring_policy.max_credential_ttl : &s->ring_policy.clock_skew) =
		        strtoll(w->value, NULL, 0);
		return true;
	}
	if (words_is(w, "user"))
		return policy_user(s, w);
	if (words_is(w, "refused-user"))
		return policy_refused_user(s, w);
	return policy_peers(s, w);
}

bool
policy_line(struct stage *s, const struct words *ws)
{
	stage_stop(s); /* as when a server starts anew */
	if (words_find(ws, "+") == NULL)
		policy_default(s);
	for (unsigned i = 1; i < ws->n; i++)
		if (!words_is(&ws->w[i], "+") && !policy_word(s, &ws->w[i]))
			return stage_fail(s, "policy: bad word %s", ws->w[i].name);
	return true;
}

bool
policy_world(struct stage *s, const struct words *ws)
{
	for (unsigned i = 1; i < ws->n; i++) {
		const struct word *w = &ws->w[i];

		if (w->value == NULL)
			return stage_fail(s, "world: name=value is wanted");
		if (words_is(w, "user_max"))
			s->io.user_max = (unsigned)strtoul(w->value, NULL, 0);
		else if (words_is(w, "total_max"))
			s->io.total_max = (unsigned)strtoul(w->value, NULL, 0);
		else if (words_is(w, "unix")) {
			s->unix_base = strtoll(w->value, NULL, 0) - (int64_t)(s->now.mono / 1000);
			s->now.unix_s = s->unix_base + (int64_t)(s->now.mono / 1000);
		} else if (words_is(w, "ports") &&
		         text_ports(w->value, &s->io.port_lo, &s->io.port_hi) == NULL)
			s->io.next_port = s->io.port_lo;
		else
			return stage_fail(s, "world: what is %s?", w->name);
	}
	return true;
}
