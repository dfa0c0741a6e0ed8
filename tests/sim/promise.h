/* promise.h - the promises that a history must keep, in the words of the design. */
#ifndef TESTS_SIM_PROMISE_H
#define TESTS_SIM_PROMISE_H

/*
 * The first ten are what vidmill promises, by their numbers in docs/proofs.md.
 * CONTAINED has no check here: what a hostile file can do is no matter of
 * control, and is proved on real processes (tests/fault/hostile).
 */
enum promise {
	DURABLE = 1,
	TERMINATES,
	VISIBLE_MEANS_COMPLETE,
	ONE_VISIBLE_EFFECT,
	FENCED,
	RECOVERS,
	CONTAINED,
	NOTIFICATIONS,
	FAILS_CLOSED,
	NO_SECRET,
	/* Rules of the design on which no single promise rests, and which are kept as strictly. */
	COUNTS_FAILURES_ONLY,
	LEAVES_NOTHING_BEHIND,
	/* Not of vidmill: the simulation itself is broken. */
	SIMULATES
};

const char *promise_words(enum promise promise);

/* Says what went wrong, with the command that repeats it, and exits. */
void broken(enum promise promise, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

#endif
