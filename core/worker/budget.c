/* budget.c - gathers the bounds of a worker's parts, and says them. */
#include "worker/budget.h"

#include <string.h>
#include <unistd.h>

#include "support/log.h"
#include "worker/attempt.h"
#include "worker/reader.h"
#include "worker/requests.h"
#include "worker/sandbox.h"
#include "worker/spawn.h"

void budget_read(const struct pipeline *pipeline, struct budget_part parts[BUDGET_PARTS])
{
	const struct budget_part all[BUDGET_PARTS] = {
	    {"window of the source", reader_bytes_most()},
	    {"requests of the codec child", requests_bytes_most()},
	    {"outputs on their way, and copies of them", UPLOADER_MEMORY_BYTES},
	    {"hashing of outputs", uploader_hashing_bytes_most()},
	    {"lists of outputs", uploader_lists_bytes_most()},
	    {"reports of codecs, as text", stage_reports_bytes_most(pipeline)},
	};

	memcpy(parts, all, sizeof all);
}

void budget_tell(const struct pipeline *pipeline)
{
	const struct limit_settings *limits = &pipeline->policy.limits;
	struct budget_part parts[BUDGET_PARTS];
	uint64_t together = 0;

	budget_read(pipeline, parts);
	for (size_t i = 0; i < BUDGET_PARTS; i++) {
		together += parts[i].bytes;
		log_info("memory at the most: %s: %llu bytes", parts[i].name,
		         (unsigned long long)parts[i].bytes);
	}
	log_info("memory at the most: the worker's parts together: %llu bytes",
	         (unsigned long long)together);
	if (limits->memory_bytes == 0)
		log_info("memory at the most: a codec child: policy.limits.memory sets no limit");
	else
		log_info("memory at the most: a codec child: %llu bytes, of %llu bytes of addresses, in "
		         "%d threads",
		         (unsigned long long)limits->memory_bytes,
		         (unsigned long long)sandbox_address_bytes(limits->memory_bytes),
		         SANDBOX_THREADS_MOST);
}

void budget_tell_used(void)
{
	struct child self = {.pid = getpid()};

	child_measure(&self);
	log_info("memory at the most: this worker has used %llu bytes, with its libraries and plugins",
	         (unsigned long long)self.memory_most);
}
