/*
 * conf/listing.h -- start-up and reload: a list of scalars into the field of a row.
 * Written [ ] or ( ); a single entry may stand without brackets.
 */
#ifndef NATSRV_CONF_LISTING_H
#define NATSRV_CONF_LISTING_H

#include "conf/value.h"

/*
 * OPTION_STRINGS, OPTION_CHOICES, OPTION_SECRETS. False when the field was not filled; entries
 * that are wrong are complained about and left out, so look at the errors as well.
 */
bool listing_take(const struct value_job *job);

/* Harmless on a zeroed field. Wipes secrets. */
void listing_free(const struct option *row, void *field);

#endif
