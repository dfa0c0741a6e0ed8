/* parts.c - a pipeline of fakes, and the codec child that belongs to it. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

#include "fake_codec.h"
#include "hostile.h"
#include "support/log.h"

static char *copy(const char *text)
{
	return strdup(text);
}

static void init_stage(struct stage *stage, const char *name)
{
	char role[64];

	snprintf(role, sizeof role, "stages.%s", name);
	*stage = (struct stage){.name = copy(name),
	                        .role = {.name = copy(role),
	                                 .plugin_name = fake_codec_plugin.entry.name,
	                                 .plugin = &fake_codec_plugin}};
}

static void init_pipeline(struct pipeline *pipeline, struct stage *stages, const char *stage)
{
	init_stage(&stages[0], stage);
	pipeline->path = copy("test.cfg");
	memcpy(pipeline->hash, TEST_HASH, sizeof pipeline->hash);
	pipeline->name = copy("test");
	pipeline->stages = stages;
	pipeline->n_stages = 1;
	pipeline->policy.limits = (struct limit_settings){.bytes = UINT64_C(1) << 30,
	                                                  .cpu_ms = 60000,
	                                                  .memory_bytes = UINT64_C(1) << 30,
	                                                  .output_bytes = UINT64_C(1) << 32};
}

void parts_init(struct parts *parts, const char *stage)
{
	*parts = (struct parts){0};
	log_setup(VM_LOG_WARNING, LOG_TEXT);
	init_pipeline(&parts->pipeline, parts->stages, stage);
	parts->store = fake_store_create();
	parts->tasks = fake_queue_create();
	parts->events = fake_queue_create();
	parts->storage = (struct role){
	    .name = copy("storage"), .plugin = &fake_storage_plugin, .config = &parts->store->config};
	parts->unprocessed = (struct role){.name = copy("queue.unprocessed"),
	                                   .plugin = &fake_queue_plugin,
	                                   .config = &parts->tasks->config};
	parts->processed = (struct role){.name = copy("queue.processed"),
	                                 .plugin = &fake_queue_plugin,
	                                 .config = &parts->events->config};
	parts->pipeline.storage_unprocessed = parts->pipeline.storage_processed = &parts->storage;
	parts->pipeline.queue_unprocessed = &parts->unprocessed;
	parts->pipeline.queue_processed = &parts->processed;
	parts->patience = patience_usual;
	parts->job = (struct job){.video = TEST_VIDEO,
	                          .generation = 1,
	                          .epoch = 3,
	                          .key = TEST_SOURCE,
	                          .ticket = "fedcba9876543210fedcba9876543210",
	                          .lease_ms = 60000,
	                          .pipeline_hash = TEST_HASH,
	                          .receipt = "the receipt"};
	cancel_create(NULL, &parts->stop, NULL);
}

void parts_finish(struct parts *parts)
{
	fake_store_destroy(parts->store);
	fake_queue_destroy(parts->tasks);
	fake_queue_destroy(parts->events);
	cancel_destroy(parts->stop);
	free(parts->storage.name);
	free(parts->unprocessed.name);
	free(parts->processed.name);
	free(parts->pipeline.path);
	free(parts->pipeline.name);
	for (size_t i = 0; i < 2; i++) {
		free(parts->stages[i].name);
		free(parts->stages[i].from_stage);
		free(parts->stages[i].from_output);
		free(parts->stages[i].role.name);
	}
}

void parts_fill(struct parts *parts, size_t bytes)
{
	const char *etag = fake_store_fill(parts->store, TEST_SOURCE, bytes);

	snprintf(parts->job.etag, sizeof parts->job.etag, "%s", etag);
	parts->job.bytes = bytes;
}

enum work_end parts_run(struct parts *parts, struct vm_error *err)
{
	const struct work work = {.pipeline = &parts->pipeline,
	                          .job = &parts->job,
	                          .state_dir = "/",
	                          .stop = parts->stop,
	                          .patience = parts->patience};

	return work_run(&work, err);
}

/* The child is told its limits by the pipeline file; here they stand in the stage's name. */
static void set_limits(struct limit_settings *limits, const char *stage)
{
	if (strcmp(stage, "burn") == 0)
		limits->cpu_ms = 1000;
	if (strcmp(stage, "memory") == 0)
		limits->memory_bytes = 64 << 20;
}

void parts_become_child(int argc, char **argv)
{
	struct pipeline pipeline = {0};
	struct stage stages[1];

	/* vidmill codec-child --pipeline FILE --stage NAME --descriptor 3 … */
	if (argc < 8 || strcmp(argv[1], "codec-child") != 0)
		return;
	log_setup(VM_LOG_DEBUG, LOG_TEXT);
	hostile_run(argv[5], 3);
	init_pipeline(&pipeline, stages, argv[5]);
	set_limits(&pipeline.policy.limits, argv[5]);
	codec_child_run(&pipeline, argv[5], "/", 3);
}
