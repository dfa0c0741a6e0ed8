/* codec_fault.c - sources that are no media, that fail and that never end. */
#include <string.h>

#include "codec_kit.h"
#include "suites.h"

static void expect_no_media(const struct codec *c, const void *bytes, size_t length)
{
	struct codec_source source;
	struct codec_outputs outputs;
	struct codec_json json;
	struct vm_error err;

	codec_source_begin(c->t, &source, bytes, length);
	codec_json_begin(c->t, &json);
	expect_status(c->t, VM_ERR_BAD_DATA, &err,
	              c->ops->probe(c->self, &source.vm, &codec_no_limits, &json.sink, NULL, &err));
	codec_outputs_begin(c->t, &outputs);
	expect_status(c->t, VM_ERR_BAD_DATA, &err,
	              codec_run(c, &source, &outputs, &codec_no_limits, NULL, &err));
	expect(c->t, codec_outputs_closed(&outputs) == 0, "an output was made of what is no media");
	codec_outputs_end(&outputs);
}

static void garbage(struct contract *t)
{
	struct codec c = codec_open(t);

	for (unsigned seed = 1; seed <= 5; seed++)
		expect_no_media(&c, contract_bytes(t, 65536, seed), 65536);
	expect_no_media(&c, "one byte", 1);
	expect_no_media(&c, "no media, only text\n", 20);
}

static void empty_source(struct contract *t)
{
	struct codec c = codec_open(t);

	expect_no_media(&c, "", 0);
}

/* Whatever it makes of a source that ends early: it ends itself, in good order. */
static void truncated(struct contract *t)
{
	struct codec c = codec_open(t);
	struct codec_source whole;

	codec_sample(&c, &whole);
	for (uint64_t part = 1; part <= 8; part++) {
		struct codec_source source;
		struct codec_outputs outputs;
		struct vm_error err;
		int status;

		codec_source_begin(t, &source, whole.bytes, whole.vm.bytes * part / 9);
		codec_outputs_begin(t, &outputs);
		status = codec_run(&c, &source, &outputs, &codec_no_limits, NULL, &err);
		expect(t, status == VM_OK || status == VM_ERR_BAD_DATA || status == VM_ERR_UNSUPPORTED,
		       "%llu of %llu bytes: expected ok, bad data or unsupported, answered %s: %s",
		       (unsigned long long)source.vm.bytes, (unsigned long long)whole.vm.bytes,
		       contract_status_name(status), err.message);
		codec_outputs_end(&outputs);
	}
}

static void source_fails(struct contract *t)
{
	struct codec c = codec_open(t);
	struct codec_source source;

	codec_sample(&c, &source);
	for (uint64_t part = 0; part <= 2; part++) {
		struct codec_outputs outputs;
		struct vm_error err;

		source.fail_from = source.vm.bytes * part / 3;
		codec_outputs_begin(t, &outputs);
		/* The source is not bad: it cannot be reached, and another try may succeed. */
		expect_status(t, VM_ERR_UNAVAILABLE, &err,
		              codec_run(&c, &source, &outputs, &codec_no_limits, NULL, &err));
		codec_outputs_end(&outputs);
	}
}

static void outputs_fail(struct contract *t)
{
	struct codec c = codec_open(t);
	struct codec_source source;
	uint64_t written = 0;

	codec_sample(&c, &source);
	for (int way = 0; way < 5; way++) {
		struct codec_outputs outputs;
		struct vm_error err;

		codec_outputs_begin(t, &outputs);
		outputs.open_fails = way == 1;
		outputs.close_fails = way == 2;
		if (way == 3)
			outputs.fail_from = 0;
		if (way == 4)
			outputs.fail_from = written / 2;
		expect_status(t, way == 0 ? VM_OK : VM_ERR_UNAVAILABLE, &err,
		              codec_run(&c, &source, &outputs, &codec_no_limits, NULL, &err));
		written = way == 0 ? outputs.written : written;
		codec_outputs_end(&outputs);
	}
}

static void report_fails(struct contract *t)
{
	struct codec c = codec_open(t);
	struct codec_source source;
	struct codec_json json;
	struct vm_error err;

	codec_sample(&c, &source);
	codec_json_begin(t, &json);
	json.length = CODEC_JSON_MAX; /* full */
	expect_status(t, VM_ERR_LIMIT, &err,
	              c.ops->probe(c.self, &source.vm, &codec_no_limits, &json.sink, NULL, &err));
}

static void stuck_source(struct contract *t)
{
	struct codec c = codec_open(t);
	struct codec_source source;
	struct codec_outputs outputs;
	struct contract_call call;
	int64_t begin_ms;
	struct vm_error err;

	codec_sample(&c, &source);
	source.is_stuck = true;
	codec_outputs_begin(t, &outputs);
	contract_call_begin(t, &call, 200, CONTRACT_NEVER);
	begin_ms = contract_now_ms();
	expect_status(t, VM_ERR_CANCELLED, &err,
	              codec_run(&c, &source, &outputs, &codec_no_limits, &call.vm, &err));
	expect(t, contract_now_ms() - begin_ms < 200 + CONTRACT_PROMPT_MS,
	       "cancelled after 200 ms, run returned after %lld",
	       (long long)(contract_now_ms() - begin_ms));
	contract_call_end(&call);
	codec_outputs_end(&outputs);
}

/* At any moment of a run: before it began, and on its way. */
static void cancelled(struct contract *t)
{
	struct codec c = codec_open(t);

	for (uint64_t after_ms = 0; after_ms < 200; after_ms = 2 * after_ms + 5) {
		struct codec_source source;
		struct codec_outputs outputs;
		struct contract_call call;
		int64_t begin_ms;
		struct vm_error err;
		int status;

		codec_sample(&c, &source);
		codec_outputs_begin(t, &outputs);
		contract_call_begin(t, &call, after_ms, CONTRACT_NEVER);
		begin_ms = contract_now_ms();
		status = codec_run(&c, &source, &outputs, &codec_no_limits, &call.vm, &err);
		expect(t, status == VM_ERR_CANCELLED || (status == VM_OK && after_ms > 0),
		       "cancelled after %llu ms, run answered %s", (unsigned long long)after_ms,
		       contract_status_name(status));
		expect(t,
		       status == VM_OK ||
		           contract_now_ms() - begin_ms < (int64_t)after_ms + CONTRACT_PROMPT_MS,
		       "cancelled after %llu ms, run returned after %lld", (unsigned long long)after_ms,
		       (long long)(contract_now_ms() - begin_ms));
		contract_call_end(&call);
		codec_outputs_end(&outputs);
	}
}

const struct contract_case codec_fault_cases[] = {
    {"garbage", "VM_ERR_BAD_DATA when this is no media.", garbage},
    {"empty-source", "VM_ERR_BAD_DATA when there is nothing at all.", empty_source},
    {"truncated", "A source that ends early costs its own job, nothing else.", truncated},
    {"source-fails", "A status of the source is returned unchanged: it is not bad data.",
     source_fails},
    {"outputs-fail", "A status of a sink must be returned by the operation unchanged.",
     outputs_fail},
    {"report-fails", "A status of a sink must be returned by the operation unchanged: probe's.",
     report_fails},
    {"stuck-source", "An operation returns within one second of its cancellation.", stuck_source},
    {"run-cancelled", "Cancelled before it began or on its way: within one second.", cancelled},
    {NULL, NULL, NULL},
};
