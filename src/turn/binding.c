#include "turn/binding.h"

/* Tell the client what its address looks like from here. */
unsigned
binding_answer(struct request *r)
{
	r->answer.mapped = true;
	return 0;
}
