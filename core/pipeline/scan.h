/* scan.h - what is done to a pipeline file before libconfig reads it. */
#ifndef PIPELINE_SCAN_H
#define PIPELINE_SCAN_H

#include "pipeline/source.h"

/* How the name of a setting begins that stood there already; libconfig would stop at it. */
#define SCAN_TWICE "*twice-"

/*
 * Fills source->text from the file `path`, in such a way that libconfig 1.5 goes
 * wrong nowhere: includes are put in (relative to the file that has them),
 * integers of more than 32 bits are marked so, for it would cut them silently,
 * and a setting given twice gets a name of its own, for it would read no
 * further. False when a file could not be read. All that is wrong goes to
 * `found`, with its file and line.
 */
bool scan_file(struct source *source, const char *path, struct diagnostics *found);

#endif
