/* sim.h - what one history is made of, chosen by its seed. */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include "pipeline/pipeline.h"
#include "server/server.h"
#include "video/video.h"
#include "world.h"

#define SIM_SERVERS_MAX 3
#define SIM_START_MS 60000
#define SIM_WATCH_MS 15000

/*
 * What befalls a history, and where:
 *
 *   many servers, workers and clients           servers.c, worker.c, clients.c
 *   a client that sends twice, forgets, forges  clients.c
 *   messages twice, out of order, late, lost    part_queue.c, disasters.c
 *   visibility that ends, a stale receipt       part_queue.c
 *   a message that kills whoever handles it     part_queue.c
 *   writes that lose against others             part_meta.c (compare-and-set)
 *   calls that fail, or whose answer gets lost  part.c
 *   calls that take seconds                     part.c
 *   a part that answers nobody for minutes      disasters.c
 *   clocks that differ, and that are set        servers.c, disasters.c
 *   compute that answers late, twice or never,
 *     forgets a task, has no room, refuses      part_compute.c
 *   a store that announces twice, late, never   part_storage.c
 *   processes that are killed, stopped, paused,
 *     and come back                             part.c, servers.c, disasters.c
 *   workers that fail, hang, are interrupted    worker.c, disasters.c
 */
struct sim {
	bool store_announces;
	unsigned n_servers, n_clients, n_tasks;
	uint32_t max_receives;
	unsigned declines;      /* chance that compute declines a task, in 1/1000 */
	uint64_t interrupts_ms; /* the longest time between two workers that are told to stop */
	struct pipeline pipeline;
	/* The running copies; NULL: that one was killed and is not up again yet. */
	struct server *servers[SIM_SERVERS_MAX];
	struct process *processes[SIM_SERVERS_MAX];
	unsigned clients_left;
	bool has_poison;
	char poison[VIDEO_ID_MAX]; /* the video whose task message no server survives; or empty */
};

extern struct sim sim;

/* history.c: the whole history of one seed, in a process of its own. `stumble` NULL: the seed
 * chooses where time is lost. */
void history_run(uint64_t seed, const char *stumble, bool verbose);

/* servers.c: keeps all copies up, restarting what is killed. */
void servers_start(void);

/* clients.c: each uploads one video and may cancel, retry, redrive or remove it. */
void clients_start(void);
/* An adversary without any ticket. */
void forger_start(void);

/* disasters.c: what befalls more than one call. */
void disasters_start(void);

#endif
