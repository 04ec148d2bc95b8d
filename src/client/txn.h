/*
 * client/txn.h -- pure, one owner: when to send a STUN request again, and when to give up
 * (RFC 8489, 6.2.1; conformance S-271).
 *
 * With the default policy an unanswered request is sent at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s
 * and fails at 39.5 s. A transaction holds no bytes: whoever owns it sends the same request again,
 * bit by bit.
 */
#ifndef NATSRV_CLIENT_TXN_H
#define NATSRV_CLIENT_TXN_H

#include <stdbool.h>
#include <stdint.h>

#include "common/instant.h"
#include "stun/parse.h"

struct txn_policy {
	uint32_t rto; /* milliseconds until the first repetition; doubles every time */
	uint16_t rc;  /* how often a request is sent, 1..16 */
	uint16_t rm;  /* after the last time, wait rm * rto */
};

#define TXN_POLICY_UDP ((struct txn_policy){.rto = 500, .rc = 7, .rm = 16})
#define TXN_POLICY_STREAM ((struct txn_policy){.rto = 39500, .rc = 1, .rm = 1})

struct txn {
	msec due;     /* when txn_step() has something to say; MSEC_NEVER when idle */
	uint16_t method;
	uint16_t sends; /* how often it went out */
	uint8_t tid[STUN_TID];
};

enum txn_step { TXN_WAIT, TXN_SEND, TXN_FAILED };

/* Due at once. `tid` is 96 random bits (copied). */
void txn_begin(struct txn *x, unsigned method, const uint8_t tid[static STUN_TID], msec now);

/* Idle: matches nothing, never due. */
void txn_end(struct txn *x);

static inline bool
txn_busy(const struct txn *x)
{
	return x->due != MSEC_NEVER;
}

/*
 * What to do now. TXN_SEND: the caller sends the request; it has been counted and the next
 * deadline is set. TXN_FAILED: nobody answered; the transaction is idle.
 */
enum txn_step txn_step(struct txn *x, const struct txn_policy *policy, msec now);

/* Is `m`, which came from `from`, the answer to this request sent to `server` (S-274)? */
bool txn_answered(const struct txn *x, const struct parse *m, const union addr *server,
                  const union addr *from);

#endif
