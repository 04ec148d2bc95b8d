#include "server/build.h"

#include <errno.h>
#include <string.h>

#include "common/digest.h"
#include "common/entropy.h"
#include "common/text.h"
#include "server/credentials.h"

static const char recommended[] = "recommended";

/* Services that answer small packets with large ones (security A13). */
static const uint16_t reflectors[] = {19, 53, 123, 161, 389, 1900, 5353, 11211};

static const char *
add_deny(struct peers *p, const char *text)
{
	if (strcmp(text, recommended) == 0)
		return peers_add_recommended(p) ? NULL : "out of memory";
	return peers_add(p, PEERS_DENY, text);
}

static const char *
add_allow(struct peers *p, const char *text)
{
	if (strcmp(text, recommended) == 0)
		return "the recommended list is for peers.deny";
	return peers_add(p, PEERS_ALLOW, text);
}

static const char *
add_port(struct peers *p, const char *text)
{
	uint16_t lo, hi;
	const char *why;
	bool good = true;

	if (strcmp(text, recommended) == 0) {
		for (size_t i = 0; i < sizeof reflectors / sizeof reflectors[0]; i++)
			good = good && peers_deny_ports(p, reflectors[i], reflectors[i]);
		return good ? NULL : "out of memory";
	}
	why = text_ports(text, &lo, &hi);
	if (why != NULL)
		return why;
	return peers_deny_ports(p, lo, hi) ? NULL : "out of memory";
}

struct rules {
	const char *key;
	const char *(*add)(struct peers *, const char *);
	const char *hint;
};

static void
add_rules(struct peers *p, const struct rules *r, const struct words *list, struct complaints *c)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct word *w = &list->v[i];
		const char *why = r->add(p, w->text);
		if (why == NULL)
			continue;
		complaints_error(c, w->at, "%s: \"%.80s\": %s", r->key, w->text, why);
		complaints_hint(c, "%s", r->hint);
	}
}

static void
fill_peers(struct peers *p, const struct settings *s, struct complaints *c)
{
	static const struct rules deny = {
		"peers.deny", add_deny,
		"write \"10.0.0.0/8\", \"192.0.2.1\", \"192.0.2.1-192.0.2.9\" or \"recommended\""};
	static const struct rules allow = {
		"peers.allow", add_allow,
		"write \"10.0.0.0/8\", \"192.0.2.1\" or \"192.0.2.1-192.0.2.9\""};
	static const struct rules ports = {"peers.deny_ports", add_port,
	                                   "write \"53\", \"1900-1901\" or \"recommended\""};

	add_rules(p, &deny, &s->peers.deny, c);
	add_rules(p, &allow, &s->peers.allow, c);
	add_rules(p, &ports, &s->peers.deny_ports, c);
	if (peers_opens_loopback(p)) {
		complaints_warning(
			c, settings_origin(s, "peers.allow"),
			"peers.allow opens loopback addresses: clients can reach services that "
			"listen on this host only");
	}
}

static struct keyring *
new_keyring(const struct settings *s)
{
	struct keyring_policy policy = {
		.realm = bytes_text(s->server.realm),
		.rest_separator = s->auth.rest_separator[0],
		.max_credential_ttl = (int64_t)(s->auth.max_credential_ttl / 1000),
		.clock_skew = (int64_t)(s->auth.clock_skew / 1000),
	};

	entropy_fill(&policy.hash, sizeof policy.hash);
	return keyring_new(&policy);
}

/* Only what every key can serve is offered: some users' keys may be MD5 only. */
static void
choose_algorithms(struct turn_policy *p, const struct settings *s, const struct keyring *keys)
{
	for (size_t i = 0; i < s->auth.algorithms.n; i++) {
		int algorithm = s->auth.algorithms.v[i];
		if (algorithm != KEY_SHA256 || keyring_serves_sha256(keys))
			p->algorithms[p->algorithms_n++] = (uint16_t)algorithm;
	}
}

static void
fill_policy(struct build *b, const struct settings *s)
{
	struct turn_policy *p = &b->policy;

	p->realm = bytes_text(s->server.realm);
	p->software = bytes_text(s->server.software);
	p->relay = s->relay.enabled;
	p->ipv4 = s->relay.ipv4.pick != SETTINGS_NONE;
	p->ipv6 = s->relay.ipv6.pick != SETTINGS_NONE;
	p->rfc5766_channels = s->relay.rfc5766_channels;
	p->permission_follows_channel = s->relay.permission_follows_channel;
	p->anonymous = s->auth.anonymous;
	p->stun_auth = s->auth.stun_auth;
	p->keys = b->keys;
	choose_algorithms(p, s, b->keys);
	p->nonce_lifetime = (unsigned)(s->auth.nonce_lifetime / 1000);
	p->strict_expiry = s->auth.strict_expiry;
	p->peers = b->peers;
	p->lifetime_default = (uint32_t)(s->limits.lifetime_default / 1000);
	p->lifetime_max = (uint32_t)(s->limits.lifetime_max / 1000);
	p->permissions_max = s->limits.permissions_per_allocation;
	p->channels_max = s->limits.channels_per_allocation;
}

int
build_init(struct build *b, const struct settings *s, struct complaints *c)
{
	struct digest *d = digest_new();
	int error = -ENOMEM;

	*b = (struct build){0};
	b->peers = peers_new();
	b->keys = new_keyring(s);
	if (d == NULL || b->peers == NULL || b->keys == NULL) {
		build_fini(b);
		goto out;
	}
	fill_peers(b->peers, s, c);
	credentials_load(s, b->keys, d, c);
	credentials_nonce_keys(s, d, &b->policy.nonce_keys, c);
	fill_policy(b, s);
	error = 0;
out:
	digest_free(d);
	return error;
}

void
build_fini(struct build *b)
{
	digest_wipe(&b->policy.nonce_keys, sizeof b->policy.nonce_keys);
	keyring_free(b->keys);
	peers_free(b->peers);
	*b = (struct build){0};
}
