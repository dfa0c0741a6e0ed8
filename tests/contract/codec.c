/* codec.c - a source probed, carried through and verified. */
#include <string.h>

#include "codec_kit.h"
#include "suites.h"

#define SILENCE_MOST_MS 10000

static void probe(struct contract *t)
{
	struct codec c = codec_open(t);
	struct codec_source source;

	codec_sample(&c, &source);
	codec_duration_ms(&c, &source);
	expect(t, atomic_load(&source.read_bytes) > 0, "probe succeeded without reading the source");
}

static void run(struct contract *t)
{
	struct codec c = codec_open(t);
	struct codec_source source;
	struct codec_outputs outputs;
	struct contract_call call;
	int64_t begin_ms = contract_now_ms();
	struct vm_error err;

	codec_sample(&c, &source);
	codec_outputs_begin(t, &outputs);
	contract_call_begin(t, &call, CONTRACT_NEVER, CONTRACT_NEVER);
	expect_ok(t, &err, codec_run(&c, &source, &outputs, &codec_no_limits, &call.vm, &err));
	expect(t, codec_outputs_closed(&outputs) > 0, "run succeeded and closed no output");
	/* How often is not promised, only that a long silence is none. */
	expect(t,
	       atomic_load(&call.progress_calls) > 0 || contract_now_ms() - begin_ms < SILENCE_MOST_MS,
	       "run told no progress for %d s: it is also a sign of life", SILENCE_MOST_MS / 1000);
	expect(t, atomic_load(&call.total) == 0 || atomic_load(&call.done) <= atomic_load(&call.total),
	       "progress told %llu of %llu", atomic_load(&call.done), atomic_load(&call.total));
	contract_call_end(&call);
	codec_outputs_end(&outputs);
}

static void run_again(struct contract *t)
{
	struct codec c = codec_open(t);
	unsigned first = 0;

	for (int i = 0; i < 2; i++) {
		struct codec_source source;
		struct codec_outputs outputs;
		struct vm_error err;

		codec_sample(&c, &source);
		codec_outputs_begin(t, &outputs);
		expect_ok(t, &err, codec_run(&c, &source, &outputs, &codec_no_limits, NULL, &err));
		if (i == 0)
			first = codec_outputs_closed(&outputs);
		expect(t, codec_outputs_closed(&outputs) == first,
		       "the same source gave %u outputs, then %u", first, codec_outputs_closed(&outputs));
		codec_outputs_end(&outputs);
	}
}

static int verify(const struct codec *c, const struct codec_output *output, const void *bytes,
                  size_t length, uint64_t duration_ms, struct vm_error *err)
{
	struct codec_source again;
	struct codec_json json;
	int status;

	codec_source_begin(c->t, &again, bytes, length);
	codec_json_begin(c->t, &json);
	status = answer(c->t, err,
	                c->ops->verify(c->self, output->name, output->content_type, &again.vm,
	                               duration_ms, &json.sink, NULL, err));
	if (status == VM_OK)
		codec_json_number(&json, "verify", "");
	return status;
}

static void verify_all(struct contract *t)
{
	struct codec c = codec_open(t);
	struct codec_source source;
	struct codec_outputs outputs;
	uint64_t duration_ms;
	struct vm_error err;

	codec_sample(&c, &source);
	duration_ms = codec_duration_ms(&c, &source);
	codec_outputs_begin(t, &outputs);
	expect_ok(t, &err, codec_run(&c, &source, &outputs, &codec_no_limits, NULL, &err));
	for (const struct codec_output *output = outputs.first; output != NULL; output = output->next) {
		if (!output->is_closed)
			continue;
		expect(t, verify(&c, output, output->bytes, output->length, duration_ms, &err) == VM_OK,
		       "verify %s, which run has just made: %s", output->name, err.message);
	}
	codec_outputs_end(&outputs);
}

static void verify_damaged(struct contract *t)
{
	struct codec c = codec_open(t);
	const unsigned char *garbage = contract_bytes(t, 4096, 1);
	struct codec_source source;
	struct codec_outputs outputs;
	uint64_t duration_ms;
	struct vm_error err;

	codec_sample(&c, &source);
	duration_ms = codec_duration_ms(&c, &source);
	codec_outputs_begin(t, &outputs);
	expect_ok(t, &err, codec_run(&c, &source, &outputs, &codec_no_limits, NULL, &err));
	for (const struct codec_output *output = outputs.first; output != NULL; output = output->next) {
		if (!output->is_closed)
			continue;
		expect(t, verify(&c, output, "", 0, duration_ms, &err) == VM_ERR_BAD_DATA,
		       "verify took an empty %s for what it should be, or answered another status",
		       output->name);
		expect(t, verify(&c, output, garbage, 4096, duration_ms, &err) == VM_ERR_BAD_DATA,
		       "verify took garbage for %s, or answered another status", output->name);
	}
	codec_outputs_end(&outputs);
}

static void limits(struct contract *t)
{
	struct codec c = codec_open(t);
	struct vm_limits duration = codec_no_limits;
	struct vm_limits bytes = codec_no_limits;
	struct codec_source source;
	struct codec_outputs outputs;
	uint64_t duration_ms;
	struct vm_error err;

	codec_sample(&c, &source);
	duration_ms = codec_duration_ms(&c, &source);
	bytes.output_bytes = 1;
	codec_outputs_begin(t, &outputs);
	expect_status(t, VM_ERR_LIMIT, &err, codec_run(&c, &source, &outputs, &bytes, NULL, &err));
	codec_outputs_end(&outputs);
	if (duration_ms < 2)
		contract_skip(t, "the container does not say its duration");

	duration.duration_ms = duration_ms / 2;
	codec_outputs_begin(t, &outputs);
	expect_status(t, VM_ERR_LIMIT, &err, codec_run(&c, &source, &outputs, &duration, NULL, &err));
	codec_outputs_end(&outputs);
	/* The other side of the limit. A stream may be a little longer than its container says. */
	duration.duration_ms = duration_ms + 1000;
	codec_outputs_begin(t, &outputs);
	expect_ok(t, &err, codec_run(&c, &source, &outputs, &duration, NULL, &err));
	codec_outputs_end(&outputs);
}

static void probe_limits(struct contract *t)
{
	struct codec c = codec_open(t);
	struct vm_limits duration = codec_no_limits;
	struct codec_source source;
	struct codec_json json;
	uint64_t duration_ms;
	struct vm_error err;

	codec_sample(&c, &source);
	duration_ms = codec_duration_ms(&c, &source);
	if (duration_ms < 2)
		contract_skip(t, "the container does not say its duration");
	duration.duration_ms = duration_ms / 2;
	codec_json_begin(t, &json);
	expect_status(t, VM_ERR_LIMIT, &err,
	              c.ops->probe(c.self, &source.vm, &duration, &json.sink, NULL, &err));
}

const struct contract_case codec_cases[] = {
    {"probe", "Writes one JSON object; duration_ms is an integer, or absent.", probe},
    {"run", "Makes the outputs that the instance's options name; progress is a sign of life.", run},
    {"run-again", "An instance runs any number of jobs, one after the other.", run_again},
    {"verify", "Opens a finished output again and says that it is what it should be.", verify_all},
    {"verify-damaged", "Opens a finished output again and says that it is not.", verify_damaged},
    {"limits", "A plugin ends with VM_ERR_LIMIT as soon as a limit is passed.", limits},
    {"probe-limits", "Probe ends with VM_ERR_LIMIT when it sees already what is too much.",
     probe_limits},
    {NULL, NULL, NULL},
};
