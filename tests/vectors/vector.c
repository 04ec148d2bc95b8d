#include "vector.h"

#include <stdio.h>
#include <stdlib.h>

size_t
vector_load(const char *name, uint8_t into[static VECTOR_MAX])
{
	const char *top = getenv("srcdir");
	char path[4096];
	size_t n = 0;
	unsigned byte;

	snprintf(path, sizeof path, "%s/tests/vectors/%s.hex", top != NULL ? top : ".", name);
	FILE *f = fopen(path, "r");
	if (f == NULL)
		return 0;
	while (n < VECTOR_MAX && fscanf(f, " %2x", &byte) == 1)
		into[n++] = (uint8_t)byte;
	fclose(f);
	return n;
}
