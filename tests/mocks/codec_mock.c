/* codec_mock.c - a codec without a decoder: each rendition is the beginning of the source. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <vidmill/plugin.h>

#include "mock.h"

#define BLOCK_BYTES 65536
#define DURATION_MS 1000 /* of a source that does not say: "duration_ms=5000" and a newline */
#define DURATION_SIGN "duration_ms="

/* An output begins with the hash of what follows, so that verify can tell a damaged one. */
#define HEAD_FORMAT "vidmill mock %016" PRIx64 "\n"
#define HEAD_BYTES (sizeof "vidmill mock " - 1 + 16 + 1)
#define HASH_START 0xCBF29CE484222325u

struct rendition {
	const char *name;
};

struct config {
	struct vm_groups renditions;
	uint64_t bytes;
	bool any_source;
	struct vm_groups script;
};

static const struct vm_option rendition_options[] = {
    {.name = "name",
     VM_STRING(struct rendition, name),
     .flags = VM_REQUIRED | VM_UNIQUE,
     .doc = "The folder of the rendition's one output."},
    {0},
};

static const struct vm_option options[] = {
    {.name = "renditions",
     VM_GROUPS(struct config, renditions, rendition_options, struct rendition),
     .doc = "What is made; without it one rendition, copy."},
    {.name = "bytes",
     VM_SIZE(struct config, bytes),
     .fallback = "64KiB",
     .min = 1,
     .max = INT64_MAX,
     .doc = "How much of the source an output holds."},
    {.name = "any_source",
     VM_BOOL(struct config, any_source),
     .fallback = "true",
     .doc = "Takes any bytes for media; else only what begins as a container does."},
    SCRIPT_OPTION(struct config, script),
    {0},
};

static const struct rendition one_rendition = {"copy"};

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	const struct config *own = config;
	struct mock *mock;
	int status = mock_create(host, config, &own->script, &mock, err);

	if (status == VM_OK)
		*self = mock;
	return status;
}

static bool is_container(const unsigned char *bytes, size_t length)
{
	static const struct {
		size_t offset, length;
		const char *bytes;
	} signs[] = {{0, 4, "RIFF"},
	             {4, 4, "ftyp"},
	             {0, 4, "\x1A\x45\xDF\xA3"},
	             {0, 3, "\0\0\1"},
	             {0, sizeof DURATION_SIGN - 1, DURATION_SIGN}};

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (length >= signs[i].offset + signs[i].length &&
		    memcmp(bytes + signs[i].offset, signs[i].bytes, signs[i].length) == 0)
			return true;
	return false;
}

static int read_head(const struct config *config, struct vm_source *source,
                     const struct vm_limits *limits, uint64_t *duration_ms,
                     const struct vm_call *call, struct vm_error *err)
{
	char head[64] = "";
	size_t got = 0;
	int status = vm_call_check(call, "read the source", err);

	if (status == VM_OK)
		status = source->read_at(source, 0, head, sizeof head - 1, &got, call, err);
	if (status != VM_OK)
		return status;
	if (got == 0 || (!config->any_source && !is_container((unsigned char *)head, got)))
		return vm_fail(err, VM_ERR_BAD_DATA,
		               "read the source: nothing that the mock takes for media");
	*duration_ms = DURATION_MS;
	if (strncmp(head, DURATION_SIGN, sizeof DURATION_SIGN - 1) == 0)
		*duration_ms = strtoull(head + sizeof DURATION_SIGN - 1, NULL, 10);
	if (limits->duration_ms > 0 && limits->duration_ms < *duration_ms)
		return vm_fail(err, VM_ERR_LIMIT, "limits.duration: the source has %" PRIu64 " ms",
		               *duration_ms);
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
	uint64_t duration_ms;
	char text[96];
	int status = script_begin(&mock->script, "probe", "", 0, &step, call, err);

	if (status == VM_OK)
		status = read_head(mock->config, source, limits, &duration_ms, call, err);
	if (status == VM_OK) {
		snprintf(text, sizeof text,
		         "{\"container\":\"mock\",\"duration_ms\":%" PRIu64 ",\"streams\":[]}",
		         duration_ms);
		status = write_text(json, text, err);
	}
	return script_end(&mock->script, step, status, call, err);
}

/* FNV-1a */
static uint64_t add_hash(uint64_t hash, const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 0x100000001B3u;
	return hash;
}

