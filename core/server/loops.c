/* loops.c - what the loops share: waiting for a metadata store that does not answer. */
#include "server/loops.h"

#include "server/documents.h"
#include "support/call.h"
#include "support/log.h"
#include "support/retry.h"

bool loop_wait_for_meta(struct server *server, const struct cancel *until)
{
	struct vm_error err;
	struct video video;
	struct call call;

	for (unsigned n = 0; !cancel_triggered(until); n++) {
		int status;

		call_init(&call, until, LOOP_CALL_MS);
		status = document_read(server->places.meta, "reachable", &video, &call.vm, &err);
		if (status == VM_OK || status == VM_ERR_NOT_FOUND)
			return true;
		log_warning("the metadata store does not answer: %s", err.message);
		if (!cancel_sleep_ms(until, 100 + retry_backoff_ms(n, 500, 15000)))
			return false;
	}
	return false;
}
