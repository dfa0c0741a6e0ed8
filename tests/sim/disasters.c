/* disasters.c - what befalls more than one call: losses, outages, restarts, clocks that are set. */
#include "parts.h"
#include "sim.h"

static void wait(int64_t least_ms, uint64_t more_ms)
{
	world_sleep_ms(least_ms + (int64_t)chance_up_to(more_ms));
}

static void lose_messages(void *ctx)
{
	(void)ctx;
	while (!world.calm) {
		wait(60000, 600000);
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
		wait(60000, 900000);
		world.outage = chance_of(500) ? parts[chance_up_to(3)] : NULL;
		world.outages++;
		wait(0, 180000);
		world.outage = NULL;
	}
}

/* Spot instances go, in some worlds one after the other: SIGTERM, then SIGKILL. */
static void interrupt(void *ctx)
{
	(void)ctx;
	while (!world.calm) {
		struct process *worker;

		wait(1000, sim.interrupts_ms);
		worker = task_process_any();
		if (worker != NULL)
			process_stop(worker);
	}
}

/* A deployment: one copy is told to stop, drains, and is started again. */
static void restart_servers(void *ctx)
{
	(void)ctx;
	while (!world.calm) {
		unsigned n = (unsigned)chance_up_to(sim.n_servers - 1);
		struct server *server;

		wait(120000, 1800000);
		server = sim.servers[n];
		if (server == NULL)
			continue;
		world_disturb();
		cancel_trigger(server->stop);
		wait(1000, 30000);
		if (server != sim.servers[n])
			continue;
		cancel_trigger(server->abort);
		process_kill(sim.processes[n]);
	}
}

static void set_clocks(void *ctx)
{
	(void)ctx;
	while (!world.calm) {
		unsigned n = (unsigned)chance_up_to(sim.n_servers - 1);

		wait(120000, 1800000);
		sim.processes[n]->skew_ms = (int64_t)chance_up_to(2 * (uint64_t)world.skew_ms) -
		                            world.skew_ms;
	}
}

void disasters_start(void)
{
	process_run(NULL, lose_messages, NULL);
	process_run(NULL, make_outages, NULL);
	process_run(NULL, interrupt, NULL);
	process_run(NULL, restart_servers, NULL);
	process_run(NULL, set_clocks, NULL);
}
