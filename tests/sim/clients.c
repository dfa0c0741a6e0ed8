/* clients.c - those who upload, cancel, retry and remove; and one who forges. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "parts.h"
#include "server/videos.h"
#include "sim.h"
#include "video/keys.h"

enum request { CREATE, COMPLETE, CANCEL, RETRY, REMOVE, REDRIVE };

/* One request to a server: it runs in the server's process and dies with it. */
struct exchange {
	enum request request;
	struct server *server;
	char id[VIDEO_ID_MAX];
	bool answered;
	int status;
};

static void serve(void *ctx)
{
	struct exchange *exchange = ctx;
	struct video_create create = {.name = "clip"};
	struct video video;
	struct vm_error err;
	uint64_t moved;

	switch (exchange->request) {
	case CREATE:
		exchange->status = videos_create(exchange->server, &create, &video, NULL, &err);
		if (exchange->status == VM_OK)
			memcpy(exchange->id, video.id, sizeof exchange->id);
		break;
	case COMPLETE:
		exchange->status = videos_complete(exchange->server, exchange->id, NULL, &video, NULL,
		                                   &err);
		break;
	case CANCEL:
		exchange->status = videos_cancel(exchange->server, exchange->id, NULL, &video, NULL, &err);
		break;
	case RETRY:
		exchange->status = videos_retry(exchange->server, exchange->id, NULL, &video, NULL, &err);
		break;
	case REMOVE:
		exchange->status = videos_remove(exchange->server, exchange->id, NULL, NULL, &err);
		break;
	case REDRIVE:
		exchange->status = videos_redrive(exchange->server, NULL, &moved, NULL, &err);
		break;
	}
	exchange->answered = true;
}

/* The answer, or VM_ERR_TIMEOUT: it may have happened. */
static int ask(enum request request, char *id)
{
	struct exchange *exchange = calloc(1, sizeof *exchange);
	unsigned n = (unsigned)chance_up_to(sim.n_servers - 1);
	int64_t end_ms = world.now_ms + 120000;

	if (exchange == NULL)
		abort();
	exchange->request = request;
	exchange->server = sim.servers[n];
	snprintf(exchange->id, sizeof exchange->id, "%s", id);
	if (exchange->server == NULL || !sim.processes[n]->alive)
		return VM_ERR_UNAVAILABLE;
	process_run(sim.processes[n], serve, exchange);
	while (!exchange->answered && world.now_ms < end_ms)
		world_sleep_ms(50);
	if (!exchange->answered)
		return VM_ERR_TIMEOUT;
	if (request == CREATE)
		memcpy(id, exchange->id, sizeof exchange->id);
	return exchange->status;
}

static void upload(const char *id)
{
	char key[VM_KEY_MAX];
	int status = VM_ERR_UNAVAILABLE;

	key_source(id, key);
	while (status != VM_OK && status != VM_ERR_CONFLICT) {
		status = object_put(key, "source", 6, true, NULL);
		world_sleep_ms(500);
	}
	check_uploaded(id);
}

/* The same URL once more: it answers 412, and nothing changes. */
static void upload_again(const char *id)
{
	char key[VM_KEY_MAX];

	key_source(id, key);
	world_sleep_ms((int64_t)chance_up_to(60000));
	if (object_find(key) != NULL)
		(void)object_put(key, "second", 6, true, NULL);
}

static void note_redriven(const struct video *video)
{
	check_redriven(video->id);
}

/* Retries just when what the losers left is being removed. */
static void retry_at_cleaning(char *id)
{
	struct video video;

	for (int n = 0; n < 600; n++) {
		if (document_find(id, &video) && video.finished_ms != 0)
			break;
		world_sleep_ms(1000);
	}
	world_sleep_ms((int64_t)sim.pipeline.policy.lease_ms - 15000 + (int64_t)chance_up_to(30000));
	(void)ask(RETRY, id);
}

