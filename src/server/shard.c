#include "server/shard.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/entropy.h"
#include "stats/cell.h"
#include "net/batch.h"
#include "net/dgram.h"
#include "net/loop.h"
#include "net/mailbox.h"
#include "net/sock.h"

_Static_assert((int)DGRAM_HEADROOM >= (int)TURN_ROOM, "headers fit before a packet");
_Static_assert((int)BATCH_ROOM >= (int)TURN_ROOM && (int)BATCH_REPLY >= (int)TURN_REPLY,
               "scratch fits an answer");

enum {
	MAILBOX_BOUND = 1024,
	TICK = 250, /* ms; the machine refuses what has expired anyway, a tick frees it */
};

enum { LETTER_STOP, LETTER_PACKET };

struct listener {
	struct shard *shard;
	union addr at;
	bool any;      /* bound to any-address: packets say where they were sent to */
	int fd;
	uint32_t number, lost;
	struct loop_watch watch;
};

struct shard {
	const struct shard_plan *plan;
	unsigned number;
	struct loop *loop;
	struct dgram *dgram;
	struct batch *batch;
	struct mailbox *mailbox;
	struct relays *relays;
	struct turn *turn;
	struct entropy entropy;
	bool fresh;         /* is `now` of this round? */
	struct instant now;
	struct letter *read; /* letters whose packets are queued */
	struct courier courier;
	unsigned listeners_n;
	struct listener *listeners;
	struct turn_io io;
	uint64_t net[NET_COUNTERS];
};

/* The clock is read once a round. */
static struct instant
now(struct shard *s)
{
	if (!s->fresh) {
		s->now = clock_now();
		s->fresh = true;
	}
	return s->now;
}

/* Everything queued leaves; then the memory it lay in is free again. */
static void
settle(struct shard *s)
{
	struct letter *next;

	courier_flush(&s->courier);
	batch_flush(s->batch);
	dgram_release(s->dgram);
	relays_sweep(s->relays);
	for (; s->read != NULL; s->read = next) {
		next = s->read->next;
		free(s->read);
	}
}

static void
after_round(void *ctx)
{
	struct shard *s = ctx;

	settle(s);
	s->fresh = false;
}

static void
send_out(struct shard *s, const struct turn_out *out)
{
	struct batch_packet p = {.head = out->head, .data = out->data, .pad = out->pad};

	if (out->verdict == TURN_TO_CLIENT) {
		const struct listener *l = &s->listeners[out->flow.socket];

		p.fd = l->fd;
		p.to = &out->flow.client;
		p.from = l->any ? &out->flow.local : NULL;
	} else {
		p.fd = ((const struct relay_socket *)out->relay)->fd;
		p.to = &out->peer;
	}
	batch_put(s->batch, &p);
}

/*
 * Both ends are ours, the commonest call of all: the packet goes straight to the other allocation,
 * with the checks and counters of any packet from a peer, and without two trips through the kernel.
 */
static void
hand_over(struct shard *s, const struct turn_in *in, const struct turn_out *out)
{
	struct relay_socket *to = relays_find(s->relays, &out->peer);
	struct turn_in again = {.whence = TURN_FROM_PEER,
	                        .peer = out->relay->relayed,
	                        .data = out->data,
	                        .room_end = in->room_end,
	                        .reply = in->reply};
	struct turn_out end;

	cell_add(&s->net[NET_HANDED_OVER], 1);
	again.relay = &to->relay;
	/* In place only where the first packet's headers stood in place as well. */
	if (in->room_end == in->data.p && out->data.n > 0)
		again.room_end = (uint8_t *)(uintptr_t)out->data.p;
	turn_packet(s->turn, s->now, &again, &end);
	if (end.verdict == TURN_TO_CLIENT)
		send_out(s, &end);
}

static void
handle(struct shard *s, const struct turn_in *in)
{
	struct turn_out out;
	int owner;

	turn_packet(s->turn, s->now, in, &out);
	if (out.verdict == TURN_DROP)
		return;
	owner = out.verdict == TURN_TO_PEER ? pool_owner(s->plan->pool, &out.peer) : -1;
	if (owner < 0)
		send_out(s, &out);
	else if ((unsigned)owner == s->number)
		hand_over(s, in, &out);
	else
		courier_take(&s->courier, (unsigned)owner, &out);
}

