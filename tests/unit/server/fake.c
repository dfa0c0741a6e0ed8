/* fake.c - puts fakes together to a server, and videos into it. */
#include "fake.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin/queue.h"
#include "plugin/storage.h"
#include "server/alarms.h"
#include "server/documents.h"
#include "server/feed.h"
#include "support/clock.h"
#include "support/hash.h"
#include "support/random.h"
#include "video/keys.h"
#include "video/manifest.h"
#include "video/message.h"

/* What fails at present; NULL: nothing. */
static struct {
	pthread_mutex_t lock;
	const char *operation, *message;
	int status;
} fault = {.lock = PTHREAD_MUTEX_INITIALIZER};

void fake_fail(const char *operation, int status, const char *message)
{
	pthread_mutex_lock(&fault.lock);
	fault.operation = operation;
	fault.status = status;
	fault.message = message;
	pthread_mutex_unlock(&fault.lock);
}

void fake_mend(void)
{
	fake_fail(NULL, VM_OK, NULL);
}

int fake_fails(const char *operation, struct vm_error *err)
{
	int status = VM_OK;

	pthread_mutex_lock(&fault.lock);
	if (fault.operation != NULL && strcmp(fault.operation, operation) == 0)
		status = vm_fail(err, fault.status, "%s", fault.message);
	pthread_mutex_unlock(&fault.lock);
	return status;
}

static int create_storage(const struct vm_host *host, const void *config, void **self,
                          struct vm_error *err)
{
	(void)host, (void)config, (void)err;
	*self = fake_storage_create();
	return VM_OK;
}

static int create_queue(const struct vm_host *host, const void *config, void **self,
                        struct vm_error *err)
{
	(void)host, (void)config, (void)err;
	*self = fake_queue_create();
	return VM_OK;
}

static int create_meta(const struct vm_host *host, const void *config, void **self,
                       struct vm_error *err)
{
	(void)host, (void)config, (void)err;
	*self = fake_meta_create();
	return VM_OK;
}

static int create_compute(const struct vm_host *host, const void *config, void **self,
                          struct vm_error *err)
{
	(void)host, (void)config, (void)err;
	*self = NULL;
	return VM_OK;
}

static void destroy_nothing(void *self)
{
	(void)self;
}

static struct plugin_life life = {.loaded = true};

#define FAKE(kind_, name_, create_, destroy_)                                                      \
	{                                                                                              \
		.entry = {VM_PLUGIN(kind_),                                                                \
		          .name = name_,                                                                   \
		          .version = "1",                                                                  \
		          .summary = "A fake.",                                                            \
		          .threads = VM_THREADS_PARALLEL,                                                  \
		          .create = create_,                                                               \
		          .destroy = destroy_},                                                            \
		.life = &life                                                                              \
	}

static struct plugin storage = FAKE(VM_KIND_STORAGE, "storage-fake", create_storage,
                                    fake_storage_destroy);
static struct plugin queue = FAKE(VM_KIND_QUEUE, "queue-fake", create_queue, fake_queue_destroy);
static struct plugin compute = FAKE(VM_KIND_COMPUTE, "compute-fake", create_compute,
                                    destroy_nothing);
static struct plugin meta = FAKE(VM_KIND_META, "meta-fake", create_meta, fake_meta_destroy);

static void create(struct plugin *plugin, const char *role, struct instance **out)
{
	struct vm_error err;

	ck_assert_msg(instance_create(plugin, NULL, role, "/nowhere", "fake", out, &err) == VM_OK, "%s",
	              err.message);
}

