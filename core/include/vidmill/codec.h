/* codec.h - the operations of a codec plugin: one source in, named outputs out. */
#ifndef VIDMILL_CODEC_H
#define VIDMILL_CODEC_H

#include <vidmill/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A codec plugin is the only kind that touches bytes of strangers. It is loaded
 * into a child process of its own that has no network, no credential and no
 * file system, so all it sees is here: a source, outputs, limits. Never a path,
 * never a URL.
 */

/* What a job may cost; a plugin ends with VM_ERR_LIMIT as soon as one is passed. 0: no limit. */
struct vm_limits {
	uint32_t size;
	uint32_t streams;
	uint64_t duration_ms;   /* of the source */
	uint32_t width, height; /* of the source's pictures, in either orientation */
	uint64_t frames;        /* decoded, all streams together */
	uint64_t output_bytes;  /* all outputs together; the host counts as well */
};

/*
 * One output being written, front to back. The first `head_bytes` may be
 * written again until it is closed: an index that is known last can stand in
 * front. [one thread at a time for each output; several outputs at once]
 */
struct vm_output {
	struct vm_sink sink; /* appends */
	/* Replaces bytes already written; offset + length lies within them and within head_bytes. */
	int (*rewrite)(struct vm_output *output, uint64_t offset, const void *bytes, size_t length,
	               struct vm_error *err);
	/* Complete: it becomes part of the stage's result. The output is gone after this, also when
	 * it fails. An output that was not closed when run returns is dropped. */
	int (*close)(struct vm_output *output, struct vm_error *err);
};

struct vm_output_want {
	/* Relative, of letters, digits and "._-/", unique in the stage, no "." or ".." segment:
	 * "720p/segment-00001.m4s". */
	const char *name;
	const char *content_type;
	/* 0: nothing will be rewritten. Kept in memory, so counted in the budget. */
	uint64_t head_bytes;
};

struct vm_outputs {
	/* [any thread] *out is the host's. */
	int (*open)(struct vm_outputs *outputs, const struct vm_output_want *want,
	            struct vm_output **out, struct vm_error *err);
};

struct vm_codec_job {
	uint32_t size;
	uint32_t threads; /* processors that may be used */
	struct vm_source *source;
	struct vm_outputs *outputs;
	const struct vm_limits *limits;
	/* One JSON object: what the source was, what was decided and why. The host reads
	 * "duration_ms" (an integer; optional): how much there was to make outputs of, where that
	 * is not what probe found in the container's words. */
	struct vm_sink *report;
};

/* [worker thread, blocking, cancellable] Progress is told in milliseconds of the source. */
struct vm_codec_ops {
	uint32_t size;
	uint32_t reserved;

	/*
	 * Reads no more of the source than it needs and writes one JSON object. The
	 * host reads "duration_ms" (an integer; absent when the container does not
	 * say); "container" and "streams" are for people. VM_ERR_BAD_DATA when this
	 * is no media, VM_ERR_LIMIT, VM_ERR_UNSUPPORTED.
	 */
	int (*probe)(void *self, struct vm_source *source, const struct vm_limits *limits,
	             struct vm_sink *json, const struct vm_call *call, struct vm_error *err);

	/* Makes the outputs that the instance's options name. */
	int (*run)(void *self, const struct vm_codec_job *job, const struct vm_call *call,
	           struct vm_error *err);

	/* Opens a finished output again and says whether it is what it should be. It is one of the
	 * instance's last run, or of another process; what run remembers may be held against it.
	 * `name` and `content_type` as given to open, `source_ms` the duration of run's report, else
	 * of probe's; 0: neither says it. */
	int (*verify)(void *self, const char *name, const char *content_type, struct vm_source *output,
	              uint64_t source_ms, struct vm_sink *json, const struct vm_call *call,
	              struct vm_error *err);
};

#ifdef __cplusplus
}
#endif

#endif
