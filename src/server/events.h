/*
 * server/events.h -- any thread: what the machines report becomes log lines, with the privacy that
 * the operator asked for. Immutable after events_new().
 */
#ifndef NATSRV_SERVER_EVENTS_H
#define NATSRV_SERVER_EVENTS_H

#include "common/instant.h"
#include "common/siphash.h"
#include "turn/turn.h"
#include "server/settings.h"

struct events;

/* `hash`: random key of SETTINGS_HASH. NULL when memory is short. */
struct events *events_new(const struct settings_log *log, const struct siphash_key *hash);
void events_free(struct events *e);

void events_report(const struct events *e, const struct turn_event *event, struct instant now);

#endif
