/* retry.c - full jitter, the budget of tries, and which failures a try can mend. */
#include "support/retry.h"

#include "support/random.h"

/* A refill of a tenth for each success is what holds the extra calls at ten per cent. */
static const double TOKENS_MOST = 10.0;
static const double TOKENS_REFILL = 0.1;

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
	budget->tokens = TOKENS_MOST;
}

void retry_budget_finish(struct retry_budget *budget)
{
	pthread_mutex_destroy(&budget->lock);
}

bool retry_budget_take(struct retry_budget *budget)
{
	bool taken;

	pthread_mutex_lock(&budget->lock);
	taken = budget->tokens >= 1.0;
	if (taken)
		budget->tokens -= 1.0;
	pthread_mutex_unlock(&budget->lock);
	return taken;
}

void retry_budget_refill(struct retry_budget *budget)
{
	pthread_mutex_lock(&budget->lock);
	budget->tokens += TOKENS_REFILL;
	if (budget->tokens > TOKENS_MOST)
		budget->tokens = TOKENS_MOST;
	pthread_mutex_unlock(&budget->lock);
}

bool retry_is_transient(int status)
{
	return status == VM_ERR_THROTTLED || status == VM_ERR_UNAVAILABLE || status == VM_ERR_TIMEOUT;
}

bool retry_is_unknown(int status)
{
	return status == VM_ERR_TIMEOUT || status == VM_ERR_UNAVAILABLE || status == VM_ERR_CANCELLED;
}
