/*
 * client/turnc.h -- pure, one owner: one STUN/TURN client over one flow of datagrams.
 *
 * No socket, no clock: it is told `now` and what came in, and is asked what goes out.
 *
 *	turnc_init(&t, &env, &want, &server);
 *	turnc_allocate(&t);
 *	for (;;) {
 *		while ((n = turnc_output(&t, now, buf, sizeof buf, &ev)) > 0)
 *			... send n bytes to the server ...
 *		... look at ev: if an operation has ended, ask once more ...
 *		... wait for a packet, but no longer than turnc_deadline(&t) ...
 *		turnc_input(&t, now, &from, packet, &ev);
 *	}
 *
 * One request is in flight at a time; what else was asked for waits its turn. Once an allocation
 * stands, the machine keeps it, its permissions and its channels fresh by itself until
 * turnc_delete(). Answers are verified (RFC 8489, 9.2.5): one that cannot be is treated as if it
 * had never come, and when nothing better arrives the outcome is TURNC_INTEGRITY.
 *
 * Words: an *operation* is one thing asked of the server, with however many transactions it takes
 * (401, 438, 500). A *peer* is a place in the machine's table, by its address.
 */
#ifndef NATSRV_CLIENT_TURNC_H
#define NATSRV_CLIENT_TURNC_H

#include "client/state.h"

/* Nothing is sent until something is asked for. `server` is copied. */
void turnc_init(struct turnc *t, const struct turnc_env *env, const struct turnc_want *want,
                const union addr *server);
void turnc_fini(struct turnc *t);

/* Asking. Each ends in one TURNC_DONE event; asking twice before it ends is asking once. */
void turnc_binding(struct turnc *t);
void turnc_allocate(struct turnc *t);
void turnc_refresh(struct turnc *t);
void turnc_delete(struct turnc *t); /* Refresh(0); what else was asked for is forgotten */

/* A permission for the peer's IP / a channel to it; before the allocation stands they wait.
 * 0, or -ENOBUFS when TURNC_PEERS are in use. The channel number is turnc_channel_number(). */
int turnc_permit(struct turnc *t, const union addr *peer);
int turnc_channel(struct turnc *t, const union addr *peer);

/* The number of the channel to `peer` once it is bound, else 0. */
uint16_t turnc_channel_number(const struct turnc *t, const union addr *peer);

/* When turnc_output() may next have something; a time in the past = now; MSEC_NEVER. */
msec turnc_deadline(const struct turnc *t);

/*
 * The next datagram for the server, at most one: its size, or 0. `cap` should be TURNC_MESSAGE.
 * `ev` is always written; it is TURNC_DONE when an operation has ended for want of an answer (then
 * nothing is sent by this call: call again).
 */
size_t turnc_output(struct turnc *t, struct instant now, void *buf, size_t cap,
                    struct turnc_event *ev);

/* One datagram that came from `from`. `ev` is always written; TURNC_NOTHING = of no consequence. */
void turnc_input(struct turnc *t, struct instant now, const union addr *from, struct bytes packet,
                 struct turnc_event *ev);

/* The socket reported a hard ICMP error: what is in flight fails at once (S-272). */
void turnc_icmp(struct turnc *t, struct turnc_event *ev);

/*
 * The bytes before a payload for `peer`, written so that they END at `end`: a ChannelData header
 * when a channel is bound and `channel` is true, else the head of a Send indication (then at most
 * BUILD_BEFORE_MAX bytes, and `*pad` zero bytes follow the payload). Returns their number.
 */
size_t turnc_before(struct turnc *t, const union addr *peer, bool channel, uint8_t *end,
                    size_t payload, unsigned *pad);

/* The same with a copy, into `buf`; the datagram's size, or 0 when it does not fit. */
size_t turnc_wrap(struct turnc *t, const union addr *peer, bool channel, struct bytes payload,
                  void *buf, size_t cap);

/* "Allocate", "CreatePermission", ...; "no answer", "401 Unauthenticated" ... (static text) */
const char *turnc_op_name(enum turnc_op op);
const char *turnc_outcome_name(int outcome);

#endif