/* A slot holds one packet or a run of them; each is handled on its own. */
static void
handle_slot(struct shard *s, struct turn_in *in, const struct dgram_in *slot)
{
	uint32_t at = 0;

	do {
		uint32_t left = slot->n - at, n = left < slot->segment ? left : slot->segment;
		struct batch_space space = batch_space(s->batch);

		in->data = bytes_view(slot->p + at, n);
		in->room_end = at == 0 ? slot->p : space.room_end;
		in->reply = space.reply;
		handle(s, in);
		at += n;
	} while (at < slot->n);
}

static unsigned
receive(struct shard *s, int fd, const struct dgram_in **slots)
{
	if (!dgram_ready(s->dgram))
		settle(s);
	now(s);
	return dgram_receive(s->dgram, fd, slots);
}

static void
from_clients(void *ctx)
{
	struct listener *l = ctx;
	struct shard *s = l->shard;
	const struct dgram_in *slot;
	unsigned n = receive(s, l->fd, &slot);

	for (unsigned i = 0; i < n; i++) {
		struct flow flow = {.client = slot[i].from,
		                    .local = l->at,
		                    .transport = FLOW_UDP,
		                    .socket = l->number};
		struct turn_in in = {.whence = TURN_FROM_CLIENT, .flow = &flow};

		/* No relay of ours may ever be a client: a loop (security A12, S-211). */
		if (pool_owner(s->plan->pool, &slot[i].from) >= 0) {
			cell_add(&s->net[NET_SOURCE_DROPPED], 1);
			continue;
		}
		if (l->any && addr_family(&slot[i].to) != 0) {
			flow.local = slot[i].to;
			addr_set_port(&flow.local, addr_port(&l->at));
		}
		handle_slot(s, &in, &slot[i]);
	}
}

static void
from_peers(struct relay_socket *r, void *ctx)
{
	struct shard *s = ctx;
	const struct dgram_in *slot;
	unsigned n = receive(s, r->fd, &slot);

	for (unsigned i = 0; i < n; i++) {
		struct turn_in in = {.whence = TURN_FROM_PEER,
		                     .relay = &r->relay,
		                     .peer = slot[i].from};

		handle_slot(s, &in, &slot[i]);
	}
}

static void
read_letter(struct letter *letter, void *ctx)
{
	struct shard *s = ctx;
	struct courier_letter *l = (struct courier_letter *)letter;
	struct relay_socket *to;

	if (letter->kind == LETTER_STOP) {
		free(letter);
		loop_stop(s->loop);
		return;
	}
	now(s);
	to = relays_find(s->relays, &l->to);
	if (to != NULL) {
		struct dgram_in run = {.p = l->data, .n = l->n, .segment = l->segment};
		struct turn_in in = {.whence = TURN_FROM_PEER,
		                     .relay = &to->relay,
		                     .peer = l->from};

		handle_slot(s, &in, &run);
	} else {
		cell_add(&s->net[NET_LETTER_DROPPED], courier_packets(l));
	}
	letter->next = s->read;
	s->read = letter;
}

static void
tick(void *ctx)
{
	struct shard *s = ctx;

	turn_tick(s->turn, now(s));
	for (unsigned i = 0; i < s->listeners_n; i++) {
		uint32_t lost = sock_lost(s->listeners[i].fd);

		cell_add(&s->net[NET_RECEIVE_DROPPED], lost - s->listeners[i].lost);
		s->listeners[i].lost = lost;
	}
	loop_timer_set(s->loop, TICK);
}

static unsigned
io_relay_open(void *ctx, const struct turn_relay_want *want, struct relay **relay)
{
	struct shard *s = ctx;
	unsigned code = relays_open(s->relays, want, s->now.mono, relay);

	if (code != 508)
		return code;
	/* The last free port may belong to a relay that was closed in this very round. */
	batch_flush(s->batch);
	relays_sweep(s->relays);
	return relays_open(s->relays, want, s->now.mono, relay);
}

static void
io_relay_close(void *ctx, struct relay *relay)
{
	struct shard *s = ctx;

	relays_close(s->relays, relay, s->now.mono);
}

static unsigned
io_admit(void *ctx, struct bytes user)
{
	return quota_admit(((struct shard *)ctx)->plan->quota, user);
}

static void
io_release(void *ctx, struct bytes user)
{
	quota_release(((struct shard *)ctx)->plan->quota, user);
}

static void
io_random(void *ctx, void *buf, size_t n)
{
	entropy_take(&((struct shard *)ctx)->entropy, buf, n);
}

static void
io_event(void *ctx, const struct turn_event *event)
{
	struct shard *s = ctx;

	events_report(s->plan->events, event, s->now);
}

