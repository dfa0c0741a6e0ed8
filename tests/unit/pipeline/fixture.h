/* fixture.h - reads a pipeline file and gives back what was said about it. */
#ifndef TESTS_UNIT_PIPELINE_FIXTURE_H
#define TESTS_UNIT_PIPELINE_FIXTURE_H

#include "pipeline/pipeline.h"

struct fixture {
	struct plugins plugins;
	struct pipeline *pipeline; /* NULL: something was wrong */
	struct diagnostics found;
	char *said; /* all of it, as `vidmill check` prints it */
};

/* The current folder of the test becomes tests/data/pipeline. */
void fixture_enter_data(void);
/* The current folder becomes a new one, which fixture_leave_folder removes. */
void fixture_enter_folder(void);
void fixture_leave_folder(void);
void fixture_write(const char *name, const char *text);

/* Reads and lets the plugins check. */
void fixture_read(struct fixture *fixture, enum pipeline_reader reader, const char *path);
void fixture_finish(struct fixture *fixture);

/* Writes `text` to x.cfg and reads that. */
void fixture_read_text(struct fixture *fixture, const char *text);

#endif
