/* codec_mock.c - a codec without a decoder: one output, made of a part of the source. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <vidmill/plugin.h>

#include "mock.h"

#define BLOCK_BYTES (64 * 1024)
#define DURATION_MS 1000 /* of every source */
#define OUTPUT_NAME "copy.bin"
#define HEAD_FORMAT "vidmill mock %016" PRIx64 "\n"
#define HEAD_BYTES (sizeof "vidmill mock " - 1 + 16 + 1)

struct config {
	struct vm_groups script;
};

static const struct vm_option options[] = {SCRIPT_OPTION(struct config, script), {0}};

/* FNV-1a, so that verify can tell a damaged output. */
static uint64_t add_hash(uint64_t hash, const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 0x100000001B3u;
	return hash;
}

#define HASH_START 0xCBF29CE484222325u

/* What this mock takes for media: the beginnings of a few containers. */
static bool is_media(const unsigned char *bytes, size_t length)
{
	static const struct {
		size_t offset, length;
		const char *bytes;
	} signs[] = {{0, 4, "RIFF"}, {4, 4, "ftyp"}, {0, 4, "\x1A\x45\xDF\xA3"}, {0, 3, "\0\0\1"}};

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (length >= signs[i].offset + signs[i].length &&
		    memcmp(bytes + signs[i].offset, signs[i].bytes, signs[i].length) == 0)
			return true;
	return false;
}

static int check_source(struct vm_source *source, const struct vm_limits *limits,
                        const struct vm_call *call, struct vm_error *err)
{
	unsigned char head[8];
	size_t got = 0;
	int status = vm_call_check(call, "source", err);

	if (status == VM_OK)
		status = source->read_at(source, 0, head, sizeof head, &got, call, err);
	if (status != VM_OK)
		return status;
	if (!is_media(head, got))
		return vm_fail(err, VM_ERR_BAD_DATA, "nothing that the mock takes for media");
	if (limits->duration_ms > 0 && limits->duration_ms < DURATION_MS)
		return vm_fail(err, VM_ERR_LIMIT, "limits.duration: the source has %d ms", DURATION_MS);
	return VM_OK;
}

static int write_text(struct vm_sink *sink, const char *text, struct vm_error *err)
{
	return sink->write(sink, text, strlen(text), err);
}

static int probe(void *self, struct vm_source *source, const struct vm_limits *limits,
                 struct vm_sink *json, const struct vm_call *call, struct vm_error *err)
{
	struct mock *mock = self;
	const struct script_step *step = NULL;
	char text[128];
	int status = script_begin(&mock->script, "probe", "", 0, &step, call, err);

	if (status == VM_OK)
		status = check_source(source, limits, call, err);
	if (status == VM_OK) {
		snprintf(text, sizeof text, "{\"container\":\"mock\",\"duration_ms\":%d,\"streams\":[]}",
		         DURATION_MS);
		status = write_text(json, text, err);
	}
	return script_end(step, status, call, err);
}

/* Reads all of the source, as a decoder would, and writes its first block. */
static int copy(const struct vm_codec_job *job, struct vm_output *output, unsigned char *block,
                const struct vm_call *call, struct vm_error *err)
{
	struct vm_source *source = job->source;
	char head[HEAD_BYTES + 1];
	uint64_t offset = 0;
	int status;

	for (size_t got = 0; offset < source->bytes; offset += got) {
		if ((status = vm_call_check(call, "run", err)) != VM_OK ||
		    (status = source->read_at(source, offset, block, BLOCK_BYTES, &got, call, err)) !=
		        VM_OK)
			return status;
		if (got == 0)
			return vm_fail(err, VM_ERR_BAD_DATA, "the source ends early");
		vm_call_progress(call, DURATION_MS * (offset + got) / source->bytes, DURATION_MS);
		if (offset > 0)
			continue;
		if (job->limits->output_bytes > 0 && job->limits->output_bytes < HEAD_BYTES + got)
			return vm_fail(err, VM_ERR_LIMIT, "limits.output_bytes: more would be written");
		snprintf(head, sizeof head, HEAD_FORMAT, add_hash(HASH_START, block, got));
		if ((status = write_text(&output->sink, head, err)) != VM_OK ||
		    (status = output->sink.write(&output->sink, block, got, err)) != VM_OK)
			return status;
	}
	return output->close(output, err);
}

static int make_output(const struct vm_codec_job *job, const struct vm_call *call,
                       struct vm_error *err)
{
	const struct vm_output_want want = {.name = OUTPUT_NAME,
	                                    .content_type = "application/octet-stream"};
	unsigned char *block = malloc(BLOCK_BYTES);
	struct vm_output *output;
	int status;

	if (block == NULL)
		return vm_fail_memory(err);
	status = job->outputs->open(job->outputs, &want, &output, err);
	if (status == VM_OK)
		status = copy(job, output, block, call, err);
	free(block);
	return status;
}

static int run(void *self, const struct vm_codec_job *job, const struct vm_call *call,
               struct vm_error *err)
{
	struct mock *mock = self;
	const struct script_step *step = NULL;
	int status = script_begin(&mock->script, "run", "", 0, &step, call, err);

	if (status == VM_OK)
		status = check_source(job->source, job->limits, call, err);
	if (status == VM_OK)
		status = make_output(job, call, err);
	if (status == VM_OK)
		status = write_text(job->report, "{\"decided\":\"the first block\"}", err);
	return script_end(step, status, call, err);
}

static int check_output(struct vm_source *output, const struct vm_call *call, struct vm_error *err)
{
	unsigned char *bytes = malloc(HEAD_BYTES + BLOCK_BYTES);
	char head[HEAD_BYTES + 1];
	size_t got = 0;
	int status;

	if (bytes == NULL)
		return vm_fail_memory(err);
	status = output->read_at(output, 0, bytes, HEAD_BYTES + BLOCK_BYTES, &got, call, err);
	if (status == VM_OK && got > HEAD_BYTES)
		snprintf(head, sizeof head, HEAD_FORMAT,
		         add_hash(HASH_START, bytes + HEAD_BYTES, got - HEAD_BYTES));
	if (status == VM_OK && (got <= HEAD_BYTES || memcmp(head, bytes, HEAD_BYTES) != 0))
		status = vm_fail(err, VM_ERR_BAD_DATA, "not what the mock has written");
	free(bytes);
	return status;
}

static int verify(void *self, const char *name, const char *content_type, struct vm_source *output,
                  uint64_t source_ms, struct vm_sink *json, const struct vm_call *call,
                  struct vm_error *err)
{
	struct mock *mock = self;
	const struct script_step *step = NULL;
	int status = script_begin(&mock->script, "verify", name, strlen(name), &step, call, err);

	(void)content_type;
	(void)source_ms;
	if (status == VM_OK)
		status = check_output(output, call, err);
	if (status == VM_OK)
		status = write_text(json, "{}", err);
	return script_end(step, status, call, err);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	const struct config *own = config;
	struct mock *mock;
	int status = mock_create(host, config, &own->script, &mock, err);

	if (status == VM_OK)
		*self = mock;
	return status;
}

static const struct vm_codec_ops ops = {
    .size = sizeof ops, .probe = probe, .run = run, .verify = verify};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_CODEC),
    .name = "codec-mock",
    .version = "0.1.0",
    .summary = "A codec for tests: one output of a part of the source, or what its script says.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct config),
    .ops.codec = &ops,
    .create = create,
    .destroy = mock_destroy,
};