/* The head is written last: until then the hash is not known. */
static int write_output(const struct vm_codec_job *job, struct vm_output *output, uint64_t bytes,
                        uint64_t duration_ms, const struct vm_call *call, struct vm_error *err)
{
	unsigned char block[BLOCK_BYTES];
	char head[HEAD_BYTES + 1];
	uint64_t hash = HASH_START;
	size_t got;
	int status;

	snprintf(head, sizeof head, HEAD_FORMAT, hash);
	status = write_text(&output->sink, head, err);
	for (uint64_t offset = 0; status == VM_OK && offset < bytes; offset += got) {
		size_t want = bytes - offset < BLOCK_BYTES ? (size_t)(bytes - offset) : BLOCK_BYTES;

		if ((status = vm_call_check(call, "run", err)) != VM_OK ||
		    (status = job->source->read_at(job->source, offset, block, want, &got, call, err)) !=
		        VM_OK)
			break;
		if (got < want)
			return vm_fail(err, VM_ERR_BAD_DATA, "read the source: it ends early");
		hash = add_hash(hash, block, got);
		status = output->sink.write(&output->sink, block, got, err);
		vm_call_progress(call, duration_ms * (offset + got) / bytes, duration_ms);
	}
	snprintf(head, sizeof head, HEAD_FORMAT, hash);
	if (status == VM_OK)
		status = output->rewrite(output, 0, head, HEAD_BYTES, err);
	return status == VM_OK ? output->close(output, err) : status;
}

static int make_outputs(const struct config *config, const struct vm_codec_job *job,
                        uint64_t duration_ms, const struct vm_call *call, struct vm_error *err)
{
	size_t count = config->renditions.count;
	const struct rendition *renditions = count > 0 ? config->renditions.items : &one_rendition;
	uint64_t bytes = config->bytes < job->source->bytes ? config->bytes : job->source->bytes;
	int status = VM_OK;

	count = count > 0 ? count : 1;
	if (job->limits->output_bytes > 0 && job->limits->output_bytes < count * (HEAD_BYTES + bytes))
		return vm_fail(err, VM_ERR_LIMIT, "limits.output_bytes: more would be written");
	for (size_t i = 0; i < count && status == VM_OK; i++) {
		char name[256];
		const struct vm_output_want want = {name, "application/octet-stream", HEAD_BYTES};
		struct vm_output *output;

		snprintf(name, sizeof name, "%s/copy.bin", renditions[i].name);
		status = job->outputs->open(job->outputs, &want, &output, err);
		if (status == VM_OK)
			status = write_output(job, output, bytes, duration_ms, call, err);
	}
	return status;
}

static int run(void *self, const struct vm_codec_job *job, const struct vm_call *call,
               struct vm_error *err)
{
	struct mock *mock = self;
	const struct script_step *step = NULL;
	uint64_t duration_ms;
	int status = script_begin(&mock->script, "run", "", 0, &step, call, err);

	if (status == VM_OK)
		status = read_head(mock->config, job->source, job->limits, &duration_ms, call, err);
	if (status == VM_OK)
		status = make_outputs(mock->config, job, duration_ms, call, err);
	if (status == VM_OK)
		status = write_text(job->report, "{\"decided\":\"the beginning of the source\"}", err);
	return script_end(&mock->script, step, status, call, err);
}

static int check_output(const char *name, struct vm_source *output, const struct vm_call *call,
                        struct vm_error *err)
{
	unsigned char block[BLOCK_BYTES];
	char head[HEAD_BYTES + 1], wanted[HEAD_BYTES + 1] = "";
	uint64_t hash = HASH_START;
	size_t got = 0;
	int status = output->read_at(output, 0, head, HEAD_BYTES, &got, call, err);

	for (uint64_t offset = HEAD_BYTES; status == VM_OK && offset < output->bytes; offset += got) {
		status = output->read_at(output, offset, block, sizeof block, &got, call, err);
		if (status == VM_OK)
			hash = add_hash(hash, block, got);
	}
	if (status != VM_OK)
		return status;
	snprintf(wanted, sizeof wanted, HEAD_FORMAT, hash);
	if (output->bytes < HEAD_BYTES || memcmp(head, wanted, HEAD_BYTES) != 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "verify %s: not what the mock has written", name);
	return VM_OK;
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
		status = check_output(name, output, call, err);
	if (status == VM_OK)
		status = write_text(json, "{}", err);
	return script_end(&mock->script, step, status, call, err);
}

static const struct vm_codec_ops ops = {
    .size = sizeof ops, .probe = probe, .run = run, .verify = verify};

const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_CODEC),
    .name = "codec-mock",
    .version = "0.1.0",
    .summary = "A codec for tests: copies of the source's beginning, or what its script says.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct config),
    .ops.codec = &ops,
    .create = create,
    .destroy = mock_destroy,
};
