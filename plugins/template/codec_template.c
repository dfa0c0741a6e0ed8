/* codec_template.c - a whole plugin: says how loud a WAV file is, and whether it is silent. */
#include <stdlib.h>
#include <string.h>

#include <vidmill/plugin.h>

/* 1. The configuration. The host fills it from the pipeline file, by this table. */
struct config {
	struct vm_rational silence;
};

static const struct vm_option options[] = {
    {.name = "silence",
     VM_RATIONAL(struct config, silence),
     .fallback = "1%",
     .doc = "A source whose loudest sample is below this part of full scale is silent."},
    {0},
};

/* 2. The instance. This one changes nothing in it, so any number of threads will do. */
struct loudness {
	const struct config *config; /* the host's, until destroy has returned */
};

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	struct loudness *loudness = calloc(1, sizeof *loudness);

	(void)host;
	if (loudness == NULL)
		return vm_fail_memory(err);
	loudness->config = config;
	*self = loudness;
	return VM_OK;
}

static void destroy(void *self)
{
	free(self);
}

/* 3. The work. */
#define HEADER_BYTES 44
#define FULL_SCALE 32768
#define REPORT "{\"peak\":%d,\"silent\":%s}\n"

static unsigned number(const unsigned char *at, int bytes)
{
	unsigned value = 0;

	while (bytes-- > 0)
		value = value << 8 | at[bytes];
	return value;
}

/* Only the header that everybody writes, and 16-bit samples behind it. */
static int read_header(struct vm_source *source, const struct vm_limits *limits,
                       uint64_t *duration_ms, const struct vm_call *call, struct vm_error *err)
{
	unsigned char head[HEADER_BYTES];
	size_t got;
	int status = source->read_at(source, 0, head, sizeof head, &got, call, err);

	/* A status of the host's goes up as it is: it says whether another try can help. */
	if (status != VM_OK)
		return status;
	if (got < sizeof head || memcmp(head, "RIFF", 4) != 0 || memcmp(head + 8, "WAVEfmt ", 8) != 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "read the header: no WAV file");
	if (number(head + 34, 2) != 16 || memcmp(head + 36, "data", 4) != 0 ||
	    number(head + 28, 4) == 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "read the header: not plain 16-bit samples");
	*duration_ms = (source->bytes - HEADER_BYTES) * 1000 / number(head + 28, 4);
	if (limits->duration_ms > 0 && *duration_ms > limits->duration_ms)
		return vm_fail(err, VM_ERR_LIMIT, "read the header: longer than %llu ms",
		               (unsigned long long)limits->duration_ms);
	return VM_OK;
}

static int find_peak(struct vm_source *source, uint64_t duration_ms, int *peak,
                     const struct vm_call *call, struct vm_error *err)
{
	unsigned char buffer[16384];
	uint64_t offset = HEADER_BYTES;
	size_t got;

	*peak = 0;
	do {
		/* Within one second of its cancellation an operation is back. */
		int status = vm_call_check(call, "find the peak", err);

		if (status == VM_OK)
			status = source->read_at(source, offset, buffer, sizeof buffer, &got, call, err);
		if (status != VM_OK)
			return status;
		for (size_t i = 0; i + 1 < got; i += 2) {
			int level = abs((int16_t)number(buffer + i, 2));

			*peak = level > *peak ? level : *peak;
		}
		offset += got;
		vm_call_progress(call, duration_ms * offset / source->bytes, duration_ms);
	} while (got == sizeof buffer);
	return VM_OK;
}

static int write_text(struct vm_sink *sink, const char *text, struct vm_error *err)
{
	return sink->write(sink, text, strlen(text), err);
}

/* 4. The operations. */
static int probe(void *self, struct vm_source *source, const struct vm_limits *limits,
                 struct vm_sink *json, const struct vm_call *call, struct vm_error *err)
{
	uint64_t duration_ms;
	int status = read_header(source, limits, &duration_ms, call, err);
	char text[64];

	(void)self;
	if (status != VM_OK)
		return status;
	snprintf(text, sizeof text, "{\"duration_ms\":%llu}", (unsigned long long)duration_ms);
	return write_text(json, text, err);
}

static int run(void *self, const struct vm_codec_job *job, const struct vm_call *call,
               struct vm_error *err)
{
	static const struct vm_output_want want = {"loudness.json", "application/json", 0};
	const struct vm_rational silence = ((struct loudness *)self)->config->silence;
	struct vm_output *output;
	uint64_t duration_ms;
	char text[64];
	int peak, status;

	if ((status = read_header(job->source, job->limits, &duration_ms, call, err)) != VM_OK ||
	    (status = find_peak(job->source, duration_ms, &peak, call, err)) != VM_OK)
		return status;
	snprintf(text, sizeof text, REPORT, peak,
	         peak * silence.den < silence.num * FULL_SCALE ? "true" : "false");
	if (job->limits->output_bytes > 0 && strlen(text) > job->limits->output_bytes)
		return vm_fail(err, VM_ERR_LIMIT, "write %s: too many bytes", want.name);
	/* An output that is not closed is dropped: there is nothing to clean up. */
	if ((status = job->outputs->open(job->outputs, &want, &output, err)) != VM_OK ||
	    (status = write_text(&output->sink, text, err)) != VM_OK ||
	    (status = output->close(output, err)) != VM_OK)
		return status;
	return write_text(job->report, text, err);
}

static int verify(void *self, const char *name, const char *content_type, struct vm_source *output,
                  uint64_t source_ms, struct vm_sink *json, const struct vm_call *call,
                  struct vm_error *err)
{
	char text[64] = "";
	size_t got;
	int peak, status = output->read_at(output, 0, text, sizeof text - 1, &got, call, err);

	(void)self, (void)content_type, (void)source_ms;
	if (status != VM_OK)
		return status;
	if (sscanf(text, "{\"peak\":%d", &peak) != 1 || peak < 0 || peak > FULL_SCALE)
		return vm_fail(err, VM_ERR_BAD_DATA, "verify %s: no loudness", name);
	return write_text(json, text, err);
}

static const struct vm_codec_ops ops = {
    .size = sizeof ops, .probe = probe, .run = run, .verify = verify};

/* 5. The one symbol that a plugin exports. */
const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_CODEC),
    .name = "codec-template",
    .version = "1.0",
    .summary = "Says how loud a WAV file is, and whether it is silent.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct config),
    .ops.codec = &ops,
    .create = create,
    .destroy = destroy,
};
