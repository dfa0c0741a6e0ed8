/* history.c - one seed, one history: faults for a while, then calm, then the judgement. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "parts.h"
#include "sim.h"

#define EPOCH_MS 1700000000000 /* an arbitrary now */
#define FAULTS_MS (45 * 60 * 1000)
#define LAST_FAULTS_MS (10 * 60 * 1000)
#define LAST_FAULTS 200
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
	                                   .keep_source = chance_up_to(2) > 0};
	pipeline->server.upload_expires_ms = 600000;
}

static uint64_t one_of(const uint64_t *values, size_t count)
{
	return values[chance_up_to(count - 1)];
}

#define ONE_OF(...)                                                                                \
	one_of((const uint64_t[]){__VA_ARGS__},                                                        \
	       sizeof(const uint64_t[]){__VA_ARGS__} / sizeof(uint64_t))

/* Races are found where time passes between two steps of one decision. */
static const char *choose_stumble(void)
{
	static const char *const calls[] = {
	    "meta.get",        "meta.put",     "meta.find",         "queue.send",     "queue.receive",
	    "queue.extend",    "queue.remove", "queue.dead_letter", "queue.redrive",  "storage.stat",
	    "storage.read_at", "storage.put",  "storage.list",      "storage.remove", "compute.start",
	    "compute.status",  "compute.stop",
	};
	size_t n = (size_t)chance_up_to(2 * sizeof calls / sizeof calls[0]);

	return n < sizeof calls / sizeof calls[0] ? calls[n] : NULL;
}

static void choose(uint64_t seed, const char *stumble, bool verbose)
{
	world = (struct world){.seed = seed,
	                       .state = seed * 0x2545F4914F6CDD1Du + 1,
	                       .now_ms = EPOCH_MS,
	                       .repeat_stumble = stumble,
	                       .verbose = verbose};
	memset(&sim, 0, sizeof sim);
	sim.store_announces = chance_up_to(1) == 1;
	sim.n_servers = 1 + (unsigned)chance_up_to(SIM_SERVERS_MAX - 1);
	sim.n_clients = 1 + (unsigned)chance_up_to(5);
	sim.n_tasks = 1 + (unsigned)chance_up_to(3);
	sim.has_poison = chance_up_to(11) == 0;
	sim.interrupts_ms = ONE_OF(30000, 600000, 3600000);
	sim.declines = (unsigned)ONE_OF(0, 10, 150);
	sim.max_receives = (uint32_t)ONE_OF(3, 20, 20, 20);
	/* Quiet worlds too: what is told of a kill alone is seen only there. */
	world.faults = (unsigned)ONE_OF(0, chance_up_to(10), chance_up_to(60));
	world.pauses = (unsigned)ONE_OF(0, 1, 3);
	world.stumble = choose_stumble();
	if (stumble != NULL)
		world.stumble = stumble;
	world.skew_ms = (int64_t)ONE_OF(0, 2000, 20000);
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
		world_disturb();
		look_ms = 0;
	}
	if (world.now_ms >= end_ms)
		return true;
	if (!world.calm || world.now_ms < look_ms)
		return false;
	look_ms = world.now_ms + 10000;
	return check_is_settled();
}

void history_run(uint64_t seed, const char *stumble, bool verbose)
{
	choose(seed, stumble, verbose);
	servers_start();
	clients_start();
	forger_start();
	disasters_start();
	check_start();
	world_run(is_over);
	/* A day later, in bad weather again, the last of what is left over goes. */
	world.now_ms += DAY_MS;
	world.calm = false;
	world.faults = LAST_FAULTS;
	calm_ms = world.now_ms + LAST_FAULTS_MS;
	end_ms = calm_ms + REST_MS;
	world_disturb();
	world_run(is_over);
	check_end();
	if (verbose)
		printf("seed %llu: %llu steps, %.0f min\n", (unsigned long long)seed,
		       (unsigned long long)world.steps, (double)(world.now_ms - EPOCH_MS) / 60000);
}
