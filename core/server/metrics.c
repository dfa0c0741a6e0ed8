/* metrics.c - counters and gauges in Prometheus' text format. */
#include "server/metrics.h"

#include <inttypes.h>

#include "plugin/compute.h"
#include "plugin/queue.h"
#include "server/alarms.h"
#include "server/videos.h"
#include "support/clock.h"

/* Appends; a failure is kept and makes the rest do nothing. */
struct writer {
	struct buffer *out;
	struct vm_error *err;
	int status;
};

static void write_line(struct writer *writer, const char *format, ...) VM_PRINTF(2, 3);
static void write_line(struct writer *writer, const char *format, ...)
{
	char line[512];
	va_list arguments;

	if (writer->status != VM_OK)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	writer->status = buffer_print(writer->out, writer->err, "%s\n", line);
}

static void write_head(struct writer *writer, const char *name, const char *type, const char *help)
{
	write_line(writer, "# HELP vidmill_%s %s", name, help);
	write_line(writer, "# TYPE vidmill_%s %s", name, type);
}

#define COUNTER(name_, field_, help_)                                                              \
	{                                                                                              \
		.name = name_ "_total", .offset = offsetof(struct server_counters, field_), .help = help_  \
	}

static const struct counter {
	const char *name;
	size_t offset;
	const char *help;
} counters[] = {
    COUNTER("videos_created", videos_created, "Videos created."),
    COUNTER("uploads_received", uploads_received, "Sources received by this server itself."),
    COUNTER("tasks_started", tasks_started, "Tasks that compute accepted."),
    COUNTER("tasks_refused", tasks_refused, "Tasks that compute had no room for."),
    COUNTER("events_received", events_received, "Events received from workers."),
    COUNTER("events_dropped", events_dropped, "Events of attempts without a right to speak."),
    COUNTER("attempts_succeeded", attempts_succeeded, "Attempts whose result became visible."),
    COUNTER("attempts_failed", attempts_failed, "Attempts that failed."),
    COUNTER("attempts_released", attempts_released, "Attempts that were handed back."),
    COUNTER("attempts_lost", attempts_lost, "Attempts whose worker went silent."),
    COUNTER("dead_letters", dead_letters, "Task messages that became dead letters."),
    COUNTER("conflicts", conflicts, "Steps taken again because another was first."),
};

static void write_counters(struct writer *writer, struct server *server)
{
	for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
		const struct counter *counter = &counters[i];
		const atomic_uint_fast64_t *value =
		    (const atomic_uint_fast64_t *)(const void *)((const char *)&server->counters +
		                                                 counter->offset);

		write_head(writer, counter->name, "counter", counter->help);
		write_line(writer, "vidmill_%s %" PRIu64, counter->name, (uint64_t)atomic_load(value));
	}
}

/* The places, each named once: roles that one instance serves share its counters. */
static size_t list_places(const struct places *places, struct instance *out[6])
{
	struct instance *const all[6] = {
	    places->storage_unprocessed, places->storage_processed, places->queue_unprocessed,
	    places->queue_processed,     places->compute,           places->meta};
	size_t count = 0;

	for (size_t i = 0; i < 6; i++) {
		bool known = false;

		for (size_t k = 0; k < count; k++)
			known |= out[k] == all[i];
		if (!known)
			out[count++] = all[i];
	}
	return count;
}

struct operation_writer {
	struct writer *writer;
	const struct instance *instance;
	const char *name;
	size_t offset; /* of the number in struct instance_count */
};

static void write_operation(void *ctx, const struct instance_count *count)
{
	const struct operation_writer *operation = ctx;
	const uint64_t *value = (const uint64_t *)(const void *)((const char *)count +
	                                                         operation->offset);

	write_line(operation->writer, "vidmill_%s{role=\"%s\",plugin=\"%s\",operation=\"%s\"} %" PRIu64,
	           operation->name, operation->instance->role, operation->instance->plugin->entry.name,
	           count->operation, *value);
}

static void write_operations(struct writer *writer, const struct places *places)
{
	static const struct {
		const char *name, *help;
		size_t offset;
	} families[] = {
	    {"plugin_calls_total", "Operations asked of a plugin.",
	     offsetof(struct instance_count, calls)},
	    {"plugin_failures_total",
	     "Operations that failed for good; that something is not there is no failure.",
	     offsetof(struct instance_count, failures)},
	    {"plugin_retries_total", "Operations of a plugin that were tried again.",
	     offsetof(struct instance_count, retries)},
	    {"plugin_retries_refused_total", "Further tries that the retry budget did not allow.",
	     offsetof(struct instance_count, refusals)},
	};
	struct instance *instances[6];
	size_t n_instances = list_places(places, instances);

	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		write_head(writer, families[i].name, "counter", families[i].help);
		for (size_t k = 0; k < n_instances; k++)
			instance_counts(instances[k], write_operation,
			                &(struct operation_writer){writer, instances[k], families[i].name,
			                                           families[i].offset});
	}
}

static bool write_videos(struct writer *writer, struct server *server, const struct vm_call *call)
{
	uint64_t counts[VIDEO_CANCELED + 1];

	for (enum video_state state = VIDEO_AWAITING_UPLOAD; state <= VIDEO_CANCELED; state++)
		if (videos_count(server, state, &counts[state], call, NULL) != VM_OK)
			return false;
	write_head(writer, "videos", "gauge", "Videos by state.");
	for (enum video_state state = VIDEO_AWAITING_UPLOAD; state <= VIDEO_CANCELED; state++)
		write_line(writer, "vidmill_videos{state=\"%s\"} %" PRIu64, video_state_name(state),
		           counts[state]);
	return true;
}

