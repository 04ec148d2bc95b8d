#include "stats/line.h"

#include <inttypes.h>
#include <stdio.h>

size_t
line_print(const struct line_value *values, size_t n, char *into, size_t room)
{
	size_t used = 0;

	if (room == 0)
		return 0;
	into[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		int k = snprintf(into + used, room - used, "%s%s=%" PRIu64, i == 0 ? "" : " ",
		                 values[i].name, values[i].value);

		if (k < 0 || (size_t)k >= room - used) {
			into[used] = '\0';
			return i;
		}
		used += (size_t)k;
	}
	return n;
}
