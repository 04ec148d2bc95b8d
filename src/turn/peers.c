#include "turn/peers.h"

#include <assert.h>
#include <stdlib.h>

/*
 * Two binary tries, one per family, in one growing array of nodes. A node that ends a prefix
 * names its rule; the deepest one on the way down is the longest prefix.
 */
enum { ROOT_V4, ROOT_V6, ROOTS };
enum { NO_RULE = UINT32_MAX, LISTS_FIRST = 4 };

/* At equal length the later one of these wins (surface, `peers`). */
enum rank { RANK_OPEN, RANK_RECOMMENDED, RANK_OWN, RANK_ALLOW, RANK_DENY, RANK_NEVER };

struct node {
	uint32_t child[2]; /* 0 = none: the roots are nobody's children */
	uint32_t rule;
};

struct rule {
	enum rank rank;
	char *text;
};

struct ports {
	uint16_t lo, hi;
};

struct self {
	union addr ip;
	struct ports relay;
};

struct peers {
	struct node *nodes;
	struct rule *rules;
	union addr *endpoints;
	struct self *selves;
	struct ports *ports;
	uint32_t nodes_n, rules_n;
	unsigned endpoints_n, selves_n, ports_n;
	bool loopback;
};

/* Unspecified, multicast, broadcast, and every way to write one family inside the other. */
static const char *const never[] = {
	"0.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32", "::/96", "::ffff:0:0/96",
	"::ffff:0:0:0/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "ff00::/8",
};

