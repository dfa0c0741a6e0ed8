/* codec_kit.h - what a codec sees of the host: a source, outputs and a report in memory. */
#ifndef CONTRACT_CODEC_KIT_H
#define CONTRACT_CODEC_KIT_H

#include "harness.h"

struct codec {
	struct contract *t;
	const struct vm_codec_ops *ops;
	void *self;
};

struct codec codec_open(struct contract *t);

/* [any thread] A source in memory that can fail, or keep its reader waiting. */
struct codec_source {
	struct vm_source vm; /* first */
	struct contract *t;
	const unsigned char *bytes;
	uint64_t fail_from; /* reads that touch this byte or a later one fail; UINT64_MAX: none */
	bool is_stuck;      /* reads return only when the call is cancelled */
	atomic_ullong read_bytes;
};

/* The sample: a small media file that the plugin can read. Skips the case when there is none. */
void codec_sample(const struct codec *c, struct codec_source *source);
void codec_source_begin(struct contract *t, struct codec_source *source, const void *bytes,
                        uint64_t length);

/* One output, as its codec has written it. */
struct codec_output {
	struct vm_output vm; /* first */
	struct codec_outputs *outputs;
	char *name, *content_type;
	uint64_t head_bytes;
	unsigned char *bytes;
	size_t length, capacity;
	bool is_closed;
	struct codec_output *next;
};

/* [any thread] What is not allowed fails the case. */
struct codec_outputs {
	struct vm_outputs vm; /* first */
	struct contract *t;
	pthread_mutex_t lock;
	struct codec_output *first;
	uint64_t written;   /* by all of them */
	uint64_t fail_from; /* a write that goes beyond so many bytes fails; UINT64_MAX: none */
	bool open_fails, close_fails;
};

void codec_outputs_begin(struct contract *t, struct codec_outputs *outputs);
/* How many were closed; each is checked to have something in it. */
unsigned codec_outputs_closed(const struct codec_outputs *outputs);
/* [one thread] Ends with the case, but a case of many runs gives back what one of them wrote. */
void codec_outputs_end(struct codec_outputs *outputs);

/* One JSON object being collected. */
struct codec_json {
	struct vm_sink sink; /* first */
	struct contract *t;
	char *text;
	size_t length;
};

#define CODEC_JSON_MAX (1 << 20)

void codec_json_begin(struct contract *t, struct codec_json *json);
/* The member of that name, -1 where there is none; fails the case when it is no JSON object. */
int64_t codec_json_number(const struct codec_json *json, const char *what, const char *name);

/* Runs the plugin on a source; the status, already judged as an answer. */
int codec_run(const struct codec *c, struct codec_source *source, struct codec_outputs *outputs,
              const struct vm_limits *limits, const struct vm_call *call, struct vm_error *err);
/* Probes the source, which must succeed: its duration, 0 when the container does not say. */
uint64_t codec_duration_ms(const struct codec *c, struct codec_source *source);

extern const struct vm_limits codec_no_limits;

#endif
