/* local_server.h - a server in local mode inside a measurement; its work takes no time. */
#ifndef BENCH_LOCAL_SERVER_H
#define BENCH_LOCAL_SERVER_H

#include "bench.h"
#include "pipeline/pipeline.h"
#include "server/server.h"

#define LOCAL_CALL_MS 60000

struct local_server {
	char state_dir[4096]; /* made here, and removed at the end with all that is in it */
	struct plugins plugins;
	struct pipeline *pipeline;
	struct server server;
};

/*
 * Reads the pipeline file with the plugins of VIDMILL_PLUGIN_PATH; NULL is
 * tests/bench/local.cfg, whose storage, queue and meta are those of
 * pipelines/local.cfg. Compute is a plugin in this process that answers at once,
 * whatever the file says. Ends the program when it cannot.
 */
void local_server_open(struct local_server *local, const char *folder, const char *pipeline);
void local_server_close(struct local_server *local);

/* instant_compute.c: a task ends as it begins; its worker's words are sent all the same. */
const struct plugin *instant_compute(struct server *server, unsigned tasks);
void instant_compute_stop(void);

#endif
