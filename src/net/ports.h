/*
 * net/ports.h -- pure, one owner: which ports of one relay address are free.
 *
 * Ports are drawn uniformly at random from all that are free (RFC 6056; security H3), and rest for
 * a while after use so that late packets do not reach a stranger's allocation; the rest is cut
 * short only when nearly everything is in use (15 of 16).
 */
#ifndef NATSRV_NET_PORTS_H
#define NATSRV_NET_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/wheel.h"

struct ports;

enum { PORTS_REST = 60 * 1000 }; /* ms */

/*
 * Ports lo to hi, both inclusive. `below(ctx, n)` draws uniformly from [0, n). NULL when memory is
 * short.
 */
struct ports *ports_new(uint16_t lo, uint16_t hi, uint32_t (*below)(void *ctx, uint32_t n),
                        void *ctx);
void ports_free(struct ports *p);

/* A random free port, an even one if asked; 0 when there is none. */
uint16_t ports_take(struct ports *p, bool even, msec now);

/* A port that was taken may be used again after PORTS_REST. */
void ports_give(struct ports *p, uint16_t port, msec now);

unsigned ports_size(const struct ports *p); /* lo to hi */

#endif