static bool
post_to(void *ctx, unsigned shard, struct letter *letter)
{
	const struct shard *s = ctx;

	return mailbox_post(s->plan->shards[shard]->mailbox, letter, false);
}

static int
open_listener(struct shard *s, struct listener *l, const struct shard_listener *want)
{
	int fd = sock_listen_udp(&want->at, s->plan->listener_buffer, s->number == 0), error;

	if (fd < 0)
		return fd;
	*l = (struct listener){.shard = s,
	                       .at = want->at,
	                       .any = addr_is_any(&want->at),
	                       .fd = fd,
	                       .number = s->listeners_n};
	error = loop_watch(s->loop, &l->watch, fd, from_clients, l);
	if (error != 0) {
		close(fd);
		return error;
	}
	s->listeners_n++;
	return 0;
}

/* The parts that need memory and the kernel; shard_free() gives back whatever is there. */
static int
open_parts(struct shard *s)
{
	struct relays_policy relays = {.pool = s->plan->pool,
	                               .shard = s->number,
	                               .buffer = s->plan->relay_buffer};
	struct relays_world world = {.ready = from_peers, .ctx = s};

	s->now = clock_now();
	s->loop = loop_new(after_round, s);
	s->dgram = dgram_new(s->net);
	s->batch = batch_new(s->net);
	s->listeners = calloc(s->plan->listeners_n, sizeof *s->listeners);
	if (s->loop == NULL || s->dgram == NULL || s->batch == NULL || s->listeners == NULL)
		return -ENOMEM;
	world.loop = s->loop;
	s->relays = relays_new(&relays, &world);
	s->mailbox = mailbox_new(s->loop, MAILBOX_BOUND, read_letter, s);
	s->turn = turn_new(s->plan->policy, &s->io, s->now);
	if (s->relays == NULL || s->mailbox == NULL || s->turn == NULL)
		return -ENOMEM;
	return loop_timer_init(s->loop, tick, s);
}

int
shard_new(const struct shard_plan *plan, unsigned number, struct shard **into,
          const struct shard_listener **failed)
{
	struct shard *s = calloc(1, sizeof *s);
	int error;

	*failed = NULL;
	if (s == NULL)
		return -ENOMEM;
	s->plan = plan;
	s->number = number;
	s->io = (struct turn_io){.ctx = s,
	                         .relay_open = io_relay_open,
	                         .relay_close = io_relay_close,
	                         .admit = io_admit,
	                         .release = io_release,
	                         .random = io_random,
	                         .event = io_event};
	s->courier.world = (struct courier_world){
		.kind = LETTER_PACKET, .counters = s->net, .post = post_to, .ctx = s};
	error = open_parts(s);
	for (unsigned i = 0; i < plan->listeners_n && error == 0; i++) {
		error = open_listener(s, &s->listeners[i], &plan->listeners[i]);
		if (error != 0)
			*failed = &plan->listeners[i];
	}
	if (error != 0) {
		shard_free(s);
		return error;
	}
	*into = s;
	return 0;
}

void
shard_free(struct shard *s)
{
	if (s == NULL)
		return;
	s->now = clock_now();
	turn_free(s->turn);
	if (s->batch != NULL && s->dgram != NULL && s->relays != NULL)
		settle(s);
	for (unsigned i = 0; i < s->listeners_n; i++) {
		loop_unwatch(&s->listeners[i].watch);
		close(s->listeners[i].fd);
	}
	mailbox_free(s->mailbox);
	relays_free(s->relays);
	free(s->listeners);
	batch_free(s->batch);
	dgram_free(s->dgram);
	loop_free(s->loop);
	free(s);
}

void
shard_run(struct shard *s)
{
	loop_timer_set(s->loop, TICK);
	loop_run(s->loop);
}

void
shard_stop(struct shard *s)
{
	struct letter *l = calloc(1, sizeof *l);

	if (l == NULL)
		return; /* the caller's deadline ends the process all the same */
	l->kind = LETTER_STOP;
	mailbox_post(s->mailbox, l, true);
}

const uint64_t *
shard_turn_counters(const struct shard *s)
{
	return turn_counters(s->turn);
}

const uint64_t *
shard_net_counters(const struct shard *s)
{
	return s->net;
}

uint64_t
shard_relays(const struct shard *s, unsigned family)
{
	return cell_read(relays_in_use(s->relays, family));
}

size_t
shard_receive_buffer(const struct shard *s)
{
	return s->listeners_n > 0 ? sock_receive_buffer(s->listeners[0].fd) : 0;
}
