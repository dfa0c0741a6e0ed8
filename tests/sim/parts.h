/* parts.h - the simulated store, queues, storage and compute that all processes share. */
#ifndef TESTS_SIM_PARTS_H
#define TESTS_SIM_PARTS_H

#include "plugin/load.h"
#include "video/manifest.h"
#include "video/message.h"
#include "world.h"

extern struct plugin sim_meta, sim_storage, sim_queue_unprocessed, sim_queue_processed, sim_compute;

/*
 * Begins an operation of the process that calls: takes some time, may kill the
 * process, may fail before the effect. VM_OK: go on. `call` may be NULL.
 */
int part_begin(const char *what, struct vm_error *err);
/* Ends it: the effect has happened, and the answer may get lost (or the process be killed). */
int part_end(const char *what, struct vm_error *err);

/* create and destroy of a part that is one for all processes: there is nothing to make. */
int part_create(const struct vm_host *host, const void *config, void **self, struct vm_error *err);
void part_destroy(void *self);

/* part_meta.c: what the checker and the clients of the simulation may look at. */
typedef void document_fn(const struct video *video);
void documents_each(document_fn *visit);
bool document_find(const char *id, struct video *out);

/* part_storage.c */
struct object {
	char key[256];
	char *bytes;
	size_t length;
	uint64_t etag;
	struct object *next;
};
extern struct object *objects;
const struct object *object_find(const char *key);
void object_etag(const struct object *object, char etag[VM_ETAG_MAX]);
int object_put(const char *key, const void *bytes, size_t length, bool if_absent,
               struct vm_error *err);

/* part_queue.c */
uint64_t queue_messages(const struct plugin *queue); /* not dead */
bool queue_has_letter(const char *video); /* among the dead ones of the unprocessed queue */
/* An event of that epoch could be received since before then, and never was. */
bool queue_has_unread_event(const char *video, uint64_t epoch, int64_t before_ms);
/* One was received and is not done with: by a server that pauses, was killed or is at it. */
bool queue_has_event_in_hand(const char *video, uint64_t epoch);
int queue_send_text(struct plugin *queue, const char *text, struct vm_error *err);
/* By receipt, as a worker does. */
int queue_extend_receipt(struct plugin *queue, const char *receipt, int64_t visibility_ms,
                         struct vm_error *err);
int queue_remove_receipt(struct plugin *queue, const char *receipt, struct vm_error *err);
/* A service that loses a message, as none should. */
void queue_lose_one(struct plugin *queue);

/* part_compute.c */
struct task {
	char token[65];
	struct process *process; /* NULL: never started */
	int64_t starts_ms;
	bool refused;    /* for want of room, at least once */
	bool declined;   /* for another reason, at least once */
	bool unanswered; /* a start whose answer nobody got */
	bool excused;    /* compute or a queue has misbehaved: anything may be thought of it */
	struct task *next;
};
const struct task *task_find(const char *token); /* or NULL */
void task_excuse(const char *video, uint64_t generation, uint64_t epoch);
struct process *task_process_any(void); /* one that lives; or NULL */

/* worker.c: what compute starts. */
void worker_start(struct process *process, const struct job *job);

#endif
