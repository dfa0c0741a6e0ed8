/* codec_kit.c - running a codec as the host does, all in memory. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec_kit.h"
#include "sample.h"

const struct vm_limits codec_no_limits = {.size = sizeof codec_no_limits};

struct codec codec_open(struct contract *t)
{
	return (struct codec){.t = t, .ops = t->plugin->ops.codec, .self = contract_create(t)};
}

static int read_at(struct vm_source *vm, uint64_t offset, void *buffer, size_t length, size_t *got,
                   const struct vm_call *call, struct vm_error *err)
{
	struct codec_source *source = (struct codec_source *)vm;
	size_t rest = offset < vm->bytes ? (size_t)(vm->bytes - offset) : 0;
	size_t count = length < rest ? length : rest;

	if (source->is_stuck) {
		while (!vm_call_cancelled(call))
			contract_sleep_ms(5);
		return vm_fail(err, VM_ERR_CANCELLED, "read the source: cancelled");
	}
	if (offset + length > source->fail_from)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "read the source: the suite says no");
	if (count > 0)
		memcpy(buffer, source->bytes + offset, count);
	atomic_fetch_add(&source->read_bytes, count);
	*got = count;
	return VM_OK;
}

void codec_source_begin(struct contract *t, struct codec_source *source, const void *bytes,
                        uint64_t length)
{
	memset(source, 0, sizeof *source);
	source->vm.bytes = length;
	source->vm.read_at = read_at;
	source->t = t;
	source->bytes = bytes;
	source->fail_from = UINT64_MAX;
}

static unsigned char *read_file(struct contract *t, const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	unsigned char *bytes;
	long end;

	expect(t, file != NULL, "the sample %s: %s", path, strerror(errno));
	expect(t, fseek(file, 0, SEEK_END) == 0 && (end = ftell(file)) > 0, "the sample %s is empty",
	       path);
	rewind(file);
	*length = (size_t)end;
	bytes = contract_alloc(t, *length);
	expect(t, fread(bytes, 1, *length, file) == *length, "the sample %s cannot be read", path);
	fclose(file);
	return bytes;
}

void codec_sample(const struct codec *c, struct codec_source *source)
{
	struct contract *t = c->t;
	struct codec_json json;
	struct vm_error err;
	unsigned char *bytes;
	size_t length;

	if (t->plan->sample != NULL)
		bytes = read_file(t, t->plan->sample, &length);
	else
		bytes = sample_make(t, &length);
	codec_source_begin(t, source, bytes, length);
	if (t->plan->sample != NULL)
		return;
	codec_json_begin(t, &json);
	if (answer(t, &err,
	           c->ops->probe(c->self, &source->vm, &codec_no_limits, &json.sink, NULL, &err)) !=
	    VM_OK)
		contract_skip(t, "the plugin does not read the suite's own WAV (%s): give it a sample",
		              err.message);
}

static int collect(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	struct codec_json *json = (struct codec_json *)sink;

	if (length > CODEC_JSON_MAX - json->length)
		return vm_fail(err, VM_ERR_LIMIT, "the JSON is longer than %d bytes", CODEC_JSON_MAX);
	memcpy(json->text + json->length, bytes, length);
	json->length += length;
	return VM_OK;
}

void codec_json_begin(struct contract *t, struct codec_json *json)
{
	*json = (struct codec_json){.sink = {collect}, .t = t};
	json->text = contract_alloc(t, CODEC_JSON_MAX);
}

int64_t codec_json_number(const struct codec_json *json, const char *what, const char *name)
{
	json_error_t error;
	json_t *value = json_loadb(json->text, json->length, JSON_REJECT_DUPLICATES, &error);
	json_t *member;
	int64_t number = -1;

	expect(json->t, json_is_object(value), "%s is not one JSON object: %s", what,
	       value == NULL ? error.text : "another type");
	member = json_object_get(value, name);
	if (member != NULL) {
		expect(json->t, json_is_integer(member), "%s: %s is no integer", what, name);
		number = json_integer_value(member);
		expect(json->t, number >= 0, "%s: %s is negative", what, name);
	}
	json_decref(value);
	return number;
}

int codec_run(const struct codec *c, struct codec_source *source, struct codec_outputs *outputs,
              const struct vm_limits *limits, const struct vm_call *call, struct vm_error *err)
{
	struct codec_json report;
	struct vm_codec_job job = {
	    .size = sizeof job,
	    .threads = 2,
	    .source = &source->vm,
	    .outputs = &outputs->vm,
	    .limits = limits,
	    .report = &report.sink,
	};
	int status;

	codec_json_begin(c->t, &report);
	status = answer(c->t, err, c->ops->run(c->self, &job, call, err));
	if (status == VM_OK)
		codec_json_number(&report, "the report", "");
	return status;
}

uint64_t codec_duration_ms(const struct codec *c, struct codec_source *source)
{
	struct codec_json json;
	struct vm_error err;
	int64_t duration_ms;

	codec_json_begin(c->t, &json);
	expect_ok(c->t, &err,
	          c->ops->probe(c->self, &source->vm, &codec_no_limits, &json.sink, NULL, &err));
	duration_ms = codec_json_number(&json, "probe", "duration_ms");
	return duration_ms > 0 ? (uint64_t)duration_ms : 0;
}