static const char *const recommended[] = {
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8",
	"168.63.129.16/32", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24",
	"203.0.113.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4", "::1/128", "100::/64",
	"2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:db8::/32", "3fff::/20", "5f00::/16",
	"fc00::/7", "fe80::/10", "fec0::/10",
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const char out_of_memory[] = "out of memory";

/*
 * Room for one more in a list of `n` items, which has room for a power of two of them. The list,
 * moved perhaps, or NULL.
 */
static void *
one_more(void *list, size_t n, size_t size)
{
	if (n == 0)
		return realloc(list, LISTS_FIRST * size);
	if (n < LISTS_FIRST || (n & (n - 1)) != 0)
		return list;
	return realloc(list, 2 * n * size);
}

static const char *
rank_name(enum rank rank)
{
	static const char *const names[] = {
		[RANK_OPEN] = "open",   [RANK_RECOMMENDED] = "recommended", [RANK_OWN] = "own",
		[RANK_ALLOW] = "allow", [RANK_DENY] = "deny",               [RANK_NEVER] = "never",
	};

	return names[rank];
}

/* Index of a new rule "rank:text", or NO_RULE. */
static uint32_t
add_rule(struct peers *p, enum rank rank, const char *text)
{
	struct bytes parts[] = {bytes_text(rank_name(rank)), bytes_text(":"), bytes_text(text)};
	struct rule *rules = one_more(p->rules, p->rules_n, sizeof *rules);
	size_t size = parts[0].n + parts[1].n + parts[2].n;
	char *line;

	if (rules == NULL)
		return NO_RULE;
	p->rules = rules;
	if ((line = calloc(1, size + 1)) == NULL)
		return NO_RULE;
	struct pen w = pen_over(line, size);
	for (unsigned i = 0; i < COUNT(parts); i++)
		pen_put(&w, parts[i].p, parts[i].n);
	rules[p->rules_n] = (struct rule){rank, line};
	return p->rules_n++;
}

/* Index of a new node, or 0 when memory is short (0 is a root, and nobody's child). */
static uint32_t
add_node(struct peers *p)
{
	struct node *nodes = one_more(p->nodes, p->nodes_n, sizeof *nodes);

	if (nodes == NULL)
		return 0;
	p->nodes = nodes;
	nodes[p->nodes_n] = (struct node){.rule = NO_RULE};
	return p->nodes_n++;
}

static unsigned
bit(const uint8_t *ip, unsigned i)
{
	return (ip[i / 8] >> (7 - i % 8)) & 1;
}

static bool
add_prefix(struct peers *p, const struct prefix *x, uint32_t rule)
{
	uint32_t at = x->family == AF_INET ? ROOT_V4 : ROOT_V6;

	for (unsigned i = 0; i < x->bits; i++) {
		unsigned side = bit(x->ip, i);

		if (p->nodes[at].child[side] == 0) {
			uint32_t child = add_node(p); /* may move the nodes */
			if (child == 0)
				return false;
			p->nodes[at].child[side] = child;
		}
		at = p->nodes[at].child[side];
	}
	uint32_t *here = &p->nodes[at].rule;
	if (*here == NO_RULE || p->rules[rule].rank >= p->rules[*here].rank)
		*here = rule;
	return true;
}

static const struct rule *
longest(const struct peers *p, const union addr *a)
{
	struct bytes ip = addr_ip(a);
	uint32_t at = ip.n == 4 ? ROOT_V4 : ROOT_V6;
	uint32_t rule = p->nodes[at].rule;

	for (unsigned i = 0; i < 8 * ip.n; i++) {
		at = p->nodes[at].child[bit(ip.p, i)];
		if (at == 0)
			break;
		if (p->nodes[at].rule != NO_RULE)
			rule = p->nodes[at].rule;
	}
	return rule == NO_RULE ? NULL : &p->rules[rule];
}

static bool
add_text(struct peers *p, enum rank rank, const char *text)
{
	struct prefix x;
	uint32_t rule = add_rule(p, rank, text);
	const char *wrong = prefix_parse(text, &x);

	assert(wrong == NULL);
	return wrong == NULL && rule != NO_RULE && add_prefix(p, &x, rule);
}

struct peers *
peers_new(void)
{
	struct peers *p = calloc(1, sizeof *p);
	bool made = p != NULL;

	if (p == NULL)
		return NULL;
	for (unsigned i = 0; i < ROOTS && made; i++)
		made = add_node(p) == i && p->nodes != NULL;
	for (unsigned i = 0; i < COUNT(never) && made; i++)
		made = add_text(p, RANK_NEVER, never[i]);
	/* Loopback lies inside a range that is never open, and still may be opened. */
	if (made && add_text(p, RANK_OPEN, "::1/128"))
		return p;
	peers_free(p);
	return NULL;
}

void
peers_free(struct peers *p)
{
	if (p == NULL)
		return;
	for (uint32_t i = 0; i < p->rules_n; i++)
		free(p->rules[i].text);
	free(p->rules);
	free(p->nodes);
	free(p->endpoints);
	free(p->selves);
	free(p->ports);
	free(p);
}

bool
peers_add_recommended(struct peers *p)
{
	for (unsigned i = 0; i < COUNT(recommended); i++)
		if (!add_text(p, RANK_RECOMMENDED, recommended[i]))
			return false;
	return true;
}

static bool
prefix_is_loopback(const struct prefix *x)
{
	struct prefix v4, v6;

	prefix_parse("127.0.0.0/8", &v4);
	prefix_parse("::1/128", &v6);
	return prefix_within(x, &v4) || prefix_within(x, &v6);
}

static bool
never_openable(const struct prefix *x)
{
	struct prefix outer;

	if (prefix_is_loopback(x))
		return false;
	for (unsigned i = 0; i < COUNT(never); i++) {
		prefix_parse(never[i], &outer);
		if (prefix_within(x, &outer))
			return true;
	}
	return false;
}

/* Such a peer never gets here as IPv6 (R5): the rule would do nothing. */
static bool
is_mapped(const struct prefix *x)
{
	struct prefix mapped;

	prefix_parse("::ffff:0:0/96", &mapped);
	return prefix_within(x, &mapped);
}

const char *
peers_add(struct peers *p, enum peers_origin origin, const char *text)
{
	static const enum rank ranks[] = {[PEERS_RECOMMENDED] = RANK_RECOMMENDED,
	                                  [PEERS_ALLOW] = RANK_ALLOW,
	                                  [PEERS_DENY] = RANK_DENY};
	struct prefix parts[PREFIX_RANGE_MAX];
	unsigned n;
	const char *wrong = prefix_parse_range(text, parts, &n);

	if (wrong != NULL)
		return wrong;
	for (unsigned i = 0; i < n; i++)
		if (is_mapped(&parts[i]))
			return "IPv4 addresses are written as IPv4 addresses";
	for (unsigned i = 0; origin == PEERS_ALLOW && i < n; i++)
		if (never_openable(&parts[i]))
			return "unspecified, multicast, broadcast, mapped and tunnel addresses "
			       "cannot be opened";

	uint32_t rule = add_rule(p, ranks[origin], text);
	if (rule == NO_RULE)
		return out_of_memory;
	for (unsigned i = 0; i < n; i++) {
		if (!add_prefix(p, &parts[i], rule))
			return out_of_memory;
		if (origin == PEERS_ALLOW && prefix_is_loopback(&parts[i]))
			p->loopback = true;
	}
	return NULL;
}

bool
peers_opens_loopback(const struct peers *p)
{
	return p->loopback;
}

bool
peers_deny_ports(struct peers *p, uint16_t lo, uint16_t hi)
{
	struct ports *list = one_more(p->ports, p->ports_n, sizeof *list);

	if (list == NULL)
		return false;
	p->ports = list;
	list[p->ports_n++] = (struct ports){lo, hi};
	return true;
}

bool
peers_add_endpoint(struct peers *p, const union addr *listener)
{
	union addr *list = one_more(p->endpoints, p->endpoints_n, sizeof *list);

	if (list == NULL)
		return false;
	p->endpoints = list;
	list[p->endpoints_n++] = *listener;
	return true;
}

bool
peers_add_own(struct peers *p, const union addr *ip)
{
	char text[ADDR_TEXT];

	/* These are for the lists to say; loopback takes a written rule to open (A1). */
	if (addr_is_loopback(ip) || (addr_family(ip) == AF_INET6 &&
	                             IN6_IS_ADDR_LINKLOCAL(&ip->v6.sin6_addr)))
		return true;
	return add_text(p, RANK_OWN, addr_ip_text(ip, text));
}

bool
peers_add_broadcast(struct peers *p, const union addr *ip)
{
	char text[ADDR_TEXT];

	return add_text(p, RANK_NEVER, addr_ip_text(ip, text));
}

bool
peers_add_self(struct peers *p, const union addr *relay_ip, uint16_t lo, uint16_t hi)
{
	struct self *list = one_more(p->selves, p->selves_n, sizeof *list);

	if (list == NULL)
		return false;
	p->selves = list;
	list[p->selves_n++] = (struct self){*relay_ip, {lo, hi}};
	return peers_add_own(p, relay_ip);
}

static bool
holds(struct ports r, uint16_t port)
{
	return port >= r.lo && port <= r.hi;
}

/* An IP that is known to be this host's: what a wildcard listener answers on. */
static bool
is_own_ip(const struct peers *p, const union addr *a)
{
	for (unsigned i = 0; i < p->selves_n; i++)
		if (addr_same_ip(&p->selves[i].ip, a))
			return true;
	for (unsigned i = 0; i < p->endpoints_n; i++)
		if (addr_same_ip(&p->endpoints[i], a))
			return true;
	return addr_is_loopback(a);
}

bool
peers_is_endpoint(const struct peers *p, const union addr *a)
{
	for (unsigned i = 0; i < p->endpoints_n; i++) {
		const union addr *e = &p->endpoints[i];

		if (addr_port(e) != addr_port(a))
			continue;
		if (addr_same_ip(e, a) || (addr_is_any(e) && is_own_ip(p, a)))
			return true;
	}
	return false;
}

bool
peers_bars_client(const union addr *client)
{
	struct bytes ip = addr_ip(client);

	return ip.n == 16 && (bytes_u32(ip.p) == 0x20010000 || bytes_u16(ip.p) == 0x2002);
}

/* The IPv4 address inside one of NAT64 or ISATAP, which is judged as well (security A4). */
static bool
embedded(const union addr *a, union addr *inner)
{
	static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};
	struct bytes ip = addr_ip(a);

	if (ip.n != 16)
		return false;
	if (memcmp(ip.p, nat64, sizeof nat64) != 0 && /* ISATAP: ::[02]00:5efe:a.b.c.d */
	    (bytes_u32(ip.p + 8) & 0xfdffffff) != 0x00005efe)
		return false;
	*inner = addr_make(bytes_view(ip.p + 12, 4), addr_port(a));
	return true;
}

