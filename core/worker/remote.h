/* remote.h - source, outputs and sinks of a codec plugin, all of them at its worker. */
#ifndef WORKER_REMOTE_H
#define WORKER_REMOTE_H

#include <vidmill/codec.h>

#include "worker/link.h"

struct remote_source {
	struct vm_source vm; /* first */
	struct link *link;
};

struct remote_output;

struct remote_outputs {
	struct vm_outputs vm; /* first */
	struct link *link;
	pthread_mutex_t lock;
	struct remote_output *first; /* that are open */
};

struct remote_report {
	struct vm_sink vm; /* first */
	struct link *link;
};

void remote_source_init(struct remote_source *source, struct link *link, uint64_t bytes);
void remote_outputs_init(struct remote_outputs *outputs, struct link *link);
/* Forgets those that were not closed. */
void remote_outputs_finish(struct remote_outputs *outputs);
void remote_report_init(struct remote_report *report, struct link *link);

#endif
