/* fake_presign.c - a source in two halves, signed for nobody. */
#include "fake.h"

#include <stdio.h>

const char *fake_store_url = "http://store.example";

int fake_presign(void *self, const struct vm_presign *want, vm_request_fn *emit, void *ctx,
                 const struct vm_call *call, struct vm_error *err)
{
	static const char *const headers[] = {"If-None-Match: *", "Content-Type: video/mp4", NULL};
	char urls[2][128];
	struct vm_request first = {
	    .method = "PUT", .url = urls[0], .headers = headers, .part = 1, .bytes = want->bytes / 2};
	struct vm_request second = {.method = "PUT",
	                            .url = urls[1],
	                            .headers = headers,
	                            .part = 2,
	                            .offset = want->bytes / 2,
	                            .bytes = want->bytes - want->bytes / 2};

	(void)self, (void)call, (void)err;
	snprintf(urls[0], sizeof urls[0], "%s/1", fake_store_url);
	snprintf(urls[1], sizeof urls[1], "%s/2", fake_store_url);
	if (emit(ctx, &first) == VM_MORE)
		emit(ctx, &second);
	return VM_OK;
}
