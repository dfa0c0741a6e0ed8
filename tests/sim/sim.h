/* sim.h - what one history is made of, chosen by its seed. */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include "pipeline/pipeline.h"
#include "server/server.h"

#define SIM_SERVERS_MAX 3
#define SIM_START_MS 60000
#define SIM_WATCH_MS 5000

struct sim {
	bool store_announces;
	unsigned n_servers, n_clients, n_tasks;
	struct pipeline pipeline;
	/* The running copies; NULL: that one was killed and is not up again yet. */
	struct server *servers[SIM_SERVERS_MAX];
	struct process *processes[SIM_SERVERS_MAX];
	unsigned clients_left;
};

extern struct sim sim;

/* servers.c: keeps all copies up, restarting what is killed. */
void servers_start(void);

/* clients.c: each uploads one video and may cancel, retry, redrive or remove it. */
void clients_start(void);
/* An adversary without any ticket. */
void forger_start(void);

#endif
