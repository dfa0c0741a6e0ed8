/* parts.h - a pipeline of fakes, and the codec child that belongs to it. */
#ifndef TESTS_WORKER_PARTS_H
#define TESTS_WORKER_PARTS_H

#include "fake_queue.h"
#include "fake_store.h"
#include "worker/work.h"

#define TEST_HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TEST_VIDEO "00112233445566778899aabbccddeeff"
#define TEST_SOURCE "unprocessed/" TEST_VIDEO "/source"

struct parts {
	struct fake_store *store;
	struct fake_queue *tasks, *events;
	struct role storage, unprocessed, processed;
	struct stage stages[2];
	struct pipeline pipeline;
	struct job job;
	struct cancel *stop;
	struct patience patience;
};

/* With one stage of this name, which says how the codec child behaves. */
void parts_init(struct parts *parts, const char *stage);
void parts_finish(struct parts *parts);
/* A source of so many bytes. */
void parts_fill(struct parts *parts, size_t bytes);
enum work_end parts_run(struct parts *parts, struct vm_error *err);

/* In main: becomes the codec child when that is what was started, and does not return then. */
void parts_become_child(int argc, char **argv);

#endif
