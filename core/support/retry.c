/* retry.c - full jitter, the budget of tries, and which failures a try can mend. */
#include "support/retry.h"

#include "support/random.h"

/* In tenths of a try, so that ten answers pay exactly one. */
enum { TRY_COSTS = RETRY_BUDGET_ANSWERS, TENTHS_MOST = RETRY_BUDGET_RESERVE * TRY_COSTS };

uint64_t retry_backoff_ms(unsigned n, uint64_t first_ms, uint64_t most_ms)
{
	uint64_t bound = first_ms;

	while (n-- > 0 && bound < most_ms)
		bound = bound <= UINT64_MAX / 2 ? bound * 2 : UINT64_MAX;
	return random_up_to(bound < most_ms ? bound : most_ms);
}

void retry_budget_init(struct retry_budget *budget)
{
	pthread_mutex_init(&budget->lock, NULL);
	budget->tenths = TENTHS_MOST;
}

void retry_budget_finish(struct retry_budget *budget)
{
	pthread_mutex_destroy(&budget->lock);
}

bool retry_budget_take(struct retry_budget *budget)
{
	bool taken;

	pthread_mutex_lock(&budget->lock);
	taken = budget->tenths >= TRY_COSTS;
	if (taken)
		budget->tenths -= TRY_COSTS;
	pthread_mutex_unlock(&budget->lock);
	return taken;
}

void retry_budget_refill(struct retry_budget *budget)
{
	pthread_mutex_lock(&budget->lock);
	if (budget->tenths < TENTHS_MOST)
		budget->tenths++;
	pthread_mutex_unlock(&budget->lock);
}

bool retry_is_answer(int status)
{
	return status == VM_OK || status == VM_ERR_NOT_FOUND || status == VM_ERR_CONFLICT;
}

bool retry_is_transient(int status)
{
	return status == VM_ERR_THROTTLED || status == VM_ERR_UNAVAILABLE || status == VM_ERR_TIMEOUT;
}

bool retry_is_unknown(int status)
{
	return status == VM_ERR_TIMEOUT || status == VM_ERR_UNAVAILABLE || status == VM_ERR_CANCELLED;
}
