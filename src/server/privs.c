#include "server/privs.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Is the entry simply not there? Otherwise the look-up itself has failed. */
static bool
absent(int error)
{
	return error == 0 || error == ENOENT || error == ESRCH;
}

enum privs_found
privs_find(const char *user, const char *group, struct privs *into)
{
	const struct passwd *pw;
	const struct group *gr;

	errno = 0;
	pw = getpwnam(user);
	if (pw == NULL)
		return absent(errno) ? PRIVS_NO_USER : PRIVS_UNREADABLE;
	*into = (struct privs){.uid = pw->pw_uid, .gid = pw->pw_gid};
	if (group[0] == '\0')
		return PRIVS_FOUND;
	errno = 0;
	gr = getgrnam(group);
	if (gr == NULL)
		return absent(errno) ? PRIVS_NO_GROUP : PRIVS_UNREADABLE;
	into->gid = gr->gr_gid;
	return PRIVS_FOUND;
}

const char *
privs_drop(const struct privs *to)
{
	if (setgroups(0, NULL) != 0 || setgid(to->gid) != 0 || setuid(to->uid) != 0)
		return "the kernel refuses to change the user";
	if (to->uid != 0 && setuid(0) == 0)
		return "root could be taken back";
	return NULL;
}

void
privs_lock(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

uint64_t
privs_raise_descriptors(uint64_t need)
{
	struct rlimit limit, more;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	more.rlim_cur = more.rlim_max = need;
	if (limit.rlim_max < need) /* root may go beyond */
		setrlimit(RLIMIT_NOFILE, &more);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur;
}
