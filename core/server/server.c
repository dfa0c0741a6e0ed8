/* server.c - the life of `vidmill serve`: up, running, drained. */
#include "server/server.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/meta.h"
#include "plugin/queue.h"
#include "server/alarms.h"
#include "server/drain.h"
#include "server/feed.h"
#include "server/http.h"
#include "server/loops.h"
#include "server/places.h"
#include "support/call.h"
#include "support/clock.h"
#include "support/log.h"
#include "video/video.h"

struct loop {
	void *(*run)(void *server);
	pthread_t thread;
	bool is_running;
};

struct running {
	struct server server;
	struct http *http;
	struct loop collector; /* goes on while the others have stopped */
	struct loop loops[5];
};

static int loop_start(struct loop *loop, void *(*run)(void *), struct server *server,
                      struct vm_error *err)
{
	int failed = pthread_create(&loop->thread, NULL, run, server);

	if (failed != 0)
		return vm_fail(err, VM_ERR_NO_MEMORY, "starting a thread: %s", strerror(failed));
	loop->is_running = true;
	return VM_OK;
}

static void loop_join(struct loop *loop)
{
	if (loop->is_running)
		pthread_join(loop->thread, NULL);
	loop->is_running = false;
}

/* What check cannot see without the plugins' traits: the queue's net must lie below the policy. */
static int check_receives(const struct server *server, struct vm_error *err)
{
	const struct policy *policy = &server->pipeline->policy;
	struct vm_queue_traits traits;

	queue_traits(server->places.queue_unprocessed, &traits);
	if ((int64_t)traits.max_receives > policy->attempts + policy->releases)
		return VM_OK;
	return vm_fail(err, VM_ERR_CONFIG,
	               "queue.unprocessed: max_receives %u must be greater than policy.attempts %lld + "
	               "policy.releases %lld, with room",
	               traits.max_receives, (long long)policy->attempts, (long long)policy->releases);
}

static int start_all(struct running *running, char *address, size_t size, struct vm_error *err)
{
	struct server *server = &running->server;
	void *(*const runs[])(void *) = {dispatcher_loop, sweeper_loop, watcher_loop, inbox_loop,
	                                 alarms_loop};
	struct call call;
	int status;

	call_init(&call, server->abort, LOOP_CALL_MS);
	if ((status = check_receives(server, err)) != VM_OK ||
	    (status = meta_index(server->places.meta, video_fields, n_video_fields, &call.vm, err)) !=
	        VM_OK ||
	    (status = http_start(server, &running->http, address, size, err)) != VM_OK ||
	    (status = loop_start(&running->collector, collector_loop, server, err)) != VM_OK)
		return status;
	for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++)
		if ((status = loop_start(&running->loops[i], runs[i], server, err)) != VM_OK)
			return status;
	return VM_OK;
}

static void stop_all(struct running *running, uint64_t patience_ms)
{
	struct server *server = &running->server;

	cancel_trigger(server->stop);
	for (size_t i = 0; i < sizeof running->loops / sizeof running->loops[0]; i++)
		loop_join(&running->loops[i]);
	if (running->collector.is_running)
		drain_tasks(server, patience_ms);
	http_stop(running->http, patience_ms < 2000 ? patience_ms : 2000);
	cancel_trigger(server->abort);
	loop_join(&running->collector);
}

/* A script that waits for the server reads its address here; it appears whole or not at all. */
static int write_ready_file(const char *path, const char *address, struct vm_error *err)
{
	char temporary[4096];
	int fd;
	bool ok;

	if (path == NULL)
		return VM_OK;
	snprintf(temporary, sizeof temporary, "%s.%ld", path, (long)getpid());
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ok = fd >= 0 && fchmod(fd, 0644) == 0 && dprintf(fd, "%s\n", address) > 0;
	if (fd >= 0)
		close(fd);
	if (ok && rename(temporary, path) == 0)
		return VM_OK;
	return vm_fail(err, VM_ERR_CONFIG, "ready file %s: %s", path, strerror(errno));
}

/* The signals that end a server are taken here, in the main thread, and nowhere else. */
static void block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void *second_signal(void *ctx)
{
	struct server *server = ctx;
	sigset_t set;
	int number;

	block_signals(&set);
	sigwait(&set, &number);
	log_warning("second signal: ending at once");
	cancel_trigger(server->abort);
	return NULL;
}

void server_close(struct server *server)
{
	alarms_destroy(server->alarms);
	feed_destroy(server->feed);
	places_destroy(&server->places);
	cancel_destroy(server->abort);
	cancel_destroy(server->stop);
}

int server_open(struct server *server, const struct pipeline *pipeline, const char *state_dir,
                struct vm_error *err)
{
	int status;

	*server = (struct server){.pipeline = pipeline, .state_dir = state_dir};
	server->swept_ms = clock_monotonic_ms();
	if ((status = cancel_create(NULL, &server->stop, err)) != VM_OK ||
	    (status = cancel_create(NULL, &server->abort, err)) != VM_OK ||
	    (status = feed_create(&server->feed, err)) != VM_OK ||
	    (status = alarms_create(&server->alarms, err)) != VM_OK)
		return status;
	return places_create(pipeline, state_dir, &server->places, err);
}

/* SIGTERM is patient, as policy says; SIGINT comes from a person who waits: work is handed back. */
static void wait_and_drain(struct running *running, const sigset_t *signals)
{
	pthread_t impatient;
	bool has_impatient;
	int number;

	sigwait(signals, &number);
	log_info("%s: draining", number == SIGTERM ? "SIGTERM" : "SIGINT");
	has_impatient = pthread_create(&impatient, NULL, second_signal, &running->server) == 0;
	stop_all(running, number == SIGTERM ? running->server.pipeline->server.drain_ms : 0);
	if (has_impatient) {
		pthread_cancel(impatient);
		pthread_join(impatient, NULL);
	}
}

int server_run(const struct pipeline *pipeline, const struct server_options *options,
               struct vm_error *err)
{
	struct running running = {0};
	char address[256];
	sigset_t signals;
	int status;

	block_signals(&signals);
	status = server_open(&running.server, pipeline, options->state_dir, err);
	if (status != VM_OK)
		goto out;
	running.server.worker_command = options->worker_command;
	status = start_all(&running, address, sizeof address, err);
	if (status == VM_OK)
		status = write_ready_file(options->ready_file, address, err);
	if (status != VM_OK) {
		stop_all(&running, 0);
		goto out;
	}
	log_info("pipeline %s is served at %s", pipeline->name, address);
	wait_and_drain(&running, &signals);
	log_info("drained");
out:
	server_close(&running.server);
	return status;
}
