/*
 * net/counters.h -- pure: what the data path counts, per worker (stats/cell.h).
 */
#ifndef NATSRV_NET_COUNTERS_H
#define NATSRV_NET_COUNTERS_H

enum net_counter {
#define COUNTER(ident, name, help) NET_##ident,
#include "net/counters.def"
#undef COUNTER
	NET_COUNTERS
};

#endif
