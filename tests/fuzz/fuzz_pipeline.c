/* fuzz_pipeline.c - any bytes are a pipeline file: it is read whole or told why not. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../unit/pipeline/fake_plugins.h"
#include "fuzz/fuzz.h"
#include "pipeline/pipeline.h"

/* libconfig 1.5 forgets the text that it was reading when it stops at a syntax error. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig.so\n";
}

/* In a file without a name; an include is looked for beside it, where there is none. */
static int write_file(const uint8_t *bytes, size_t length)
{
	int fd = memfd_create("pipeline", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
		abort();
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct plugins plugins = {0};
	struct pipeline *pipeline = NULL;
	struct diagnostics found = {0};
	char path[64];
	int fd = write_file(bytes, length);

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	pipeline_read(path, &plugins, &pipeline, &found);
	if ((pipeline == NULL) != (found.errors > 0))
		abort();
	if (pipeline != NULL)
		pipeline_check_plugins(pipeline, &found);
	pipeline_destroy(pipeline);
	diagnostics_finish(&found);
	close(fd);
	return 0;
}
