#include "common/clock.h"

#include <assert.h>
#include <time.h>

static struct timespec
read_clock(clockid_t id)
{
	struct timespec t;
	int rc = clock_gettime(id, &t);

	assert(rc == 0); /* every Linux that we run on has these clocks */
	return t;
}

struct instant
clock_now(void)
{
	struct timespec mono = read_clock(CLOCK_BOOTTIME);
	struct timespec wall = read_clock(CLOCK_REALTIME);

	return (struct instant){
		.mono = (msec)mono.tv_sec * 1000 + (msec)mono.tv_nsec / 1000000,
		.unix_s = wall.tv_sec,
	};
}

uint64_t
clock_nsec(void)
{
	struct timespec t = read_clock(CLOCK_MONOTONIC);

	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

int64_t
clock_wall_usec(void)
{
	struct timespec t = read_clock(CLOCK_REALTIME);

	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
