#include "common/flow.h"

#include <assert.h>

bool
flow_equal(const struct flow *a, const struct flow *b)
{
	return a->transport == b->transport && addr_equal(&a->client, &b->client) &&
	       addr_equal(&a->local, &b->local);
}

uint64_t
flow_hash(const struct siphash_key *key, const struct flow *f)
{
	uint8_t text[2 * ADDR_KEY + 1];
	size_t n = addr_key(&f->client, text);

	n += addr_key(&f->local, text + n);
	text[n++] = (uint8_t)f->transport;
	return siphash(key, text, n);
}

const char *
flow_transport_name(enum flow_transport t)
{
	static const char *const names[FLOW_TRANSPORTS] = {
		[FLOW_UDP] = "udp", [FLOW_TCP] = "tcp", [FLOW_TLS] = "tls", [FLOW_DTLS] = "dtls"};

	assert((unsigned)t < FLOW_TRANSPORTS);
	return names[t];
}
