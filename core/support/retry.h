/* retry.h - how long to wait before the next try, and whether there may be one. */
#ifndef SUPPORT_RETRY_H
#define SUPPORT_RETRY_H

#include <pthread.h>
#include <stdbool.h>

#include <vidmill/status.h>

/*
 * Full jitter: uniform in [0, min(most, first * 2^n)], n counted from 0
 * (aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter).
 */
uint64_t retry_backoff_ms(unsigned n, uint64_t first_ms, uint64_t most_ms);

/*
 * Tries beyond the first are paid from a budget that successes refill, so that
 * a dependency that is down sees at most ten per cent more calls. [any thread]
 */
struct retry_budget {
	pthread_mutex_t lock;
	double tokens;
};

void retry_budget_init(struct retry_budget *budget);
void retry_budget_finish(struct retry_budget *budget);
bool retry_budget_take(struct retry_budget *budget);
void retry_budget_refill(struct retry_budget *budget);

/* Whether trying again can help at all. */
bool retry_is_transient(int status);
/* Whether the effect may have happened. */
bool retry_is_unknown(int status);

#endif
