/* attempts.h - attempts over fakes, from their beginning to what must be true at their end. */
#ifndef TESTS_WORKER_ATTEMPTS_H
#define TESTS_WORKER_ATTEMPTS_H

#include "parts.h"
#include "video/manifest.h"

/* Of the attempt of this test's process. */
extern struct parts parts;
extern struct vm_error error;

/* A stage of this name, a source of so many bytes. */
void attempt_begin(const char *stage, size_t bytes);
/* Nothing is left behind: no child, no upload. */
void attempt_end(void);

/* A whole attempt that fails so, gives its message back and shows nothing. */
void attempt_check_failed(const char *stage, enum error_class class, bool transient,
                          const char *reason);

/* Runs until `progress` shows that the codec is in its middle, then is stopped. */
enum work_end attempt_run_and_stop(void);

bool attempt_has_manifest(void);
/* What is visible is complete: every listed object is there with its length and hash. */
void attempt_check_manifest(const struct video_result *result, struct manifest *manifest);

#endif
