#include "turn/machine.h"

const uint8_t *
machine_tid(struct turn *t)
{
	if (t->tids_left == 0) {
		t->io->random(t->io->ctx, t->tids, sizeof t->tids);
		t->tids_left = sizeof t->tids;
	}
	t->tids_left -= STUN_TID;
	return t->tids + t->tids_left;
}
