/*
 * server/foreign.h -- any thread: names that people write into natsrv.conf though natsrvd does not
 * serve them: coturn's, and those of this project's later versions.
 */
#ifndef NATSRV_SERVER_FOREIGN_H
#define NATSRV_SERVER_FOREIGN_H

#include "conf/names.h"

extern const struct foreign foreign_coturn[];
extern const struct foreign foreign_later[];

#endif
