/* verdict.h - why an attempt failed: from what happened, and where, to an error class. */
#ifndef WORKER_VERDICT_H
#define WORKER_VERDICT_H

#include "pipeline/settings.h"
#include "video/video.h"

struct verdict {
	enum error_class error;
	bool transient; /* another attempt may do better */
	char reason[VIDEO_REASON_MAX];
};

/* Where an error came from. */
enum fault_place {
	FAULT_SOURCE = 1, /* reading what was uploaded */
	FAULT_INPUT = 2,  /* reading an output of an earlier stage */
	FAULT_OUTPUT = 3, /* storing outputs and manifest */
	FAULT_CODEC = 4,  /* what the codec plugin itself said */
	FAULT_HOST = 5    /* the worker's own means: processes, threads, memory */
};

void verdict_of_error(enum fault_place place, const struct vm_error *error, struct verdict *out);

/* What the kernel and the worker know of a codec child that is gone. */
struct child_end {
	int wait_status; /* as of waitpid */
	bool killed;     /* by this worker */
	uint64_t cpu_ms;
	uint64_t memory_most; /* resident bytes, at the worst moment */
	uint64_t address_most;
	uint64_t threads_most;
	bool starved; /* an allocation was refused, as the codec itself says */
};

/* The budget that a child was given; 0: none. */
struct child_budget {
	uint64_t cpu_ms;
	uint64_t memory_bytes;  /* as the pipeline says */
	uint64_t address_bytes; /* what the kernel was told */
	uint64_t threads;
};

/*
 * Whether the child ended because it had used up what it was given. That is
 * judged from what it used, never from what the decoder says: one that gets no
 * memory calls the file damaged.
 */
bool verdict_of_budget(const struct child_end *end, const struct child_budget *budget,
                       struct verdict *out);

/* A child that ended, or was ended, without an answer. `last_words` may be empty. */
void verdict_of_death(const struct child_end *end, const char *plugin, const char *last_words,
                      struct verdict *out);

/* Filled by hand where neither fits. */
void verdict_set(struct verdict *out, enum error_class error, bool transient, const char *format,
                 ...) VM_PRINTF(4, 5);

#endif
