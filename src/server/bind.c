#include "server/bind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "net/host.h"
#include "server/book.h"

struct resolving {
	struct settings_listener *listener;
	const struct word *word;
	char path[80]; /* "listeners[0].address" */
	struct complaints *c;
};

static int
append(struct settings_listener *l, const union addr *a)
{
	union addr *more = realloc(l->at, (l->at_n + 1) * sizeof *more);

	if (more == NULL)
		return -ENOMEM;
	l->at = more;
	l->at[l->at_n] = *a;
	addr_set_port(&l->at[l->at_n++], (uint16_t)l->port);
	return 0;
}

/* "%eth0": every address that the interface has now. */
static int
add_interface(struct resolving *r, const char *name)
{
	union addr all[HOST_ADDRESSES];
	unsigned n = host_interface(name, all, HOST_ADDRESSES);

	for (unsigned i = 0; i < n; i++)
		if (append(r->listener, &all[i]) != 0)
			return -ENOMEM;
	if (n == 0)
		complaints_error(r->c, r->word->at,
		                 "%s: there is no interface '%.32s' that is up and has an address",
		                 r->path, name);
	return 0;
}

/* What bind() would refuse at start, or only half do, for IPv6 sockets take IPv6 only. */
static bool
bindable(struct resolving *r, const union addr *a)
{
	const char *text = r->word->text;
	union addr plain = *a;
	char ip[ADDR_TEXT];

	addr_unmap(&plain);
	if (addr_is_multicast(a)) {
		complaints_error(r->c, r->word->at, "%s: %.64s is a multicast address", r->path,
		                 text);
		return false;
	}
	if (addr_family(&plain) != addr_family(a)) {
		complaints_error(r->c, r->word->at,
		                 "%s: %.64s is an IPv4-mapped address", r->path, text);
		complaints_hint(r->c, "write \"%s\"", addr_ip_text(&plain, ip));
		return false;
	}
	if (addr_family(a) == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&a->v6.sin6_addr) &&
	    a->v6.sin6_scope_id == 0) {
		complaints_error(r->c, r->word->at,
		                 "%s: %.64s is link-local: its interface is missing", r->path,
		                 text);
		complaints_hint(r->c,
		                "write \"%.64s%%eth0\", or \"%%eth0\" for all of eth0's", text);
		return false;
	}
	return true;
}

static int
add_address(struct resolving *r)
{
	const char *text = r->word->text;
	union addr a, other;
	const char *why = addr_parse(text, 1, &a);

	if (why != NULL) {
		complaints_error(r->c, r->word->at, "%s: \"%.64s\": %s", r->path, text, why);
		complaints_hint(r->c,
		                "write addresses, not names; \"%%eth0\" stands for an interface");
		return 0;
	}
	if (addr_parse(text, 2, &other) != NULL || addr_port(&a) == addr_port(&other)) {
		complaints_error(r->c, r->word->at, "%s: \"%.64s\" holds a port", r->path, text);
		complaints_hint(r->c, "the port of a listener is its setting 'port'");
		return 0;
	}
	if (!bindable(r, &a))
		return 0;
	return append(r->listener, &a);
}

static int
resolve_listener(struct settings *s, size_t at, struct complaints *c)
{
	struct resolving r = {.listener = &s->listeners.v[at], .c = c};

	snprintf(r.path, sizeof r.path, "listeners[%zu].address", at);
	for (size_t i = 0; i < r.listener->address.n; i++) {
		r.word = &r.listener->address.v[i];
		int error = r.word->text[0] == '%' ? add_interface(&r, r.word->text + 1)
		                                   : add_address(&r);
		if (error != 0)
			return error;
	}
	return 0;
}

/* Would the kernel have to choose between the two? IPv6 sockets take IPv6 only. */
static bool
overlap(const union addr *a, const union addr *b)
{
	if (addr_family(a) != addr_family(b) || addr_port(a) != addr_port(b))
		return false;
	if (addr_family(a) == AF_INET6 && a->v6.sin6_scope_id != b->v6.sin6_scope_id &&
	    !addr_is_any(a) && !addr_is_any(b))
		return false;
	return addr_same_ip(a, b) || addr_is_any(a) || addr_is_any(b);
}

/* The first endpoint of `b` that overlaps one of `a`; NULL when there is none. */
static const union addr *
find_overlap(const struct settings_listener *a, const struct settings_listener *b)
{
	for (size_t k = 0; k < b->at_n; k++) {
		size_t end = a == b ? k : a->at_n;
		for (size_t i = 0; i < end; i++)
			if (overlap(&a->at[i], &b->at[k]))
				return &b->at[k];
	}
	return NULL;
}

static void
complain_overlap(const struct settings_listener *a, const struct settings_listener *b,
                 struct complaints *c)
{
	const union addr *at = find_overlap(a, b);
	char text[ADDR_TEXT];

	if (at == NULL)
		return;
	addr_text(at, text);
	if (a == b) {
		complaints_error(c, b->origin, "listener '%s' has %s twice", b->name, text);
	} else {
		complaints_error(c, b->origin, "listener '%s' overlaps listener '%s' at %s",
		                 b->name, a->name, text);
		complaints_hint(
			c,
			"every address and port belongs to one listener; 0.0.0.0 and :: hold all");
	}
}

/* Is the port the one that was written, and not the default in the place of a mistake? */
static bool
good_port(const struct settings *s, size_t at)
{
	const struct tree *t = tree_find(s->book->tree, "listeners");
	size_t i = 0;

	for (t = t->child; t != NULL; t = t->next) {
		if (t->kind == TREE_GROUP && i++ == at) {
			const struct tree *port = tree_get(t, "port");
			return port != NULL && port->kind == TREE_INT && port->text == NULL &&
			       port->number == s->listeners.v[at].port;
		}
	}
	return false;
}

int
bind_resolve(struct settings *s, struct complaints *c)
{
	for (size_t i = 0; i < s->listeners.n; i++) {
		int error = resolve_listener(s, i, c);
		if (error != 0)
			return error;
	}
	for (size_t b = 0; b < s->listeners.n; b++)
		for (size_t a = 0; a <= b; a++)
			if (good_port(s, a) && good_port(s, b))
				complain_overlap(&s->listeners.v[a], &s->listeners.v[b], c);
	return 0;
}
