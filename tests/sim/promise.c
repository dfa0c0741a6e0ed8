/* promise.c - the words of the promises, and what is said when one is broken. */
#include "promise.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "world.h"

static const char *const words[] = {
    [DURABLE] = "durable: any 2xx survives the death of any process",
    [TERMINATES] = "terminates: every upload ends processed, or failed with a reason",
    [VISIBLE_MEANS_COMPLETE] = "visible means complete: every object of a shown manifest is there",
    [ONE_VISIBLE_EFFECT] = "one visible effect for each video and generation",
    [FENCED] = "fenced: a superseded attempt shows nothing",
    [RECOVERS] = "recovers: after a kill the work is claimable again within 120 s",
    [CONTAINED] = "contained: a hostile file costs its own job and its budget",
    [NOTIFICATIONS] = "notifications are at least once, with a stable event id",
    [FAILS_CLOSED] = "fails closed: without durability nothing is promised",
    [NO_SECRET] = "no secret in any log",
    [COUNTS_FAILURES_ONLY] = "an attempt that is counted has failed or was lost",
    [LEAVES_NOTHING_BEHIND] = "nothing is left behind by those who lost",
    [SIMULATES] = "the simulation works",
};

const char *promise_words(enum promise promise)
{
	return words[promise];
}

void broken(enum promise promise, const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	fprintf(stderr, "seed %llu breaks \"%s\": ", (unsigned long long)world.seed, words[promise]);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "\nrepeat it with: test-sim --seed %llu%s%s --verbose\n",
	        (unsigned long long)world.seed, world.repeat_stumble != NULL ? " --stumble " : "",
	        world.repeat_stumble != NULL ? world.repeat_stumble : "");
	_Exit(1);
}
