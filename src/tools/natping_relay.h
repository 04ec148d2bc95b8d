/*
 * tools/natping_relay.h -- natping, one thread: the checks on two allocations: addresses,
 * permission, channel, data both ways, what must be forbidden, IPv6, refresh, delete. Each function
 * notes its steps and says whether to go on.
 */
#ifndef NATSRV_TOOLS_NATPING_RELAY_H
#define NATSRV_TOOLS_NATPING_RELAY_H

#include "tools/natping_state.h"

bool natping_relay_address(struct natping *p);    /* can the world reach what was offered? */
bool natping_relay_permission(struct natping *p); /* of each relay for the other */
bool natping_relay_channel(struct natping *p);    /* A's, to B's relayed address */
bool natping_relay_data(struct natping *p);       /* one datagram each way */
bool natping_relay_safety(struct natping *p);     /* permissions that must be refused */
bool natping_relay_other_family(struct natping *p);
bool natping_relay_refresh(struct natping *p);
bool natping_relay_delete(struct natping *p);     /* both allocations */

#endif
