/* loops.c - what the loops share: waiting for a metadata store that does not answer. */
#include "server/loops.h"

#include "server/documents.h"
#include "support/call.h"
#include "support/log.h"
#include "support/retry.h"

enum { BACKOFF_FIRST_MS = 500, BACKOFF_MOST_MS = 15000 };

uint64_t loop_rest_ms(struct loop_rest *rest, bool worked)
{
	rest->failures = worked ? 0 : rest->failures + 1;
	if (worked)
		return rest->pace_ms;
	return rest->pace_ms + retry_backoff_ms(rest->failures - 1, BACKOFF_FIRST_MS, BACKOFF_MOST_MS);
}

bool loop_wait_for_meta(struct server *server, const struct cancel *until)
{
	struct loop_rest rest = {.pace_ms = 100};
	struct vm_error err;
	struct video video;
	struct call call;

	while (!cancel_triggered(until)) {
		int status;

		call_init(&call, until, LOOP_CALL_MS);
		status = document_read(server->places.meta, "reachable", &video, &call.vm, &err);
		if (status == VM_OK || status == VM_ERR_NOT_FOUND)
			return true;
		log_warning("the metadata store does not answer: %s", err.message);
		if (!cancel_sleep_ms(until, loop_rest_ms(&rest, false)))
			return false;
	}
	return false;
}
