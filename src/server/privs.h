/*
 * server/privs.h -- main thread, at start: giving up root, and the limit of descriptors.
 */
#ifndef NATSRV_SERVER_PRIVS_H
#define NATSRV_SERVER_PRIVS_H

#include <stdint.h>
#include <sys/types.h>

struct privs { /* who to become */
	uid_t uid;
	gid_t gid;
};

enum privs_found { PRIVS_FOUND, PRIVS_NO_USER, PRIVS_NO_GROUP, PRIVS_UNREADABLE };

/*
 * Looks up a user, and a group ("" = the user's own). To be done first of all: later the user
 * database may be out of reach for want of descriptors, and that is not "no such user".
 */
enum privs_found privs_find(const char *user, const char *group, struct privs *into);

/* Becomes them, for good. NULL or a static complaint. The process must be root. */
const char *privs_drop(const struct privs *to);

/* No way to gain privileges by exec, for this and all threads to come. */
void privs_lock(void);

/* Raises the limit of descriptors as far as it may, root to `need` at least. What it is then. */
uint64_t privs_raise_descriptors(uint64_t need);

#endif
