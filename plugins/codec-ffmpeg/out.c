/* out.c - the host's outputs under the limit of bytes that all of them share. */
#include "out.h"

#include <stdlib.h>
#include <string.h>

void out_init(struct out *out, const struct vm_codec_job *job)
{
	out->outputs = job->outputs;
	out->limit = job->limits->output_bytes;
	atomic_init(&out->bytes, 0);
}

int out_append(struct out *out, struct vm_output *output, const void *bytes, size_t length,
               struct vm_error *err)
{
	uint64_t before = atomic_fetch_add(&out->bytes, length);

	if (out->limit != 0 && (before > out->limit || length > out->limit - before))
		return vm_fail(err, VM_ERR_LIMIT,
		               "policy.limits.output_bytes: more than the %llu that are allowed",
		               (unsigned long long)out->limit);
	return output->sink.write(&output->sink, bytes, length, err);
}

int out_put(struct out *out, const char *name, const char *content_type, const void *bytes,
            size_t length, struct vm_error *err)
{
	struct vm_output_want want = {.name = name, .content_type = content_type};
	struct vm_output *output;
	int status = out->outputs->open(out->outputs, &want, &output, err);

	if (status == VM_OK)
		status = out_append(out, output, bytes, length, err);
	return status == VM_OK ? output->close(output, err) : status;
}

int out_put_text(struct out *out, const char *name, const char *content_type, char *text,
                 struct vm_error *err)
{
	int status = text == NULL ? vm_fail_memory(err)
	                          : out_put(out, name, content_type, text, strlen(text), err);

	free(text);
	return status;
}
