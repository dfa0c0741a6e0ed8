/* lull.c - times as an encoder shall see them: no picture lasts so long that its sums overflow. */
#include "lull.h"

int64_t lull_tell(struct lull *lull, int64_t time)
{
	const struct lull_picture *last = &lull->pictures[(lull->count - 1) % LULL_PICTURES];
	int64_t told = time;

	if (lull->count > 0) {
		int64_t distance = time - last->true_time;

		told = last->told + (distance < lull->longest ? distance : lull->longest);
	}
	lull->pictures[lull->count++ % LULL_PICTURES] = (struct lull_picture){time, told};
	return told;
}

int64_t lull_true(const struct lull *lull, int64_t told)
{
	size_t first = lull->count > LULL_PICTURES ? lull->count - LULL_PICTURES : 0;

	for (size_t i = lull->count; i > first; i--)
		if (lull->pictures[(i - 1) % LULL_PICTURES].told == told)
			return lull->pictures[(i - 1) % LULL_PICTURES].true_time;
	return told - lull->pictures[first % LULL_PICTURES].told +
	       lull->pictures[first % LULL_PICTURES].true_time;
}
