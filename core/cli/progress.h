/* progress.h - how far something is, drawn on a terminal and told in plain lines elsewhere. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdio.h>

#include <vidmill/base.h>

/* Zeroed but for `out`. [one thread] */
struct progress {
	FILE *out;
	bool is_terminal, is_drawn;
	int64_t told_ms; /* when something was drawn or written last */
	char label[128]; /* of what was told last */
};

void progress_init(struct progress *progress, FILE *out);

/*
 * `label` is what is being done, `detail` what there is to add ("12.3 MB/s"; may
 * be ""). `done` of `total`; total 0: not known. A terminal gets a bar, at most
 * ten times a second; elsewhere a line when the label changes and every ten
 * seconds.
 */
void progress_show(struct progress *progress, const char *label, uint64_t done, uint64_t total,
                   const char *detail);

/* Takes a bar away, so that something else can be written. */
void progress_clear(struct progress *progress);

/* "1.2 MB"; returns text. */
#define PROGRESS_TEXT_MAX 32
const char *progress_bytes(uint64_t bytes, char text[PROGRESS_TEXT_MAX]);

#endif
