/* outputs.h - an uploader over a fake store, and outputs whose bytes tell their offset. */
#ifndef TESTS_WORKER_OUTPUTS_H
#define TESTS_WORKER_OUTPUTS_H

#include "fake_store.h"
#include "worker/uploader.h"

#define MIB (1u << 20)
#define PREFIX "processed/v/1-1-n/"

struct uploading {
	struct fake_store *store;
	struct instance *instance;
	struct cancel *cancel;
	struct uploader *uploader;
};

extern struct uploading up;

/* A checked fixture. */
void outputs_setup(void);
void outputs_teardown(void);
/* With other limits. */
void outputs_recreate(size_t memory_bytes, uint64_t output_bytes_most);

struct output *outputs_open(const char *name, uint64_t head_bytes);
/* Writes the bytes of these offsets, `step` at a time. */
int outputs_write(struct output *output, uint64_t from, uint64_t to, size_t step,
                  struct vm_error *err);

/* An object of this name and length is there, and listed with its hash. */
void outputs_check_stored(const char *name, uint64_t bytes);
/* Its bytes of these offsets are as written. */
void outputs_check_bytes(const char *name, uint64_t from, uint64_t to);

#endif
