/* pipeline.h - one pipeline file, checked: five kinds of plugin, the stages, the policy. */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "pipeline/settings.h"
#include "plugin/load.h"
#include "support/diagnostics.h"

/* One place where the file names a plugin: "storage.unprocessed", "compute", "stages.web". */
struct role {
	char *name;
	const char *plugin_name;
	const struct plugin *plugin; /* NULL: this reader leaves it to another process */
	const void *config;          /* what its options filled; borrowed by instances */
	const char *file; /* where it is written: the pipeline file or one that it includes */
	unsigned line;
};

struct stage {
	char *name;        /* outputs lie under it */
	char *from_stage;  /* NULL: reads the source */
	char *from_output; /* "1080p.mp4" of "web/1080p.mp4" */
	struct role role;
	unsigned line;
};

/*
 * A storage that the file writes once stands in both places: then both pointers
 * are equal and one instance serves both. A queue that the file writes once is
 * still two roles, of the same plugin and config: two queues told apart by name.
 */
struct pipeline {
	char *path; /* as given */
	/* SHA-256 of the file's bytes and of what it includes: a worker's must be the server's. */
	char hash[65];
	char *name;
	struct role *storage_unprocessed, *storage_processed;
	struct role *queue_unprocessed, *queue_processed;
	struct role *compute, *meta;
	struct stage *stages;
	size_t n_stages;
	struct policy policy;
	struct server_settings server;
	struct option_memory *memory; /* all that the above points at */
};

/*
 * Who reads the file. A worker holds no credential of the database and the codec
 * child none at all, so secrets are resolved for their reader only, and what a
 * reader has no use for is left NULL or zero. A codec's code and all that it is
 * linked with is opened by the server and by the child, which is locked in: never
 * by a worker, which has the storage's credentials and a start to be quick at.
 */
enum pipeline_reader {
	PIPELINE_SERVER = 1, /* everything */
	PIPELINE_WORKER = 2, /* storage, queue, policy, and of the stages all but their plugins */
	PIPELINE_CODEC = 3   /* stages, policy */
};

/*
 * Reads, checks and binds a file for PIPELINE_SERVER; loads no code, touches no
 * network. Everything wrong goes to `found`; *out is written when there was no
 * error. A plugin that is not there is one error and the rest of the file is
 * checked all the same.
 */
void pipeline_read(const char *path, struct plugins *plugins, struct pipeline **out,
                   struct diagnostics *found);
void pipeline_read_as(enum pipeline_reader reader, const char *path, struct plugins *plugins,
                      struct pipeline **out, struct diagnostics *found);

/*
 * Calls load and check ("rules across options") of every plugin that this reader
 * has opened; errors go to `found`.
 */
void pipeline_check_plugins(const struct pipeline *pipeline, struct diagnostics *found);

void pipeline_destroy(struct pipeline *pipeline); /* accepts NULL; wipes secrets */

/* NULL when there is no such stage. */
const struct stage *pipeline_find_stage(const struct pipeline *pipeline, const char *name);

/* The file to use when none is named: pipelines/local.cfg beside the installed program. */
int pipeline_default_path(char *path, size_t size, struct vm_error *err);

#endif