void fake_prepare(struct fake *fake, const struct fake_options *options)
{
	struct server *server = &fake->server;
	struct vm_error err;

	*fake = (struct fake){0};
	fake_mend();
	snprintf(fake->state_dir, sizeof fake->state_dir, "/tmp/vidmill-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(fake->state_dir));
	fake->pipeline = (struct pipeline){
	    .policy = {.attempts = 5,
	               .lease_ms = 120000,
	               .limits = {.bytes = options->bytes_most > 0 ? options->bytes_most : 64 << 20}},
	    .server = {.listen = options->listen != NULL ? options->listen : "127.0.0.1:0",
	               .public_url = options->public_url,
	               .tokens = options->tokens,
	               .upload_key = options->upload_key,
	               .upload_expires_ms = 3600000,
	               .alarms = {.dead_letters = 1,
	                          .stuck_ms = 300000,
	                          .sweeper_ms = 120000,
	                          .queue_age_ms = 1800000}}};
	storage.ops.storage = options->presigns ? fake_presigning_storage_ops : fake_storage_ops;
	storage.entry.ops.storage = &storage.ops.storage;
	storage.ops.storage.decode_event = options->decode_event;
	queue.entry.ops.queue = &fake_queue_ops;
	compute.entry.ops.compute = &fake_compute_ops;
	meta.entry.ops.meta = &fake_meta_ops;
	server->pipeline = &fake->pipeline;
	server->state_dir = fake->state_dir;
	create(&storage, "storage", &server->places.storage_unprocessed);
	server->places.storage_processed = server->places.storage_unprocessed;
	create(&queue, "queue.unprocessed", &server->places.queue_unprocessed);
	create(&queue, "queue.processed", &server->places.queue_processed);
	create(&compute, "compute", &server->places.compute);
	create(&meta, "meta", &server->places.meta);
	ck_assert_int_eq(cancel_create(NULL, &server->stop, &err), VM_OK);
	ck_assert_int_eq(cancel_create(NULL, &server->abort, &err), VM_OK);
	ck_assert_int_eq(feed_create(&server->feed, &err), VM_OK);
	ck_assert_int_eq(alarms_create(&server->alarms, &err), VM_OK);
	server->swept_ms = clock_monotonic_ms();
}

void fake_start(struct fake *fake, const struct fake_options *options)
{
	const struct http_limits *limits = options->limits != NULL ? options->limits
	                                                           : &http_default_limits;
	struct vm_error err;

	fake_prepare(fake, options);
	ck_assert_msg(http_start_limited(&fake->server, limits, &fake->http, fake->address,
	                                 sizeof fake->address, &err) == VM_OK,
	              "%s", err.message);
	fake->port = (int)strtol(strrchr(fake->address, ':') + 1, NULL, 10);
}

void fake_stop(struct fake *fake)
{
	struct server *server = &fake->server;
	char path[128];

	http_stop(fake->http, 5000);
	alarms_destroy(server->alarms);
	feed_destroy(server->feed);
	cancel_destroy(server->stop);
	cancel_destroy(server->abort);
	instance_destroy(server->places.storage_unprocessed);
	instance_destroy(server->places.queue_unprocessed);
	instance_destroy(server->places.queue_processed);
	instance_destroy(server->places.compute);
	instance_destroy(server->places.meta);
	snprintf(path, sizeof path, "%s/upload.key", fake->state_dir);
	unlink(path);
	ck_assert_msg(rmdir(fake->state_dir) == 0, "something was left in %s", fake->state_dir);
}

void fake_create(struct fake *fake, const char *owner, struct video *out)
{
	struct video_create want = {.name = "clip.mp4", .content_type = "video/mp4", .owner = owner};
	struct vm_error err;

	ck_assert_int_eq(videos_create(&fake->server, &want, out, NULL, &err), VM_OK);
}

static void put(struct fake *fake, const char *key, const char *text)
{
	struct vm_put want = {.key = key};
	struct vm_error err;

	ck_assert_int_eq(storage_put(fake->server.places.storage_unprocessed, &want, text, strlen(text),
	                             NULL, NULL, &err),
	                 VM_OK);
}

void fake_queue(struct fake *fake, const char *owner, struct video *out)
{
	char key[VM_KEY_MAX];
	struct vm_error err;
	struct video video;

	fake_create(fake, owner, &video);
	put(fake, key_source(video.id, key), "source");
	ck_assert_msg(videos_complete(&fake->server, video.id, NULL, out, NULL, &err) == VM_OK, "%s",
	              err.message);
}

static void add_output(struct fake *fake, struct manifest *manifest, const char *prefix,
                       const char *name, const char *content_type, const char *text)
{
	struct manifest_output output = {.bytes = strlen(text)};
	char key[VM_KEY_MAX];
	struct vm_error err;

	snprintf(output.name, sizeof output.name, "%s", name);
	snprintf(output.content_type, sizeof output.content_type, "%s", content_type);
	ck_assert_int_eq(hash_bytes(text, strlen(text), output.sha256, &err), VM_OK);
	ck_assert_int_eq(manifest_add(manifest, &output, &err), VM_OK);
	snprintf(key, sizeof key, "%s%s", prefix, name);
	put(fake, key, text);
}

void fake_process(struct fake *fake, const char *owner, struct video *out)
{
	static char segment[600001];
	struct manifest manifest = {.generation = 1, .epoch = 1, .nonce = "0123456789abcdef"};
	char prefix[VM_KEY_MAX];
	struct vm_error err;
	struct video video;
	char *text;

	fake_queue(fake, owner, &video);
	/* the step above was followed by another one, which noted that its message was sent */
	ck_assert_int_eq(videos_get(&fake->server, video.id, NULL, &video, NULL, &err), VM_OK);
	memset(segment, 'x', sizeof segment - 1);
	memcpy(manifest.video, video.id, sizeof manifest.video);
	snprintf(manifest.source_etag, sizeof manifest.source_etag, "etag");
	key_attempt(video.id, 1, 1, manifest.nonce, prefix);
	add_output(fake, &manifest, prefix, "web/master.m3u8", "application/vnd.apple.mpegurl",
	           FAKE_PLAYLIST);
	add_output(fake, &manifest, prefix, "web/720p/segment-00001.m4s", "video/mp4", segment);
	text = manifest_write(&manifest);
	key_manifest(video.id, 1, 1, manifest.nonce, video.result.manifest_key);
	put(fake, video.result.manifest_key, text);
	ck_assert_int_eq(hash_bytes(text, strlen(text), video.result.manifest_sha256, &err), VM_OK);
	video.result.outputs = 2;
	video.result.bytes = sizeof segment - 1 + strlen(FAKE_PLAYLIST);
	video.state = VIDEO_PROCESSED;
	video.finished_ms = clock_unix_ms();
	ck_assert_int_eq(document_store(fake->server.places.meta, &video, NULL, &err), VM_OK);
	free(text);
	manifest_finish(&manifest);
	*out = video;
}

static enum vm_more copy_id(void *ctx, const struct vm_dead_letter *letter)
{
	snprintf(ctx, VM_MESSAGE_ID_MAX, "%s", letter->id);
	return VM_MORE;
}

void fake_bury(struct fake *fake, const char *video, char id[VM_MESSAGE_ID_MAX])
{
	char *body = video != NULL ? task_message_write(video) : strdup("hello");
	struct vm_message message = {.id = "1", .receipt = "1", .body = body, .length = strlen(body)};
	struct instance *dead = fake->server.places.queue_unprocessed;
	struct vm_error err;

	ck_assert_int_eq(queue_dead_letter(dead, &message, "received too often", NULL, &err), VM_OK);
	ck_assert_int_eq(queue_list_dead(dead, 64, copy_id, id, NULL, &err), VM_OK);
	free(body);
}
