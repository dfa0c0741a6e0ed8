/* bench.h - what the measurements share: a clock, threads doing the same, a line of result. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <vidmill/plugin.h>

#define BENCH_THREADS_MOST 64

typedef void bench_fn(void *self, unsigned thread, unsigned n);

struct bench_thread {
	pthread_t thread;
	bench_fn *fn;
	void *self;
	unsigned number, n;
};

static inline double bench_seconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Ends the program with the error's sentence: a measurement of failures means nothing. */
static inline void bench_expect(int status, const struct vm_error *err)
{
	if (status == VM_OK)
		return;
	fprintf(stderr, "%s\n", err->message);
	exit(EXIT_FAILURE);
}

static inline void *bench_run_thread(void *ctx)
{
	struct bench_thread *thread = ctx;

	thread->fn(thread->self, thread->number, thread->n);
	return NULL;
}

/* Does fn n times in each of the threads and prints how many were done in a second. */
static inline void bench_run(const char *what, bench_fn *fn, void *self, unsigned threads,
                             unsigned n)
{
	struct bench_thread all[BENCH_THREADS_MOST];
	double begin = bench_seconds(CLOCK_MONOTONIC), took;

	for (unsigned i = 0; i < threads; i++) {
		all[i] = (struct bench_thread){.fn = fn, .self = self, .number = i, .n = n};
		if (pthread_create(&all[i].thread, NULL, bench_run_thread, &all[i]) != 0)
			exit(EXIT_FAILURE);
	}
	for (unsigned i = 0; i < threads; i++)
		pthread_join(all[i].thread, NULL);
	took = bench_seconds(CLOCK_MONOTONIC) - begin;
	printf("%-44s %2u threads  %9.0f/s  %8.3f ms each\n", what, threads, threads * n / took,
	       took * 1000 / n);
	fflush(stdout);
}

static inline void bench_log(const struct vm_host *host, enum vm_log_level level,
                             const char *format, ...)
{
	(void)host;
	(void)level;
	(void)format;
}

#endif
