/* source.h - the text of a pipeline file with its includes in place, and where each line stood. */
#ifndef PIPELINE_SOURCE_H
#define PIPELINE_SOURCE_H

#include "support/buffer.h"
#include "support/diagnostics.h"
#include "support/hash.h"

/* All files together. Nobody writes more by hand, and an include that multiplies ends here. */
#define SOURCE_BYTES_MAX (1u << 20)
#define SOURCE_FILES_MAX 64

struct source_file {
	char *path; /* as messages say it */
	struct buffer bytes;
};

struct source_line {
	unsigned file; /* index into files */
	unsigned line;
};

/* A zeroed one is empty. */
struct source {
	struct source_file files[SOURCE_FILES_MAX]; /* the first one is the pipeline file itself */
	unsigned n_files;
	struct hash *hash;  /* of the files' bytes, in the order of files */
	struct buffer text; /* for libconfig */
	struct source_line *lines;
	size_t n_lines; /* of text; the last one is still being written */
};

int source_init(struct source *source, struct vm_error *err);
void source_finish(struct source *source);

/* Reads one more file, whose path is used as it is. VM_ERR_CONFIG says why it cannot be read. */
int source_add_file(struct source *source, const char *path, struct vm_error *err);

/* Says where the text's last line comes from. Each line must be told of. */
int source_begin_line(struct source *source, unsigned file, unsigned line, struct vm_error *err);

/* Where a line of the text, counted from 1, came from. */
const char *source_place(const struct source *source, unsigned text_line, unsigned *line);

#endif
