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
 * Tries beyond the first are paid from a budget that answers refill: ten of
 * them pay one try, and ten tries are kept in reserve. So whatever happens, and
 * however many threads share it, there are at most 10 + answers / 10 of them: a
 * dependency that is down gets ten calls more than its users make, and one that
 * answers sometimes at most a tenth more. [any thread]
 *
 * It is the token bucket of the AWS SDKs' standard retry mode (500 tokens, a retry
 * costs 5, a success gives 1: github.com/aws/aws-sdk-js-v3, middleware-retry,
 * constants.ts), with the ratio of Google's "Handling Overload" (sre.google/sre-book:
 * retries below 10 % of a client's requests). Finagle's default is 20 % and ten a
 * second (finagle.github.io/blog/2016/02/08/retry-budgets).
 */
struct retry_budget {
	pthread_mutex_t lock;
	unsigned tenths; /* of a try */
};

#define RETRY_BUDGET_RESERVE 10 /* tries */
#define RETRY_BUDGET_ANSWERS 10 /* that pay one try */

void retry_budget_init(struct retry_budget *budget);
void retry_budget_finish(struct retry_budget *budget);
bool retry_budget_take(struct retry_budget *budget);
void retry_budget_refill(struct retry_budget *budget);

/*
 * Whether the one who was asked did its work: there is no such thing, a condition
 * does not hold. Neither is a failure of a dependency.
 */
bool retry_is_answer(int status);
/* Whether trying again can help at all. */
bool retry_is_transient(int status);
/* Whether the effect may have happened. */
bool retry_is_unknown(int status);

#endif
