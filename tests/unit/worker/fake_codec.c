/* fake_codec.c - a codec plugin that behaves as its stage is named. */
#include "fake_codec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define PIECE (256u << 10)

struct codec {
	const struct vm_host *host;
	const char *behaviour; /* "copy" of "stages.copy" */
};

/* As a plugin does that fills the error by hand. */
static int fail_raw(struct vm_error *err, int status, const char *text)
{
	vm_fail(err, status, "raw");
	snprintf(err->message, sizeof err->message, "%s", text);
	return status;
}

static int say(struct vm_sink *sink, const char *text, struct vm_error *err)
{
	return sink->write(sink, text, strlen(text), err);
}

static int probe(void *self, struct vm_source *source, const struct vm_limits *limits,
                 struct vm_sink *json, const struct vm_call *call, struct vm_error *err)
{
	struct codec *codec = self;
	unsigned char byte;
	size_t got;
	int status = source->read_at(source, 0, &byte, 1, &got, call, err);

	(void)limits;
	if (status != VM_OK)
		return vm_fail(err, VM_ERR_BAD_DATA, "invalid data found"); /* as decoders do */
	if (strcmp(codec->behaviour, "bad-json") == 0)
		return say(json, "{ not json", err);
	if (strcmp(codec->behaviour, "bad-media") == 0)
		return fail_raw(err, VM_ERR_BAD_DATA, "no media\x1b[2J at all");
	codec->host->log(codec->host, VM_LOG_DEBUG, "probed %llu bytes",
	                 (unsigned long long)source->bytes);
	return say(json, "{\"duration_ms\":4000,\"container\":\"fake\"}", err);
}

/* What a locked-in child must not have. */
static int look_around(struct vm_error *err)
{
	extern char **environ;
	struct rlimit limit;
	int open_files = 0;

	if (environ[0] != NULL)
		return vm_fail(err, VM_ERR_BUG, "the environment has %s", environ[0]);
	for (int descriptor = 0; descriptor < 1024; descriptor++)
		open_files += fcntl(descriptor, F_GETFD) >= 0 ? 1 : 0;
	if (open_files > 5) /* three, the socket, and the token of cancellation */
		return vm_fail(err, VM_ERR_BUG, "%d files are open", open_files);
	if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_max != 0)
		return vm_fail(err, VM_ERR_BUG, "files can be written");
	if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0)
		return vm_fail(err, VM_ERR_BUG, "cores can be dumped");
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max > 64)
		return vm_fail(err, VM_ERR_BUG, "many files can be opened");
	return VM_OK;
}

static int burn(void)
{
	volatile unsigned number = 1;

	for (;;)
		number = number * 3 + 1;
	return VM_OK;
}

/* Takes memory until there is none, and calls the media damaged. */
static int take_memory(struct vm_error *err)
{
	/* A compiler may leave an allocation out that nobody looks at. */
	static void *volatile taken;

	while ((taken = malloc(16 << 20)) != NULL)
		;
	return vm_fail(err, VM_ERR_BAD_DATA, "invalid data found");
}

static int wait_for_cancel(const struct vm_call *call, struct vm_error *err)
{
	for (uint64_t done = 1; call->table->sleep_ms(call, 20); done++)
		vm_call_progress(call, done, FAKE_SOURCE_MS);
	return vm_call_check(call, "sleep", err);
}

static int misbehave(const struct codec *codec, const struct vm_call *call, struct vm_error *err)
{
	const char *behaviour = codec->behaviour;

	if (strcmp(behaviour, "look") == 0)
		return look_around(err);
	if (strcmp(behaviour, "crash") == 0)
		raise(SIGKILL);
	if (strcmp(behaviour, "exit") == 0)
		_exit(7);
	if (strcmp(behaviour, "burn") == 0)
		return burn();
	if (strcmp(behaviour, "memory") == 0)
		return take_memory(err);
	if (strcmp(behaviour, "sleep") == 0)
		return wait_for_cancel(call, err);
	if (strcmp(behaviour, "stubborn") == 0)
		for (;;)
			pause();
	if (strcmp(behaviour, "unsupported") == 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "no such codec");
	return VM_OK;
}

/* How long it says the source is: what run says counts. */
static uint64_t duration_ms(const struct codec *codec)
{
	return strcmp(codec->behaviour, "short") == 0 ? FAKE_SOURCE_MS / 2 : FAKE_SOURCE_MS;
}

static int report(const struct codec *codec, struct vm_sink *sink, struct vm_error *err)
{
	char text[64] = "{\"made\":true}";

	if (strcmp(codec->behaviour, "short") == 0)
		snprintf(text, sizeof text, "{\"made\":true,\"duration_ms\":%llu}",
		         (unsigned long long)duration_ms(codec));
	if (strcmp(codec->behaviour, "bad-report") == 0)
		snprintf(text, sizeof text, "{\"duration_ms\":\"long\"}");
	return say(sink, text, err);
}

