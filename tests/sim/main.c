/* main.c - test-sim: histories by seed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check_video.h"
#include "parts.h"
#include "sim.h"
#include "world.h"

#define EPOCH_MS 1700000000000 /* an arbitrary now */
#define FAULTS_MS (45 * 60 * 1000)
#define REST_MS (10 * 3600 * 1000)
#define DAY_MS (24 * 3600 * 1000)

struct sim sim;

static int64_t calm_ms, end_ms;
static struct role roles[5];

static void choose_pipeline(void)
{
	struct pipeline *pipeline = &sim.pipeline;
	struct plugin *const plugins[] = {&sim_storage, &sim_queue_unprocessed, &sim_queue_processed,
	                                  &sim_compute, &sim_meta};

	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
		roles[i].name = (char *)(uintptr_t)plugins[i]->entry.name;
		roles[i].plugin = plugins[i];
	}
	*pipeline = (struct pipeline){.name = roles[0].name,
	                              .storage_unprocessed = &roles[0],
	                              .storage_processed = &roles[0],
	                              .queue_unprocessed = &roles[1],
	                              .queue_processed = &roles[2],
	                              .compute = &roles[3],
	                              .meta = &roles[4]};
	pipeline->policy = (struct policy){.attempts = 5,
	                                   .releases = 5,
	                                   .backoff_ms = 5000,
	                                   .backoff_max_ms = 900000,
	                                   .lease_ms = 60000,
	                                   .keep_source = true};
	pipeline->server.upload_expires_ms = 600000;
}

static void choose(uint64_t seed, bool verbose)
{
	world = (struct world){.seed = seed,
	                       .state = seed * 0x2545F4914F6CDD1Du + 1,
	                       .now_ms = EPOCH_MS,
	                       .verbose = verbose};
	memset(&sim, 0, sizeof sim);
	sim.store_announces = chance_up_to(1) == 1;
	sim.n_servers = 1 + (unsigned)chance_up_to(SIM_SERVERS_MAX - 1);
	sim.n_clients = 1 + (unsigned)chance_up_to(5);
	sim.n_tasks = 1 + (unsigned)chance_up_to(3);
	world.faults = (unsigned)chance_up_to(60);
	choose_pipeline();
	calm_ms = EPOCH_MS + FAULTS_MS;
	end_ms = calm_ms + REST_MS;
}

/* Faults for a while, then calm: what is under way must come to its end by itself. */
static bool is_over(void)
{
	static int64_t look_ms;

	if (!world.calm && world.now_ms >= calm_ms && sim.clients_left == 0) {
		world_say("calm");
		world.calm = true;
		look_ms = 0;
	}
	if (world.now_ms >= end_ms)
		return true;
	if (!world.calm || world.now_ms < look_ms)
		return false;
	look_ms = world.now_ms + 10000;
	return check_is_settled();
}

static void lose_messages(void *ctx)
{
	(void)ctx;
	while (!world.calm) {
		world_sleep_ms(60000 + (int64_t)chance_up_to(600000));
		if (chance_of(300))
			queue_lose_one(chance_of(500) ? &sim_queue_unprocessed : &sim_queue_processed);
	}
}

/* Now and then a whole part answers nobody for minutes. */
static void make_outages(void *ctx)
{
	static const char *const parts[] = {"meta", "queue", "storage", "compute"};

	(void)ctx;
	while (!world.calm) {
		world_sleep_ms(60000 + (int64_t)chance_up_to(900000));
		world.outage = chance_of(500) ? parts[chance_up_to(3)] : NULL;
		world_sleep_ms((int64_t)chance_up_to(180000));
		world.outage = NULL;
	}
}

static void run_history(uint64_t seed, bool verbose)
{
	choose(seed, verbose);
	meta_reset();
	queues_reset();
	storage_reset();
	compute_reset();
	check_reset();
	servers_start();
	clients_start();
	forger_start();
	process_run(NULL, lose_messages, NULL);
	process_run(NULL, make_outages, NULL);
	world_run(is_over);
	/* A day later nothing is left over either. */
	end_ms = world.now_ms + DAY_MS + 3600 * 1000;
	world.now_ms += DAY_MS;
	world_run(is_over);
	check_end();
	if (verbose)
		printf("seed %llu: %llu steps, %llu tasks, %.0f min\n", (unsigned long long)seed,
		       (unsigned long long)world.steps, (unsigned long long)tasks_started(),
		       (double)(world.now_ms - EPOCH_MS) / 60000);
}

/* Each history in a process of its own: a killed server's memory dies with it. */
static bool run_seed(uint64_t seed, bool verbose)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		run_history(seed, verbose);
		exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	if (WIFSIGNALED(status))
		fprintf(stderr, "seed %llu: signal %d\n", (unsigned long long)seed, WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Two processes share the seeds: as many as the machine that CI has. */
static uint64_t run_share(uint64_t first, uint64_t count, uint64_t offset, uint64_t stride)
{
	uint64_t failed = 0;

	for (uint64_t n = offset; n < count && failed < 3; n += stride)
		failed += !run_seed(first + n, false);
	return failed;
}

static uint64_t run_all(uint64_t first, uint64_t count)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t stride = processors > 1 ? (uint64_t)processors : 1, failed = 0;

	for (uint64_t n = 0; n < stride; n++)
		if (fork() == 0)
			exit(run_share(first, count, n, stride) == 0 ? 0 : 1);
	for (uint64_t n = 0; n < stride; n++) {
		int status;

		if (wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
			failed++;
	}
	return failed;
}

int main(int argc, char **argv)
{
	uint64_t first = 1, count = 2000, seed = 0;
	bool verbose = false;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--verbose") == 0)
			verbose = true;
		else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
			seed = strtoull(argv[++i], NULL, 10);
		else if (i + 1 < argc && strcmp(argv[i], "--seeds") == 0)
			count = strtoull(argv[++i], NULL, 10);
		else if (i + 1 < argc && strcmp(argv[i], "--first") == 0)
			first = strtoull(argv[++i], NULL, 10);
		else {
			fprintf(stderr, "usage: test-sim [--seeds COUNT] [--first SEED] | --seed SEED "
			                "[--verbose]\n");
			return 2;
		}
	}
	if (seed != 0)
		return run_seed(seed, verbose) ? 0 : 1;
	if (run_all(first, count) != 0)
		return 1;
	printf("%llu histories kept every promise\n", (unsigned long long)count);
	return 0;
}
