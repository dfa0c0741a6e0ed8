/* metrics.h - what Prometheus reads. */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include "server/server.h"
#include "support/buffer.h"

struct http_counts {
	uint64_t answered[6]; /* by the first digit of the status */
	unsigned active, uploads, streams;
};

/*
 * Appends the text of the exposition format, version 0.0.4. A place that does
 * not answer leaves its own numbers out and is told by vidmill_reachable: the
 * rest is worth more than none. [any thread, blocking]
 */
int metrics_write(struct server *server, const struct http_counts *http, struct buffer *out,
                  const struct vm_call *call, struct vm_error *err);

#endif