static enum peers_verdict
judge_ip(const struct peers *p, const union addr *a, const char **rule)
{
	const struct rule *r = longest(p, a);

	if (r == NULL || r->rank == RANK_OPEN || r->rank == RANK_ALLOW)
		return PEERS_OK;
	*rule = r->text;
	return r->rank == RANK_NEVER ? PEERS_UNUSABLE : PEERS_DENIED;
}

/* An own relay address is reachable on the relay ports, whatever the lists say (T-274). */
static bool
is_own_relay(const struct peers *p, const union addr *a)
{
	for (unsigned i = 0; i < p->selves_n; i++) {
		const struct self *s = &p->selves[i];

		if (addr_same_ip(&s->ip, a) && (addr_port(a) == 0 || holds(s->relay, addr_port(a))))
			return true;
	}
	return false;
}

enum peers_verdict
peers_judge(const struct peers *p, const union addr *peer, const char **rule)
{
	const char *which = NULL;
	enum peers_verdict verdict;
	union addr inner;

	if (rule == NULL)
		rule = &which;
	if (addr_family(peer) != AF_INET && addr_family(peer) != AF_INET6)
		return PEERS_UNUSABLE;
	if (addr_port(peer) != 0 && peers_is_endpoint(p, peer)) {
		*rule = "endpoint";
		return PEERS_DENIED;
	}
	if (is_own_relay(p, peer))
		return PEERS_OK;
	verdict = judge_ip(p, peer, rule);
	if (verdict == PEERS_OK && embedded(peer, &inner))
		return peers_judge(p, &inner, rule); /* IPv4 holds nothing further */
	if (verdict != PEERS_OK)
		return verdict;
	for (unsigned i = 0; addr_port(peer) != 0 && i < p->ports_n; i++)
		if (holds(p->ports[i], addr_port(peer))) {
			*rule = "deny_ports";
			return PEERS_DENIED_PORT;
		}
	return PEERS_OK;
}
