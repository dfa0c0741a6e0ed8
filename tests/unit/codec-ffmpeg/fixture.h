/* fixture.h - what a codec plugin sees of the world: a file as source, a folder for outputs. */
#ifndef TESTS_CODEC_FFMPEG_FIXTURE_H
#define TESTS_CODEC_FFMPEG_FIXTURE_H

#include <stdatomic.h>

#include <vidmill/codec.h>

#include "clip.h"
#include "codec.h"
#include "folder.h"

struct test_call;

/* A file. Each of what may go wrong with it does so at a read, counted from 1; 0: never. */
struct file_source {
	struct vm_source source;
	int descriptor;
	unsigned reads;
	unsigned fail_at; /* with `failure`, and ever after */
	enum vm_status failure;
	unsigned cancel_at; /* cancels `call` */
	struct test_call *call;
};

void file_source_open(struct file_source *file, const char *path);
void file_source_close(struct file_source *file);

/* Text that grows. */
struct text_sink {
	struct vm_sink sink;
	char *text;
	size_t length;
};

void text_sink_init(struct text_sink *sink);
void text_sink_finish(struct text_sink *sink);

/* A call that is cancelled when `cancel` says so. */
struct test_call {
	struct vm_call call;
	atomic_bool cancel;
	atomic_uint_least64_t done, total;
};

void test_call_init(struct test_call *call);

/* A host that keeps nothing and prints what it is told when VIDMILL_TEST_LOG is set. */
extern const struct vm_host test_host;

/* One job with everything it needs; the folder is new and below TMPDIR. */
struct job {
	struct file_source source;
	struct folder_outputs outputs;
	struct text_sink report;
	struct test_call call;
	struct vm_limits limits;
	struct vm_codec_job job;
	struct config config; /* of the last run */
	struct codec codec;   /* runs, then verifies */
	struct vm_error err;
};

void job_begin(struct job *job, const char *source);
/* Runs it with `config` and returns the status; the sentence is in job->err. */
int job_run(struct job *job, const struct config *config);
/* Every output through the plugin's own verify: the first that fails, and its sentence. */
int job_verify(struct job *job, uint64_t source_ms);
/* Removes the folder. */
void job_end(struct job *job);

/* The path of an output, in a buffer that the next call uses again. */
const char *job_path(struct job *job, const char *output);

/* A config with the plugin's own defaults, for all that a test does not care for. */
struct config config_with(const struct video_option *video, size_t n_video,
                          const struct audio_option *audio, size_t n_audio);

#endif
