/* fixture.c - what a codec plugin sees of the world: a file as source, a folder for outputs. */
#include "fixture.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vidmill/plugin.h>

#include "transcode.h"
#include "verify.h"

/*
 * FFmpeg's libraries are not built for the thread sanitizer: it does not see the atomic counts by
 * which they order the last use of a buffer before its free, and their own threads' slices.
 */
VM_EXPORT const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
	return "race:libavutil.so";
}

/* x265 3.5 forgets some of the texts that it was set up with, about a kilobyte of each encoder. */
VM_EXPORT const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libx265.so\n";
}

static int read_at(struct vm_source *source, uint64_t offset, void *buffer, size_t length,
                   size_t *got, const struct vm_call *call, struct vm_error *err)
{
	struct file_source *file = (struct file_source *)source;
	ssize_t count;

	if (++file->reads == file->cancel_at)
		atomic_store(&file->call->cancel, true);
	if (vm_call_check(call, "read", err) != VM_OK)
		return err->status;
	if (file->fail_at != 0 && file->reads >= file->fail_at)
		return vm_fail(err, (int)file->failure, "get source: it went away");
	if ((count = pread(file->descriptor, buffer, length, (off_t)offset)) < 0)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "read source: %s", strerror(errno));
	*got = (size_t)count;
	return VM_OK;
}

void file_source_open(struct file_source *file, const char *path)
{
	struct stat stat;

	memset(file, 0, sizeof *file);
	file->descriptor = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_msg(file->descriptor >= 0, "open %s: %s", path, strerror(errno));
	ck_assert_int_eq(fstat(file->descriptor, &stat), 0);
	file->source.bytes = (uint64_t)stat.st_size;
	file->source.read_at = read_at;
}

void file_source_close(struct file_source *file)
{
	close(file->descriptor);
}

static int write_text(struct vm_sink *base, const void *bytes, size_t length, struct vm_error *err)
{
	struct text_sink *sink = (struct text_sink *)base;
	char *text = realloc(sink->text, sink->length + length + 1);

	if (text == NULL)
		return vm_fail_memory(err);
	memcpy(text + sink->length, bytes, length);
	sink->length += length;
	text[sink->length] = '\0';
	sink->text = text;
	return VM_OK;
}

void text_sink_init(struct text_sink *sink)
{
	*sink = (struct text_sink){{write_text}, NULL, 0};
}

void text_sink_finish(struct text_sink *sink)
{
	free(sink->text);
	text_sink_init(sink);
}

static struct test_call *of_call(const struct vm_call *call)
{
	return (struct test_call *)(uintptr_t)call;
}

static bool cancelled(const struct vm_call *call)
{
	return atomic_load(&of_call(call)->cancel);
}

static int no_fd(const struct vm_call *call)
{
	(void)call;
	return -1;
}

static int64_t no_deadline(const struct vm_call *call)
{
	(void)call;
	return INT64_MAX;
}

static bool no_sleep(const struct vm_call *call, uint64_t duration_ms)
{
	(void)call, (void)duration_ms;
	return false;
}

static void keep_progress(const struct vm_call *call, uint64_t done, uint64_t total)
{
	atomic_store(&of_call(call)->done, done);
	atomic_store(&of_call(call)->total, total);
}

static const struct vm_call_table call_table = {
    .size = sizeof call_table,
    .cancelled = cancelled,
    .cancel_fd = no_fd,
    .time_left_ms = no_deadline,
    .sleep_ms = no_sleep,
    .progress = keep_progress,
};

void test_call_init(struct test_call *call)
{
	call->call.table = &call_table;
	atomic_init(&call->cancel, false);
	atomic_init(&call->done, 0);
	atomic_init(&call->total, 0);
}

__attribute__((format(printf, 3, 4))) static void host_log(const struct vm_host *host,
                                                           enum vm_log_level level,
                                                           const char *format, ...)
{
	va_list arguments;

	(void)host, (void)level;
	if (getenv("VIDMILL_TEST_LOG") == NULL)
		return;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

const struct vm_host test_host = {.size = sizeof test_host,
                                  .log = host_log,
                                  .state_dir = "/nonexistent",
                                  .role = "stages.test",
                                  .pipeline = "test"};

void job_begin(struct job *job, const char *source)
{
	const char *below = getenv("TMPDIR");
	char path[256];

	memset(job, 0, sizeof *job);
	vm_plugin_entry.load(NULL);
	snprintf(path, sizeof path, "%s/vidmill-codec-XXXXXX", below != NULL ? below : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(path));
	file_source_open(&job->source, source);
	folder_outputs_init(&job->outputs, path);
	text_sink_init(&job->report);
	test_call_init(&job->call);
	job->limits.size = sizeof job->limits;
	job->codec.host = &test_host;
	witness_place_init(&job->codec.witness);
	job->job = (struct vm_codec_job){.size = sizeof job->job,
	                                 .threads = 2,
	                                 .source = &job->source.source,
	                                 .outputs = &job->outputs.outputs,
	                                 .limits = &job->limits,
	                                 .report = &job->report.sink};
}

int job_run(struct job *job, const struct config *config)
{
	job->config = *config;
	job->codec.config = &job->config;
	return transcode_run(&job->codec, &job->job, &job->call.call, &job->err);
}

int job_verify(struct job *job, uint64_t source_ms)
{
	char *names = strdup(job->outputs.log), *rest = names, *name;
	int status = VM_OK;

	while (status == VM_OK && (name = strsep(&rest, "\n")) != NULL && name[0] != '\0') {
		struct file_source output;
		struct text_sink json;

		file_source_open(&output, job_path(job, name));
		text_sink_init(&json);
		status = verify_output(&job->codec, name, "test", &output.source, source_ms, &json.sink,
		                       NULL, &job->err);
		text_sink_finish(&json);
		file_source_close(&output);
	}
	free(names);
	return status;
}

static int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *walk)
{
	(void)stat, (void)type, (void)walk;
	return remove(path);
}

void job_end(struct job *job)
{
	witness_place_finish(&job->codec.witness);
	folder_outputs_drop(&job->outputs);
	nftw(job->outputs.path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	text_sink_finish(&job->report);
	file_source_close(&job->source);
}

const char *job_path(struct job *job, const char *output)
{
	static char path[512];

	snprintf(path, sizeof path, "%s/%s", job->outputs.path, output);
	return path;
}

struct config config_with(const struct video_option *video, size_t n_video,
                          const struct audio_option *audio, size_t n_audio)
{
	static const char *const outputs[] = {"hls", "dash", "mp4"};

	return (struct config){
	    .video = {video, n_video},
	    .audio = {audio, n_audio},
	    .output = {outputs, 3},
	    .poster = {1, 10},
	    .thumbnail_height = 180,
	    .thumbnails_max = 1000,
	    .sprite_height = 90,
	    .sprite_columns = 10,
	    .sprite_rows = 10,
	    .sprites_max = 20,
	    .preview_from = {1, 10},
	    .preview_height = 180,
	    .preview_rate = 10,
	    .segment_ms = 4000,
	    .preset = 0,
	    .peak = {3, 2},
	};
}
