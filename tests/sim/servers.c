/* servers.c - the copies of the server: the real loops, restarted when they are killed. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "parts.h"
#include "server/feed.h"
#include "server/http.h"
#include "server/loops.h"
#include "server/places.h"
#include "sim.h"
#include "support/clock.h"
#include "world.h"

/* Nobody watches the events in the simulation, and the feed has locks of real threads. */
int feed_create(struct video_feed **out, struct vm_error *err)
{
	(void)err;
	*out = NULL;
	return VM_OK;
}

void feed_destroy(struct video_feed *feed)
{
	(void)feed;
}

void feed_tell(struct video_feed *feed, const struct video *video)
{
	(void)feed;
	check_told(video);
}

static void run_dispatcher(void *server)
{
	dispatcher_loop(server);
}

static void run_collector(void *server)
{
	collector_loop(server);
}

static void run_sweeper(void *server)
{
	sweeper_loop(server);
}

static void run_watcher(void *server)
{
	watcher_loop(server);
}

static struct server *boot(void)
{
	static const char *const command[] = {"work", NULL};
	struct server *server = calloc(1, sizeof *server);
	struct vm_error err;

	if (server == NULL)
		abort();
	server->pipeline = &sim.pipeline;
	server->state_dir = "";
	server->worker_command = command;
	if (cancel_create(NULL, &server->stop, &err) != VM_OK ||
	    cancel_create(NULL, &server->abort, &err) != VM_OK ||
	    places_create(&sim.pipeline, "", &server->places, &err) != VM_OK)
		broken(SIMULATES, "%s", err.message);
	return server;
}

static void start(unsigned n)
{
	struct process *process = process_create(true);

	process->skew_ms = (int64_t)chance_up_to(2 * (uint64_t)world.skew_ms) - world.skew_ms;
	world_disturb();
	sim.processes[n] = process;
	sim.servers[n] = boot();
	process_run(process, run_dispatcher, sim.servers[n]);
	process_run(process, run_collector, sim.servers[n]);
	process_run(process, run_sweeper, sim.servers[n]);
	process_run(process, run_watcher, sim.servers[n]);
}

static void supervise(void *ctx)
{
	(void)ctx;
	for (;;) {
		for (unsigned n = 0; n < sim.n_servers; n++) {
			if (sim.processes[n]->alive)
				continue;
			sim.servers[n] = NULL;
			world_sleep_ms((int64_t)chance_up_to(world.calm ? 1000 : 60000));
			start(n);
		}
		world_sleep_ms(500);
	}
}

void servers_start(void)
{
	for (unsigned n = 0; n < sim.n_servers; n++)
		start(n);
	process_run(NULL, supervise, NULL);
}