/* Takes the work away while it is going on, and wants it after all. */
static void change_mind(char *id)
{
	struct video video;

	for (int n = 0; n < 600; n++) {
		if (document_find(id, &video) && video.attempt.nonce[0] != '\0')
			break;
		world_sleep_ms(1000);
	}
	world_sleep_ms((int64_t)chance_up_to(120000));
	(void)ask(CANCEL, id);
	(void)ask(RETRY, id);
}

static void be_fickle(char *id)
{
	if (chance_of(150))
		change_mind(id);
	if (chance_of(100))
		retry_at_cleaning(id);
	world_sleep_ms((int64_t)chance_up_to(600000));
	if (chance_of(150))
		(void)ask(CANCEL, id);
	if (chance_of(200)) {
		world_sleep_ms((int64_t)chance_up_to(600000));
		(void)ask(RETRY, id);
	}
	if (chance_of(150)) {
		documents_each(note_redriven); /* all letters at once */
		(void)ask(REDRIVE, id);
	}
	if (chance_of(120)) {
		world_sleep_ms((int64_t)chance_up_to(600000));
		check_may_remove(id);
		(void)ask(REMOVE, id);
	}
}

/* Until it is promised, which nobody may do while nothing can be stored. */
static void create(char *id)
{
	for (;;) {
		uint64_t outages = world.outages;
		bool is_out = world.outage != NULL && strcmp(world.outage, "meta") == 0;
		int status = ask(CREATE, id);

		if (status == VM_OK && is_out && world.outage != NULL && outages == world.outages)
			broken(FAILS_CLOSED, "video %s is promised while nothing can be stored", id);
		if (status == VM_OK)
			return;
		world_sleep_ms(1000);
	}
}

static void client(void *ctx)
{
	char id[VIDEO_ID_MAX] = "";

	(void)ctx;
	world_sleep_ms((int64_t)chance_up_to(300000));
	create(id);
	check_promised(id);
	if (sim.has_poison && sim.poison[0] == '\0')
		memcpy(sim.poison, id, sizeof sim.poison);
	if (chance_of(50)) {
		sim.clients_left--;
		return; /* thought better of it: the video expires */
	}
	world_sleep_ms((int64_t)chance_up_to(30000));
	upload(id);
	/* Whoever forgets to say so is found by the store's event or by the sweeper. */
	if (!chance_of(200))
		(void)ask(COMPLETE, id);
	if (chance_of(200))
		upload_again(id);
	be_fickle(id);
	sim.clients_left--;
}

void clients_start(void)
{
	sim.clients_left = sim.n_clients;
	for (unsigned n = 0; n < sim.n_clients; n++)
		process_run(NULL, client, NULL);
}

static struct video victim;

static void choose_victim(const struct video *video)
{
	if ((video->state == VIDEO_DISPATCHED || video->state == VIDEO_PROCESSING) &&
	    (victim.id[0] == '\0' || chance_of(500)))
		victim = *video;
}

/* Knows everything of a video but its ticket: what a compromised worker of another one could. */
static void forge(void *ctx)
{
	(void)ctx;
	while (!world.calm) {
		struct event event = {.type = EVENT_FAILED, .error = ERROR_BUG, .reason = "forged"};
		char *text;

		world_sleep_ms(20000 + (int64_t)chance_up_to(120000));
		victim.id[0] = '\0';
		documents_each(choose_victim);
		if (victim.id[0] == '\0')
			continue;
		memcpy(event.video, victim.id, sizeof event.video);
		event.generation = victim.generation;
		event.epoch = victim.epoch;
		snprintf(event.nonce, sizeof event.nonce, "%s",
		         victim.attempt.nonce[0] != '\0' ? victim.attempt.nonce : "forged");
		snprintf(event.ticket, sizeof event.ticket, "%032d", 0);
		text = event_write(&event);
		(void)queue_send_text(&sim_queue_processed, text, NULL);
		free(text);
	}
}

void forger_start(void)
{
	process_run(NULL, forge, NULL);
}
