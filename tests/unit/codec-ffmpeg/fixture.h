/* fixture.h - what a codec plugin sees of the world: a file as source, a folder for outputs. */
#ifndef TESTS_CODEC_FFMPEG_FIXTURE_H
#define TESTS_CODEC_FFMPEG_FIXTURE_H

#include <stdatomic.h>
#include <stdio.h>

#include <vidmill/codec.h>

#include "config.h"

/* A file. Fails with `failure` at and behind `fail_at`, when that is not 0. */
struct file_source {
	struct vm_source source;
	int descriptor;
	uint64_t fail_at;
	enum vm_status failure;
	atomic_uint reads;
};

void file_source_open(struct file_source *file, const char *path);
void file_source_close(struct file_source *file);

/* A folder. Holds the plugin to the contract of vm_output: what breaks it fails the test. */
struct folder_outputs {
	struct vm_outputs outputs;
	char path[256];
	pthread_mutex_t lock;
	unsigned closed;
	struct file_output *open; /* a list */
	char log[1 << 16];        /* the names in the order in which they were closed, a line each */
};

void folder_outputs_init(struct folder_outputs *folder, const char *path);

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

/* A clip by its name, made by tests/media/make.sh when it is not there; the path stays valid. */
const char *clip(const char *name);

/* A config with the plugin's own defaults, for all that a test does not care for. */
struct config config_with(const struct video_option *video, size_t n_video,
                          const struct audio_option *audio, size_t n_audio);

#endif