static int open_output(const struct vm_codec_job *job, const char *name, uint64_t head_bytes,
                       struct vm_output **out, struct vm_error *err)
{
	const struct vm_output_want want = {
	    .name = name, .content_type = "video/mp4", .head_bytes = head_bytes};

	return job->outputs->open(job->outputs, &want, out, err);
}

static int write_piece(const struct vm_codec_job *job, uint64_t number, const void *bytes,
                       size_t length, struct vm_error *err)
{
	struct vm_output *output;
	char name[32];
	int status;

	snprintf(name, sizeof name, "pieces/%04llu.m4s", (unsigned long long)number);
	if ((status = open_output(job, name, 0, &output, err)) != VM_OK)
		return status;
	status = output->sink.write(&output->sink, bytes, length, err);
	return status == VM_OK ? output->close(output, err) : status;
}

static int copy(const struct vm_codec_job *job, struct vm_output *whole, unsigned char *bytes,
                const struct vm_call *call, struct vm_error *err)
{
	struct vm_source *source = job->source;
	size_t got = PIECE;
	int status = VM_OK;

	for (uint64_t offset = 0; status == VM_OK && got == PIECE; offset += got) {
		status = source->read_at(source, offset, bytes, PIECE, &got, call, err);
		if (status == VM_OK)
			status = whole->sink.write(&whole->sink, bytes, got, err);
		if (status == VM_OK && got > 0)
			status = write_piece(job, offset / PIECE, bytes, got, err);
		vm_call_progress(call, FAKE_SOURCE_MS * (offset + got) / (source->bytes + 1),
		                 FAKE_SOURCE_MS);
	}
	return status;
}

static int run(void *self, const struct vm_codec_job *job, const struct vm_call *call,
               struct vm_error *err)
{
	struct codec *codec = self;
	unsigned char *bytes = malloc(PIECE);
	struct vm_output *whole, *dropped;
	int status = open_output(job, "whole.mp4", 4096, &whole, err);

	if (status == VM_OK)
		status = open_output(job, "dropped.mp4", 0, &dropped, err);
	if (status == VM_OK)
		status = dropped->sink.write(&dropped->sink, "never seen", 10, err);
	if (status == VM_OK)
		status = copy(job, whole, bytes, call, err);
	free(bytes);
	if (status == VM_OK)
		status = misbehave(codec, call, err);
	if (status == VM_OK)
		status = whole->rewrite(whole, 0, FAKE_HEAD, strlen(FAKE_HEAD), err);
	if (status == VM_OK)
		status = whole->close(whole, err);
	if (status == VM_OK)
		status = report(codec, job->report, err);
	return status;
}

static int verify(void *self, const char *name, const char *content_type, struct vm_source *output,
                  uint64_t source_ms, struct vm_sink *json, const struct vm_call *call,
                  struct vm_error *err)
{
	struct codec *codec = self;
	char head[8];
	size_t got;
	int status;

	if (strcmp(name, "whole.mp4") != 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "a piece");
	if (strcmp(codec->behaviour, "bad-output") == 0 || strcmp(content_type, "video/mp4") != 0 ||
	    source_ms != duration_ms(codec))
		return vm_fail(err, VM_ERR_BAD_DATA, "%s: not what it should be", name);
	status = output->read_at(output, 0, head, sizeof head, &got, call, err);
	if (status == VM_OK && (got != sizeof head || memcmp(head, FAKE_HEAD, sizeof head) != 0))
		return vm_fail(err, VM_ERR_BAD_DATA, "%s: a wrong head", name);
	return status == VM_OK ? say(json, "{}", err) : status;
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	struct codec *codec = calloc(1, sizeof *codec);

	(void)config;
	if (codec == NULL)
		return vm_fail_memory(err);
	codec->host = host;
	codec->behaviour = strchr(host->role, '.') + 1;
	if (strcmp(codec->behaviour, "no-start") == 0) {
		free(codec);
		return vm_fail(err, VM_ERR_CONFIG, "cannot be created here");
	}
	if (getsid(0) != getpid()) {
		free(codec);
		return vm_fail(err, VM_ERR_BUG, "not a session of its own");
	}
	*self = codec;
	return VM_OK;
}

static void destroy(void *self)
{
	free(self);
}

static struct plugin_life life;

const struct plugin fake_codec_plugin = {
    .entry = {VM_PLUGIN(VM_KIND_CODEC), .name = "codec-fake", .version = "1",
              .summary = "Behaves as its stage is named.", .threads = VM_THREADS_PARALLEL,
              .ops.codec = &fake_codec_plugin.ops.codec, .create = create, .destroy = destroy},
    .ops.codec = {.size = sizeof(struct vm_codec_ops),
                  .probe = probe,
                  .run = run,
                  .verify = verify},
    .life = &life,
};
