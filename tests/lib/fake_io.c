#include "fake_io.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

uint64_t
fake_io_random(struct fake_io *f)
{
	uint64_t x = f->seed += 0x9e3779b97f4a7c15u; /* splitmix64 */

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static void
fake_random(void *ctx, void *buf, size_t n)
{
	struct fake_io *f = ctx;
	uint8_t *p = buf;

	f->randoms++;
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(fake_io_random(f) >> 24);
}

static unsigned
take_port(struct fake_io *f, bool even)
{
	unsigned span = (unsigned)f->port_hi - f->port_lo + 1;

	for (unsigned i = 0; i < span; i++) {
		unsigned port = f->next_port;

		f->next_port = (uint16_t)(port == f->port_hi ? f->port_lo : port + 1);
		if (!f->port_used[port] && !(even && port % 2 != 0)) {
			f->port_used[port] = true;
			return port;
		}
	}
	return 0;
}

static unsigned
fake_open(void *ctx, const struct turn_relay_want *want, struct relay **relay)
{
	struct fake_io *f = ctx;
	const union addr *ip = &f->ip[want->family == AF_INET6];
	unsigned port;
	struct fake_relay *r;

	assert(want->family == AF_INET || want->family == AF_INET6);
	if (addr_family(ip) != want->family)
		return 440;
	if ((port = take_port(f, want->even)) == 0)
		return 508;
	r = malloc(sizeof *r);
	assert(r != NULL);
	*r = (struct fake_relay){.open = true};
	r->relay.relayed = *ip;
	addr_set_port(&r->relay.relayed, (uint16_t)port);
	list_push(&f->relays, &r->link);
	f->open++;
	*relay = &r->relay;
	return 0;
}

static void
fake_close(void *ctx, struct relay *relay)
{
	struct fake_io *f = ctx;
	struct fake_relay *r = (struct fake_relay *)(void *)relay;

	assert(r->open && relay->alloc == NULL);
	r->open = false;
	f->open--;
	f->port_used[addr_port(&relay->relayed)] = false;
	if (f->keep_closed)
		return;
	list_remove(&r->link);
	free(r);
}

/* A user keeps one slot as long as he holds something. */
static unsigned *
user_slot(struct fake_io *f, struct bytes user)
{
	int free_one = -1;

	for (int i = FAKE_USERS - 1; i >= 0; i--) {
		if (f->users[i].used == 0)
			free_one = i;
		else if (bytes_equal(bytes_text(f->users[i].name), user))
			return &f->users[i].used;
	}
	assert(free_one >= 0); /* too many users at once */
	snprintf(f->users[free_one].name, FAKE_TEXT, "%.*s", (int)user.n,
	         user.n == 0 ? "" : (const char *)user.p);
	return &f->users[free_one].used;
}

static unsigned
fake_admit(void *ctx, struct bytes user)
{
	struct fake_io *f = ctx;
	unsigned *used = user_slot(f, user);

	if (f->total_max != 0 && f->total >= f->total_max)
		return 508;
	if (f->user_max != 0 && *used >= f->user_max)
		return 486;
	++*used;
	f->total++;
	return 0;
}

static void
fake_release(void *ctx, struct bytes user)
{
	struct fake_io *f = ctx;
	unsigned *used = user_slot(f, user);

	assert(*used > 0 && f->total > 0);
	--*used;
	f->total--;
}

unsigned
fake_io_used(const struct fake_io *f, const char *user)
{
	for (unsigned i = 0; i < FAKE_USERS; i++)
		if (f->users[i].used > 0 && strcmp(f->users[i].name, user) == 0)
			return f->users[i].used;
	return 0;
}

static void
fake_event(void *ctx, const struct turn_event *event)
{
	struct fake_io *f = ctx;

	f->counted[event->kind]++;
	if (f->events_n == FAKE_EVENTS)
		return;
	struct fake_event *e = &f->events[f->events_n++];
	*e = (struct fake_event){.kind = event->kind, .reason = event->reason,
	                         .has_alloc = event->alloc != NULL};
	snprintf(e->user, sizeof e->user, "%.*s", (int)event->user.n,
	         event->user.n == 0 ? "" : (const char *)event->user.p);
	snprintf(e->rule, sizeof e->rule, "%s", event->rule == NULL ? "" : event->rule);
}

void
fake_io_init(struct fake_io *f, uint64_t seed)
{
	*f = (struct fake_io){.port_lo = 49152, .port_hi = 65535, .next_port = 49152, .seed = seed};
	f->io = (struct turn_io){.ctx = f, .relay_open = fake_open, .relay_close = fake_close,
	                         .admit = fake_admit, .release = fake_release,
	                         .random = fake_random, .event = fake_event};
	addr_parse("192.0.2.2", 0, &f->ip[0]);
	addr_parse("2001:db8::2", 0, &f->ip[1]);
	list_init(&f->relays);
}

void
fake_io_fini(struct fake_io *f)
{
	struct list *link;

	while ((link = list_shift(&f->relays)) != NULL)
		free(LIST_ITEM(link, struct fake_relay, link));
}

struct fake_relay *
fake_io_relay(struct fake_io *f, const union addr *relayed)
{
	struct fake_relay *found = NULL;

	for (struct list *l = f->relays.next; l != &f->relays; l = l->next) {
		struct fake_relay *r = LIST_ITEM(l, struct fake_relay, link);

		if (addr_equal(&r->relay.relayed, relayed) && (found == NULL || r->open))
			found = r;
	}
	return found;
}
