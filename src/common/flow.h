/*
 * common/flow.h -- pure, any thread: the five-tuple by which a server knows a client (RFC 8656, 2).
 */
#ifndef NATSRV_COMMON_FLOW_H
#define NATSRV_COMMON_FLOW_H

#include "common/addr.h"
#include "common/siphash.h"

enum flow_transport { FLOW_UDP, FLOW_TCP, FLOW_TLS, FLOW_DTLS, FLOW_TRANSPORTS };

struct flow {
	union addr client; /* where it comes from, unmapped */
	union addr local;  /* the server address and port that it was sent to */
	enum flow_transport transport;
	uint32_t socket;   /* the world's number of the socket it came by; not compared */
};

bool flow_equal(const struct flow *a, const struct flow *b);
uint64_t flow_hash(const struct siphash_key *key, const struct flow *f);

/* "udp", "tcp", "tls", "dtls" */
const char *flow_transport_name(enum flow_transport t);

#endif
