/* api_status.c - /healthz, /readyz and /metrics: how this server is. */
#include <string.h>

#include "plugin/queue.h"
#include "plugin/storage.h"
#include "server/alarms.h"
#include "server/api.h"
#include "server/metrics.h"
#include "support/clock.h"
#include "support/json.h"

enum {
	PLACE_MS = 2000, /* a place that takes longer is not ready */
	FRESH_MS = 1000, /* nobody can make us ask the places more often */
	METRICS_BYTES_MAX = 1 << 20
};

int api_health(struct exchange *exchange)
{
	return reply_json(exchange, 200, json_pack("{ss}", "status", "alive"));
}

/* Any answer will do, also that there is no such thing. */
static int ask_meta(struct server *server, const struct vm_call *call, struct vm_error *err)
{
	uint64_t count;

	return videos_count(server, VIDEO_QUEUED, &count, call, err);
}

static int ask_queue(struct instance *queue, const struct vm_call *call, struct vm_error *err)
{
	struct vm_queue_stats stats = {.size = sizeof stats};

	return queue_stats(queue, &stats, call, err);
}

static int ask_unprocessed_queue(struct server *server, const struct vm_call *call,
                                 struct vm_error *err)
{
	return ask_queue(server->places.queue_unprocessed, call, err);
}

static int ask_processed_queue(struct server *server, const struct vm_call *call,
                               struct vm_error *err)
{
	return ask_queue(server->places.queue_processed, call, err);
}

static int ask_storage(struct instance *storage, const struct vm_call *call, struct vm_error *err)
{
	struct vm_object object;
	int status = storage_stat(storage, "unprocessed/ready", &object, call, err);

	return status == VM_ERR_NOT_FOUND ? VM_OK : status;
}

static int ask_unprocessed_storage(struct server *server, const struct vm_call *call,
                                   struct vm_error *err)
{
	return ask_storage(server->places.storage_unprocessed, call, err);
}

static int ask_processed_storage(struct server *server, const struct vm_call *call,
                                 struct vm_error *err)
{
	return ask_storage(server->places.storage_processed, call, err);
}

static const struct place {
	const char *name;
	int (*ask)(struct server *server, const struct vm_call *call, struct vm_error *err);
} places[] = {
    {"meta", ask_meta},
    {"queue.unprocessed", ask_unprocessed_queue},
    {"queue.processed", ask_processed_queue},
    {"storage.unprocessed", ask_unprocessed_storage},
    {"storage.processed", ask_processed_storage},
};

/* Without sweeps lost work is not found: the one alarm that makes a server unready. */
static bool ask_sweeper(const struct http *http, struct vm_error *err)
{
	int64_t age_ms = clock_monotonic_ms() - http->server->swept_ms;

	if (age_ms <= (int64_t)http->server->pipeline->server.alarms.sweeper_ms)
		return true;
	vm_fail(err, VM_ERR_UNAVAILABLE, "no sweep for %d s", (int)(age_ms / 1000));
	return false;
}

/* What is asked, and how it answered: "ok", or the error's sentence. NULL: out of memory. */
static json_t *ask_all(struct http *http, bool *ready)
{
	json_t *checks = json_object();
	struct vm_error err;

	*ready = ask_sweeper(http, &err);
	json_object_set_new(checks, "sweeper", json_text(*ready ? "ok" : err.message, SIZE_MAX));
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		struct call call;
		bool answered;

		call_init(&call, http->cancel, PLACE_MS);
		answered = places[i].ask(http->server, &call.vm, &err) == VM_OK;
		*ready &= answered;
		json_object_set_new(checks, places[i].name,
		                    json_text(answered ? "ok" : err.message, SIZE_MAX));
	}
	return checks;
}

/* The answer of the last second serves everybody: this path asks for no token. */
static json_t *find_readiness(struct http *http, bool *ready)
{
	json_t *checks;

	pthread_mutex_lock(&http->ready_lock);
	if (http->ready == NULL || clock_monotonic_ms() - http->ready_ms > FRESH_MS) {
		json_decref(http->ready);
		http->ready = ask_all(http, &http->is_ready);
		http->ready_ms = clock_monotonic_ms();
	}
	*ready = http->is_ready;
	checks = json_deep_copy(http->ready);
	pthread_mutex_unlock(&http->ready_lock);
	return checks;
}

int api_readiness(struct exchange *exchange)
{
	bool ready;
	json_t *checks = find_readiness(exchange->http, &ready);

	if (exchange->http->stopping)
		ready = false;
	return reply_json(exchange, ready ? 200 : 503,
	                  json_pack("{sb so so}", "ready", ready, "checks", checks, "alarms",
	                            alarms_to_json(exchange->server->alarms)));
}

int api_metrics(struct exchange *exchange)
{
	struct http *http = exchange->http;
	struct http_counts counts;
	struct vm_error err;
	struct buffer text;

	pthread_mutex_lock(&http->lock);
	memcpy(counts.answered, http->answered, sizeof counts.answered);
	counts.active = http->active;
	counts.uploads = http->uploads;
	counts.streams = http->streams;
	pthread_mutex_unlock(&http->lock);

	buffer_init(&text, METRICS_BYTES_MAX);
	if (metrics_write(exchange->server, &counts, &text, &exchange->call.vm, &err) != VM_OK) {
		buffer_finish(&text);
		return reply_error(exchange, &err);
	}
	return reply_text(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", text.bytes,
	                  text.length);
}
