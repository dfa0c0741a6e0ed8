/* codec_escape.c - a codec that its source takes over: the file says what it tries. */

/*
 *   good               is copied, as an honest codec does
 *   escape NAME WORD   tries that escape, and is copied when it gets out
 *   write MIB          writes an output of that length
 *   forge NAME         says something else than the protocol to the worker
 *   sleep              waits until it is cancelled
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vidmill/plugin.h>

#include "escapes.h"
#include "forge.h"

enum { SOURCE_MOST = 1024 };

struct script {
	char text[SOURCE_MOST];
	char *verb, *name, *argument; /* in it, never NULL */
};

static char *next_word(char **rest)
{
	static char none[] = "";
	char *word = strsep(rest, " \n");

	return word != NULL ? word : none;
}

static int read_script(struct vm_source *source, struct script *script, const struct vm_call *call,
                       struct vm_error *err)
{
	size_t got = 0;
	char *rest = script->text;
	int status = source->read_at(source, 0, script->text, SOURCE_MOST - 1, &got, call, err);

	if (status != VM_OK)
		return status;
	script->text[got] = '\0';
	script->verb = next_word(&rest);
	script->name = next_word(&rest);
	script->argument = next_word(&rest);
	return VM_OK;
}

static int probe(void *self, struct vm_source *source, const struct vm_limits *limits,
                 struct vm_sink *json, const struct vm_call *call, struct vm_error *err)
{
	static const char answer[] = "{\"container\":\"escape\",\"duration_ms\":1000}";

	(void)self;
	(void)source;
	(void)limits;
	(void)call;
	return json->write(json, answer, sizeof answer - 1, err);
}

static int try_escape(const struct script *script, struct vm_error *err)
{
	const struct escape *escape = escape_find(script->name);

	if (escape == NULL)
		return vm_fail(err, VM_ERR_BAD_DATA, "no escape \"%s\"", script->name);
	errno = 0;
	if (escape->attempt(script->argument))
		return VM_OK;
	if (errno == ENOMEM || errno == EAGAIN)
		return vm_fail(err, VM_ERR_NO_MEMORY, "%s: %s", escape->name, strerror(errno));
	return vm_fail(err, VM_ERR_DENIED, "%s: refused: %s", escape->name, strerror(errno));
}

static int sleep_on(const struct vm_call *call, struct vm_error *err)
{
	do
		vm_call_progress(call, 1, 1000);
	while (call->table->sleep_ms(call, 300));
	return vm_call_check(call, "sleep", err);
}

static int write_output(const struct vm_codec_job *job, size_t mib, struct vm_error *err)
{
	static const unsigned char block[1 << 20];
	const struct vm_output_want want = {"copy.bin", "application/octet-stream", 0};
	struct vm_output *output;
	int status = job->outputs->open(job->outputs, &want, &output, err);

	for (; status == VM_OK && mib > 0; mib--)
		status = output->sink.write(&output->sink, block, sizeof block, err);
	return status == VM_OK ? output->close(output, err) : status;
}

static int run(void *self, const struct vm_codec_job *job, const struct vm_call *call,
               struct vm_error *err)
{
	struct script script;
	size_t mib = 1;
	int status = read_script(job->source, &script, call, err);

	(void)self;
	if (status != VM_OK)
		return status;
	if (strcmp(script.verb, "escape") == 0)
		status = try_escape(&script, err);
	else if (strcmp(script.verb, "forge") == 0)
		status = forge(script.name, err);
	else if (strcmp(script.verb, "sleep") == 0)
		status = sleep_on(call, err);
	else if (strcmp(script.verb, "write") == 0)
		mib = strtoul(script.name, NULL, 10);
	else if (strcmp(script.verb, "good") != 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "nothing that it knows");
	return status == VM_OK ? write_output(job, mib, err) : status;
}

static int verify(void *self, const char *name, const char *content_type, struct vm_source *output,
                  uint64_t source_ms, struct vm_sink *json, const struct vm_call *call,
                  struct vm_error *err)
{
	(void)self;
	(void)content_type;
	(void)output;
	(void)source_ms;
	(void)json;
	(void)call;
	return vm_fail(err, VM_ERR_UNSUPPORTED, "%s: a copy", name);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	char *nothing = malloc(1);

	(void)host;
	(void)config;
	if (nothing == NULL)
		return vm_fail_memory(err);
	*self = nothing;
	return VM_OK;
}

static const struct vm_codec_ops ops = {
    .size = sizeof ops, .probe = probe, .run = run, .verify = verify};

const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_CODEC),
    .name = "codec-escape",
    .version = "0.1.0",
    .summary = "A codec for tests, taken over by its source.",
    .threads = VM_THREADS_PARALLEL,
    .ops.codec = &ops,
    .create = create,
    .destroy = free,
};
