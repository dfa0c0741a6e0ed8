/* probe.c - the codec's probe operation. */
#include "probe.h"

#include "codec.h"
#include "describe.h"

int probe_source(void *self, struct vm_source *source, const struct vm_limits *limits,
                 struct vm_sink *json, const struct vm_call *call, struct vm_error *err)
{
	const struct codec *codec = self;
	struct log log;
	struct input input;
	int status;

	log_init(&log, codec->host);
	status = input_open(&input, source, limits, &log, call, err);
	if (status == VM_OK)
		status = describe_write(describe_source(&input), json, err);
	input_finish(&input);
	log_finish(&log);
	return status;
}
