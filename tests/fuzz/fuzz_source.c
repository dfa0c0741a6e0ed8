/* fuzz_source.c - bytes of a stranger, probed and transcoded through the codec ABI. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <vidmill/plugin.h>

#include "config.h"
#include "fuzz/fuzz.h"

enum { SOURCE_BYTES_MOST = 256 << 10, PATIENCE_MS = 5000 };

/* Little enough that every input is over within the patience. */
static const struct vm_limits limits = {.size = sizeof limits,
                                        .streams = 8,
                                        .duration_ms = 60000,
                                        .width = 640,
                                        .height = 480,
                                        .frames = 300,
                                        .output_bytes = 4 << 20};

struct bytes_source {
	struct vm_source source;
	const uint8_t *bytes;
};

static int read_at(struct vm_source *base, uint64_t offset, void *buffer, size_t length,
                   size_t *got, const struct vm_call *call, struct vm_error *err)
{
	const struct bytes_source *source = (struct bytes_source *)base;
	uint64_t left = offset < base->bytes ? base->bytes - offset : 0;

	(void)call;
	(void)err;
	*got = length < left ? length : (size_t)left;
	if (*got > 0)
		memcpy(buffer, source->bytes + offset, *got);
	return VM_OK;
}

static int write_nothing(struct vm_sink *sink, const void *bytes, size_t length,
                         struct vm_error *err)
{
	(void)sink;
	(void)bytes;
	(void)length;
	(void)err;
	return VM_OK;
}

/* An output that keeps nothing but its length. */
struct counted_output {
	struct vm_output output;
	uint64_t length, head_bytes;
};

static int append(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	((struct counted_output *)sink)->length += length;
	return write_nothing(sink, bytes, length, err);
}

static int rewrite_head(struct vm_output *base, uint64_t offset, const void *bytes, size_t length,
                        struct vm_error *err)
{
	struct counted_output *output = (struct counted_output *)base;
	uint64_t most = output->head_bytes < output->length ? output->head_bytes : output->length;

	if (offset > most || length > most - offset)
		abort();
	return write_nothing(&base->sink, bytes, length, err);
}

/* The outputs of one job; what is not closed is dropped with them. */
struct counted_outputs {
	struct vm_outputs outputs;
	struct counted_output items[64];
	size_t count;
};

static int close_output(struct vm_output *output, struct vm_error *err)
{
	(void)output;
	(void)err;
	return VM_OK;
}

static int open_output(struct vm_outputs *base, const struct vm_output_want *want,
                       struct vm_output **out, struct vm_error *err)
{
	struct counted_outputs *outputs = (struct counted_outputs *)base;
	size_t at = outputs->count;

	if (at == sizeof outputs->items / sizeof outputs->items[0])
		return vm_fail(err, VM_ERR_LIMIT, "policy.limits.outputs: no more than %zu", at);
	outputs->count++;
	outputs->items[at] = (struct counted_output){
	    {.sink.write = append, .rewrite = rewrite_head, .close = close_output},
	    .head_bytes = want->head_bytes};
	*out = &outputs->items[at].output;
	return VM_OK;
}

struct timed_call {
	struct vm_call call;
	int64_t end_ms;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool cancelled(const struct vm_call *call)
{
	(void)call;
	return false;
}

static int cancel_fd(const struct vm_call *call)
{
	(void)call;
	return -1;
}

static int64_t time_left_ms(const struct vm_call *call)
{
	int64_t left = ((const struct timed_call *)call)->end_ms - now_ms();

	return left > 0 ? left : 0;
}

static bool sleep_ms(const struct vm_call *call, uint64_t duration_ms)
{
	(void)call;
	(void)duration_ms;
	return false;
}

static void progress(const struct vm_call *call, uint64_t done, uint64_t total)
{
	(void)call;
	(void)done;
	(void)total;
}

static const struct vm_call_table call_table = {.size = sizeof call_table,
                                                .cancelled = cancelled,
                                                .cancel_fd = cancel_fd,
                                                .time_left_ms = time_left_ms,
                                                .sleep_ms = sleep_ms,
                                                .progress = progress};

VM_PRINTF(3, 4)
static void say_nothing(const struct vm_host *host, enum vm_log_level level, const char *format,
                        ...)
{
	(void)host;
	(void)level;
	(void)format;
}

static void *create_instance(void)
{
	static const char *const outputs[] = {"hls", "mp4"};
	static const struct video_option video[] = {
	    {.name = "large", .height = 64, .bitrate = 200000, .quality = 30},
	    {.name = "small", .height = 32, .bitrate = 50000, .quality = 30}};
	static const struct audio_option audio[] = {{.name = "stereo", .bitrate = 32000, .channels = 2},
	                                            {.name = "loud",
	                                             .bitrate = 32000,
	                                             .channels = 1,
	                                             .loudness = {-16, 1},
	                                             .true_peak = {-1, 1}}};
	static const struct config config = {.video = {video, 2},
	                                     .audio = {audio, 2},
	                                     .silence = true,
	                                     .subtitles = true,
	                                     .output = {outputs, 2},
	                                     .poster = {1, 10},
	                                     .thumbnails_ms = 500,
	                                     .thumbnail_height = 32,
	                                     .thumbnails_max = 20,
	                                     .sprites_ms = 300,
	                                     .sprite_height = 16,
	                                     .sprite_columns = 2,
	                                     .sprite_rows = 2,
	                                     .sprites_max = 4,
	                                     .preview_ms = 500,
	                                     .preview_from = {1, 10},
	                                     .preview_height = 32,
	                                     .preview_rate = 10,
	                                     .segment_ms = 4000,
	                                     .copy = true};
	static const struct vm_host host = {
	    .size = sizeof host, .log = say_nothing, .state_dir = "/", .role = "stages.fuzz"};
	void *self;

	if (vm_plugin_entry.load(NULL) != VM_OK || vm_plugin_entry.check(&config, NULL) != VM_OK ||
	    vm_plugin_entry.create(&host, &config, &self, NULL) != VM_OK)
		abort();
	return self;
}

/* Whatever the bytes are, it is the bytes' fault: no bug, nothing to try again. */
static void judge(int status, const struct vm_error *error)
{
	if (status == VM_OK || status == VM_ERR_BAD_DATA || status == VM_ERR_UNSUPPORTED ||
	    status == VM_ERR_LIMIT || status == VM_ERR_NO_MEMORY || status == VM_ERR_TIMEOUT)
		return;
	fprintf(stderr, "status %d: %s\n", status, error->message);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static void *self;
	struct bytes_source source = {{.bytes = length, .read_at = read_at}, bytes};
	struct timed_call call = {{&call_table}, now_ms() + PATIENCE_MS};
	struct counted_outputs outputs = {.outputs.open = open_output};
	struct vm_sink report = {.write = write_nothing};
	const struct vm_codec_job job = {.size = sizeof job,
	                                 .threads = 1,
	                                 .source = &source.source,
	                                 .outputs = &outputs.outputs,
	                                 .limits = &limits,
	                                 .report = &report};
	const struct vm_codec_ops *ops = vm_plugin_entry.ops.codec;
	struct vm_error error;
	int status;

	if (length > SOURCE_BYTES_MOST)
		return 0;
	if (self == NULL)
		self = create_instance();
	status = ops->probe(self, &source.source, &limits, &report, &call.call, &error);
	judge(status, &error);
	if (status == VM_OK)
		judge(ops->run(self, &job, &call.call, &error), &error);
	return 0;
}
