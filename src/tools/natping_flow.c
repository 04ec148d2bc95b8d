#include "tools/natping_flow.h"

#include <errno.h>
#include <string.h>

#include "common/clock.h"
#include "common/siphash.h"
#include "tools/natping_client.h"

/* magic 4, way 1, zero 3, number 4, time 8, hash 8, then filler */
enum { AT_WAY = 4, AT_NUMBER = 8, AT_TIME = 12, AT_HASH = 20 };

static const uint8_t magic[4] = {0x9e, 'n', 'a', 't'}; /* like no STUN, DTLS or channel */

static uint64_t
hash(const struct natping *p, const uint8_t *payload, size_t n)
{
	const struct siphash_key key = {p->tag[0], p->tag[1]};
	uint64_t head = siphash(&key, payload, AT_HASH);

	return head ^ siphash(&key, payload + NATPING_STAMP, n - NATPING_STAMP);
}

int
natping_flow_send(struct natping *p, const struct natping_parcel *parcel)
{
	struct natping_client *from = parcel->way == 0 ? &p->a : &p->b;
	uint8_t payload[NATPING_SIZE_MAX];
	size_t n = parcel->size;

	memcpy(payload, magic, sizeof magic);
	memset(payload + AT_WAY, 0, AT_NUMBER - AT_WAY);
	payload[AT_WAY] = (uint8_t)parcel->way;
	bytes_put32(payload + AT_NUMBER, parcel->number);
	memcpy(payload + AT_TIME, &parcel->sent_ns, sizeof parcel->sent_ns);
	for (size_t i = NATPING_STAMP; i < n; i++)
		payload[i] = (uint8_t)(parcel->number * 31 + i * 7);
	uint64_t h = hash(p, payload, n);
	memcpy(payload + AT_HASH, &h, sizeof h);

	size_t size = turnc_wrap(&from->turn, &p->relayed[parcel->way == 0], true,
	                         bytes_view(payload, n), p->out, sizeof p->out);
	if (size == 0)
		return -EMSGSIZE;
	int wrong = toolsock_send(from->fd, NULL, bytes_view(p->out, size));
	return wrong == -ENOBUFS ? -EAGAIN : wrong;
}

static bool
read_payload(const struct natping *p, unsigned way, const struct turnc_event *ev,
             struct natping_arrival *into)
{
	struct bytes d = ev->data;
	uint64_t h;

	if (d.n < NATPING_STAMP || memcmp(d.p, magic, sizeof magic) != 0)
		return false; /* a stranger's: relays have open doors */
	*into = (struct natping_arrival){
		.way = way,
		.number = bytes_u32(d.p + AT_NUMBER),
		.size = d.n,
		.channel = ev->channel != 0,
	};
	memcpy(&into->sent_ns, d.p + AT_TIME, sizeof into->sent_ns);
	memcpy(&h, d.p + AT_HASH, sizeof h);
	into->sound = h == hash(p, d.p, d.n) && d.p[AT_WAY] == way;
	return true;
}

bool
natping_flow_receive(struct natping *p, msec until, struct natping_arrival *into)
{
	struct natping_client *both[] = {&p->b, &p->a}; /* by the way that ends there */
	struct turnc_event ev;

	do {
		bool busy = false;

		for (unsigned way = 0; way < 2; way++) {
			busy = natping_client_pump(p, both[way], &ev) || busy;
			if (ev.kind == TURNC_DATA && read_payload(p, way, &ev, into))
				return true;
		}
		if (!busy)
			natping_client_wait(both, 2, until);
	} while (clock_now().mono < until);
	return false;
}