static void write_queue(struct writer *writer, const char *name, const struct vm_queue_stats *stats)
{
	const char *metric = "vidmill_queue_messages";

	write_line(writer, "%s{queue=\"%s\",state=\"visible\"} %" PRIu64, metric, name, stats->visible);
	write_line(writer, "%s{queue=\"%s\",state=\"invisible\"} %" PRIu64, metric, name,
	           stats->invisible);
	write_line(writer, "%s{queue=\"%s\",state=\"delayed\"} %" PRIu64, metric, name, stats->delayed);
	write_line(writer, "%s{queue=\"%s\",state=\"dead\"} %" PRIu64, metric, name, stats->dead);
}

struct reachable {
	bool meta, unprocessed, processed, compute;
};

static void write_queues(struct writer *writer, struct server *server, struct reachable *reachable,
                         const struct vm_call *call)
{
	struct vm_queue_stats unprocessed = {.size = sizeof unprocessed};
	struct vm_queue_stats processed = {.size = sizeof processed};

	reachable->unprocessed = queue_stats(server->places.queue_unprocessed, &unprocessed, call,
	                                     NULL) == VM_OK;
	reachable->processed = queue_stats(server->places.queue_processed, &processed, call, NULL) ==
	                       VM_OK;
	write_head(writer, "queue_messages", "gauge", "Messages by queue and state.");
	if (reachable->unprocessed)
		write_queue(writer, "unprocessed", &unprocessed);
	if (reachable->processed)
		write_queue(writer, "processed", &processed);
	write_head(writer, "queue_oldest_seconds", "gauge", "Age of a queue's oldest living message.");
	if (reachable->unprocessed)
		write_line(writer, "vidmill_queue_oldest_seconds{queue=\"unprocessed\"} %.3f",
		           (double)unprocessed.oldest_ms / 1000);
	if (reachable->processed)
		write_line(writer, "vidmill_queue_oldest_seconds{queue=\"processed\"} %.3f",
		           (double)processed.oldest_ms / 1000);
}

static bool write_capacity(struct writer *writer, struct server *server, const struct vm_call *call)
{
	uint32_t free_tasks;

	if (compute_capacity(server->places.compute, &free_tasks, call, NULL) != VM_OK)
		return false;
	write_head(writer, "compute_free_tasks", "gauge", "Tasks that compute could start now.");
	write_line(writer, "vidmill_compute_free_tasks %" PRIu32, free_tasks);
	return true;
}

static void write_reachable(struct writer *writer, const struct reachable *reachable)
{
	write_head(writer, "reachable", "gauge", "1 when this place answered while this was written.");
	write_line(writer, "vidmill_reachable{role=\"meta\"} %d", reachable->meta);
	write_line(writer, "vidmill_reachable{role=\"queue.unprocessed\"} %d", reachable->unprocessed);
	write_line(writer, "vidmill_reachable{role=\"queue.processed\"} %d", reachable->processed);
	write_line(writer, "vidmill_reachable{role=\"compute\"} %d", reachable->compute);
}

static void write_age(struct writer *writer, const char *name, const char *help, int64_t at_ms)
{
	if (at_ms == 0)
		return;
	write_head(writer, name, "gauge", help);
	write_line(writer, "vidmill_%s %.3f", name, (double)(clock_monotonic_ms() - at_ms) / 1000);
}

/* The figures of the last look, also of what is no alarm. */
static void write_alarms(struct writer *writer, struct alarms *alarms)
{
	struct alarm alarm;

	write_head(writer, "alarm", "gauge", "1 while the alarm is raised.");
	for (enum alarm_kind kind = 1; kind < ALARM_END; kind++) {
		alarms_read(alarms, kind, &alarm);
		write_line(writer, "vidmill_alarm{name=\"%s\"} %d", alarm_name(kind), alarm.raised);
	}
	for (enum alarm_kind kind = 1; kind < ALARM_END; kind++) {
		alarms_read(alarms, kind, &alarm);
		write_head(writer, alarm_metric(kind), "gauge", alarm_help(kind));
		write_line(writer, "vidmill_%s %.3f", alarm_metric(kind), alarm.figure);
	}
}

static void write_http(struct writer *writer, const struct http_counts *http)
{
	write_head(writer, "http_requests_total", "counter", "Requests answered, by class of status.");
	for (int digit = 1; digit <= 5; digit++)
		write_line(writer, "vidmill_http_requests_total{status=\"%dxx\"} %" PRIu64, digit,
		           http->answered[digit]);
	write_head(writer, "http_active", "gauge", "Requests in hand.");
	write_line(writer, "vidmill_http_active{kind=\"all\"} %u", http->active);
	write_line(writer, "vidmill_http_active{kind=\"upload\"} %u", http->uploads);
	write_line(writer, "vidmill_http_active{kind=\"events\"} %u", http->streams);
}

int metrics_write(struct server *server, const struct http_counts *http, struct buffer *out,
                  const struct vm_call *call, struct vm_error *err)
{
	struct writer writer = {.out = out, .err = err, .status = VM_OK};
	struct reachable reachable = {0};

	write_counters(&writer, server);
	write_operations(&writer, &server->places);
	reachable.meta = write_videos(&writer, server, call);
	write_queues(&writer, server, &reachable, call);
	reachable.compute = write_capacity(&writer, server, call);
	write_reachable(&writer, &reachable);
	write_alarms(&writer, server->alarms);
	write_age(&writer, "drained_age_seconds",
	          "Time since the processed queue was last found empty.", server->drained_ms);
	write_http(&writer, http);
	return writer.status;
}
