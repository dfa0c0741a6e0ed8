/* tally.c - counters that all processes of a run share. */
#include "tally.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static const char *const names[] = {
    [TALLY_VIDEOS] = "videos",
    [TALLY_PROCESSED] = "processed",
    [TALLY_LAUNCHES] = "launches",
    [TALLY_ATTEMPTS] = "attempts counted",
    [TALLY_LOST] = "attempts lost",
    [TALLY_WORKER_SECONDS] = "worker seconds",
    [TALLY_WAITING_SECONDS] = "waiting seconds",
    [TALLY_TASK_RECEIVES] = "task receives",
    [TALLY_META_CALLS] = "meta calls",
    [TALLY_QUEUE_CALLS] = "queue calls",
    [TALLY_STORAGE_CALLS] = "storage calls",
    [TALLY_COMPUTE_CALLS] = "compute calls",
    [TALLY_HASTE] = "launches at once after a failure",
    [TALLY_REFUSALS] = "refused starts",
};

static atomic_uint_fast64_t *counts;

void tally_open(void)
{
	counts = mmap(NULL, TALLY_COUNT * sizeof *counts, PROT_READ | PROT_WRITE,
	              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		abort();
}

void tally_add(enum tally tally, uint64_t count)
{
	atomic_fetch_add_explicit(&counts[tally], count, memory_order_relaxed);
}

void tally_print(uint64_t histories)
{
	printf("{\"histories\": %llu", (unsigned long long)histories);
	for (int i = 0; i < TALLY_COUNT; i++)
		printf(", \"%s\": %llu", names[i], (unsigned long long)counts[i]);
	printf("}\n");
}
