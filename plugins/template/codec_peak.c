/* codec_peak.c - the smallest complete plugin: tells how loud a WAV file is. Copy it. */
#include <stdlib.h>
#include <string.h>

#include <vidmill/plugin.h>

/* 1. What the options fill. Its strings and numbers are the host's and outlive the instance. */
struct config {
	const char *label;
};

/* 2. The options: the host parses, checks and documents them. */
static const struct vm_option options[] = {{.name = "label",
                                            VM_STRING(struct config, label),
                                            .fallback = "peak",
                                            .doc = "The word in front of the number."},
                                           {.name = NULL}};

/* 3. The instance: what its operations share. */
struct peak {
	const struct config *config;
};

/* 4. create and destroy: no I/O; destroy accepts NULL. */
static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	struct peak *peak = calloc(1, sizeof *peak);

	(void)host;
	if (peak == NULL)
		return vm_fail_memory(err);
	peak->config = config;
	*self = peak;
	return VM_OK;
}

static void destroy(void *self)
{
	free(self);
}

/* 5. The operations. An error is one line: what failed and on what. */
#define HEAD_BYTES 44 /* of a plain WAV, by soundfile.sapp.org/doc/WaveFormat */

static uint32_t little(const unsigned char *bytes, int count)
{
	return count == 0 ? 0 : bytes[0] | little(bytes + 1, count - 1) << 8;
}

/* The status of the source is returned unchanged: that it cannot be read does not make it bad. */
static int read_head(struct vm_source *source, const struct vm_limits *limits,
                     uint64_t *duration_ms, const struct vm_call *call, struct vm_error *err)
{
	unsigned char head[HEAD_BYTES];
	uint32_t bytes_per_second;
	size_t got = 0;
	int status = vm_call_check(call, "read", err);

	if (status == VM_OK)
		status = source->read_at(source, 0, head, sizeof head, &got, call, err);
	if (status != VM_OK)
		return status;
	if (got < sizeof head || memcmp(head, "RIFF", 4) != 0 || memcmp(head + 8, "WAVE", 4) != 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "not a WAV file");
	bytes_per_second = little(head + 28, 4);
	if (bytes_per_second == 0 || little(head + 34, 2) != 16)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "a WAV that is not of 16-bit samples");
	*duration_ms = (source->bytes - HEAD_BYTES) * 1000 / bytes_per_second;
	if (limits->duration_ms > 0 && *duration_ms > limits->duration_ms)
		return vm_fail(err, VM_ERR_LIMIT, "limits.duration: the source has %llu ms",
		               (unsigned long long)*duration_ms);
	return VM_OK;
}

static int print(struct vm_sink *sink, const char *text, struct vm_error *err)
{
	return sink->write(sink, text, strlen(text), err);
}

static int probe(void *self, struct vm_source *source, const struct vm_limits *limits,
                 struct vm_sink *json, const struct vm_call *call, struct vm_error *err)
{
	uint64_t duration_ms;
	char text[96];
	int status = read_head(source, limits, &duration_ms, call, err);

	(void)self;
	if (status != VM_OK)
		return status;
	snprintf(text, sizeof text, "{\"container\":\"wav\",\"duration_ms\":%llu}",
	         (unsigned long long)duration_ms);
	return print(json, text, err);
}

static int find_peak(struct vm_source *source, int *peak, const struct vm_call *call,
                     struct vm_error *err)
{
	unsigned char block[4096];
	size_t got = 0;
	int status;

	*peak = 0;
	for (uint64_t at = HEAD_BYTES; at < source->bytes; at += got) {
		if ((status = vm_call_check(call, "run", err)) != VM_OK ||
		    (status = source->read_at(source, at, block, sizeof block, &got, call, err)) != VM_OK)
			return status;
		for (size_t i = 0; i + 1 < got; i += 2) {
			int sample = abs((int16_t)little(block + i, 2));

			*peak = sample > *peak ? sample : *peak;
		}
		vm_call_progress(call, at + got, source->bytes);
	}
	return VM_OK;
}

static int run(void *self, const struct vm_codec_job *job, const struct vm_call *call,
               struct vm_error *err)
{
	const struct vm_output_want want = {.name = "peak.txt", .content_type = "text/plain"};
	const struct peak *own = self;
	struct vm_output *output;
	uint64_t duration_ms;
	char text[256];
	int peak, status;

	if ((status = read_head(job->source, job->limits, &duration_ms, call, err)) != VM_OK ||
	    (status = find_peak(job->source, &peak, call, err)) != VM_OK)
		return status;
	snprintf(text, sizeof text, "%.200s %d of 32768\n", own->config->label, peak);
	if (job->limits->output_bytes > 0 && strlen(text) > job->limits->output_bytes)
		return vm_fail(err, VM_ERR_LIMIT, "limits.output_bytes: %zu are needed", strlen(text));
	if ((status = job->outputs->open(job->outputs, &want, &output, err)) != VM_OK ||
	    (status = print(&output->sink, text, err)) != VM_OK ||
	    (status = output->close(output, err)) != VM_OK)
		return status;
	return print(job->report, "{\"outputs\":1}", err);
}

static int verify(void *self, const char *name, const char *content_type, struct vm_source *output,
                  uint64_t source_ms, struct vm_sink *json, const struct vm_call *call,
                  struct vm_error *err)
{
	const struct peak *own = self;
	size_t length = strlen(own->config->label), got = 0;
	char text[256];
	int status;

	(void)content_type;
	(void)source_ms;
	status = output->read_at(output, 0, text, sizeof text, &got, call, err);
	if (status != VM_OK)
		return status;
	length = length < 200 ? length : 200;
	if (got <= length || memcmp(text, own->config->label, length) != 0 || text[got - 1] != '\n')
		return vm_fail(err, VM_ERR_BAD_DATA, "%s: not what was written", name);
	return print(json, "{}", err);
}

/* 6. The descriptor: the one symbol that a plugin exports. */
static const struct vm_codec_ops ops = {
    .size = sizeof ops, .probe = probe, .run = run, .verify = verify};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_CODEC),
    .name = "codec-peak",
    .version = "0.1.0",
    .summary = "Tells how loud a WAV file is.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct config),
    .ops.codec = &ops,
    .create = create,
    .destroy = destroy,
};
