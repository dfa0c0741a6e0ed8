/* main.c - test-sim: many histories side by side, and what is said of the one that fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim.h"
#include "tally.h"

#define JOBS_MAX 256
#define PROGRESS_SECONDS 10

struct run {
	uint64_t first, count;
	long jobs;
	const char *stumble;
	bool verbose, tally;
};

/* Each history in a process of its own: a killed server's memory dies with it. */
static pid_t begin(const struct run *run, uint64_t seed)
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		abort();
	if (pid == 0) {
		history_run(seed, run->stumble, run->verbose);
		exit(0);
	}
	return pid;
}

static bool is_good(int status, uint64_t seed)
{
	if (WIFSIGNALED(status))
		fprintf(stderr, "seed %llu: signal %d\nrepeat it with: test-sim --seed %llu --verbose\n",
		        (unsigned long long)seed, WTERMSIG(status), (unsigned long long)seed);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Waits for one of those that run, and frees its place. */
static bool finish_one(pid_t *pids, uint64_t *seeds, long jobs)
{
	int status;
	pid_t pid = wait(&status);

	for (long n = 0; n < jobs; n++)
		if (pids[n] == pid) {
			pids[n] = 0;
			return is_good(status, seeds[n]);
		}
	abort();
}

static void tell_progress(uint64_t done, uint64_t count)
{
	static time_t told;
	time_t now = time(NULL);

	if (told == 0)
		told = now;
	if (now - told < PROGRESS_SECONDS)
		return;
	told = now;
	fprintf(stderr, "%llu of %llu histories\n", (unsigned long long)done,
	        (unsigned long long)count);
}

/* Until all are done or one has failed. */
static bool run_all(const struct run *run)
{
	pid_t pids[JOBS_MAX] = {0};
	uint64_t seeds[JOBS_MAX], begun = 0, done = 0;
	bool good = true;

	while (done < begun || (good && begun < run->count)) {
		long n = 0;

		while (n < run->jobs && pids[n] != 0)
			n++;
		if (good && begun < run->count && n < run->jobs) {
			seeds[n] = run->first + begun++;
			pids[n] = begin(run, seeds[n]);
			continue;
		}
		good = finish_one(pids, seeds, run->jobs) && good;
		tell_progress(++done, run->count);
	}
	return good;
}

static int usage(void)
{
	fprintf(stderr, "usage: test-sim [--seeds COUNT] [--first SEED] [--jobs COUNT] [--tally]\n"
	                "                [--stumble CALL]\n"
	                "       test-sim --seed SEED [--stumble CALL] [--verbose]\n");
	return 2;
}

static bool read_number(const char *text, uint64_t *out)
{
	char *end;

	*out = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0';
}

int main(int argc, char **argv)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct run run = {.first = 1, .count = 2000, .jobs = processors > 0 ? processors : 1};
	uint64_t number = 0;

	for (int i = 1; i < argc; i++) {
		bool has_number = i + 1 < argc && read_number(argv[i + 1], &number);

		if (strcmp(argv[i], "--verbose") == 0) {
			run.verbose = true;
			continue;
		}
		if (strcmp(argv[i], "--tally") == 0) {
			run.tally = true;
			continue;
		}
		if (i + 1 < argc && strcmp(argv[i], "--stumble") == 0) {
			run.stumble = argv[i + 1];
		} else if (has_number && strcmp(argv[i], "--seed") == 0) {
			run.first = number;
			run.count = 1;
		} else if (has_number && strcmp(argv[i], "--seeds") == 0) {
			run.count = number;
		} else if (has_number && strcmp(argv[i], "--first") == 0) {
			run.first = number;
		} else if (has_number && number > 0 && strcmp(argv[i], "--jobs") == 0) {
			run.jobs = number < JOBS_MAX ? (long)number : JOBS_MAX;
		} else {
			return usage();
		}
		i++;
	}
	if (run.jobs > JOBS_MAX)
		run.jobs = JOBS_MAX;
	tally_open();
	if (!run_all(&run))
		return 1;
	if (run.tally)
		tally_print(run.count);
	else
		printf("%llu histories kept every promise\n", (unsigned long long)run.count);
	return 0;
}
