/* folder.h - outputs into a folder, held to the contract of the ABI. */
#ifndef TESTS_CODEC_FFMPEG_FOLDER_H
#define TESTS_CODEC_FFMPEG_FOLDER_H

#include <pthread.h>

#include <vidmill/codec.h>

/* A folder. Holds the plugin to the contract of vm_output: what breaks it fails the test. */
struct folder_outputs {
	struct vm_outputs outputs;
	char path[256];
	pthread_mutex_t lock;
	unsigned closed;
	uint64_t bytes_max; /* then writing fails as on a full disk; 0: it never does */
	uint64_t bytes;
	struct file_output *open; /* a list */
	char log[1 << 16];        /* the names in the order in which they were closed, a line each */
};

void folder_outputs_init(struct folder_outputs *folder, const char *path);

/* What was not closed is dropped, as a host does after run. */
void folder_outputs_drop(struct folder_outputs *folder);

#endif
