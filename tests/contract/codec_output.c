/* codec_output.c - outputs in memory, strict with who writes them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "codec_kit.h"

static struct codec_output *own(struct vm_sink *sink)
{
	return (struct codec_output *)sink;
}

static int append(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	struct codec_output *output = own(sink);
	struct codec_outputs *all = output->outputs;
	bool is_refused;

	expect(all->t, !output->is_closed, "%s is written after it was closed", output->name);
	pthread_mutex_lock(&all->lock);
	is_refused = all->written + length > all->fail_from;
	all->written += is_refused ? 0 : length;
	pthread_mutex_unlock(&all->lock);
	if (is_refused)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "write %s: the suite says no", output->name);
	if (length > output->capacity - output->length) {
		size_t capacity = 2 * output->capacity + length;
		unsigned char *larger = realloc(output->bytes, capacity);

		if (larger == NULL)
			return vm_fail_memory(err);
		output->bytes = larger;
		output->capacity = capacity;
	}
	if (length > 0)
		memcpy(output->bytes + output->length, bytes, length);
	output->length += length;
	return VM_OK;
}

static int rewrite(struct vm_output *vm, uint64_t offset, const void *bytes, size_t length,
                   struct vm_error *err)
{
	struct codec_output *output = (struct codec_output *)vm;
	struct contract *t = output->outputs->t;

	(void)err;
	expect(t, !output->is_closed, "%s is rewritten after it was closed", output->name);
	expect(t, offset + length <= output->length,
	       "%s: rewrites bytes %llu to %llu of %zu that were written", output->name,
	       (unsigned long long)offset, (unsigned long long)(offset + length), output->length);
	expect(t, offset + length <= output->head_bytes,
	       "%s: rewrites bytes %llu to %llu, announced a head of %llu", output->name,
	       (unsigned long long)offset, (unsigned long long)(offset + length),
	       (unsigned long long)output->head_bytes);
	memcpy(output->bytes + offset, bytes, length);
	return VM_OK;
}

static int close_output(struct vm_output *vm, struct vm_error *err)
{
	struct codec_output *output = (struct codec_output *)vm;

	expect(output->outputs->t, !output->is_closed, "%s is closed twice", output->name);
	if (output->outputs->close_fails)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "close %s: the suite says no", output->name);
	output->is_closed = true;
	return VM_OK;
}

static bool is_dots(const char *segment, size_t length)
{
	return (length == 1 && segment[0] == '.') ||
	       (length == 2 && segment[0] == '.' && segment[1] == '.');
}

static bool is_name(const char *name)
{
	if (name == NULL || name[0] == '\0' || name[0] == '/')
		return false;
	for (const char *segment = name; *segment != '\0';) {
		size_t length = strcspn(segment, "/");

		if (length == 0 || is_dots(segment, length))
			return false;
		for (size_t i = 0; i < length; i++)
			if (!isalnum((unsigned char)segment[i]) && strchr("._-", segment[i]) == NULL)
				return false;
		segment += length;
		if (*segment == '/' && *++segment == '\0')
			return false;
	}
	return true;
}

static int open_output(struct vm_outputs *vm, const struct vm_output_want *want,
                       struct vm_output **out, struct vm_error *err)
{
	struct codec_outputs *all = (struct codec_outputs *)vm;
	struct contract *t = all->t;
	struct codec_output *output;

	expect(t, is_name(want->name), "opens an output \"%s\": that is no name for one",
	       want->name != NULL ? want->name : "(none)");
	expect(t, want->content_type != NULL && strchr(want->content_type, '/') != NULL,
	       "%s: the content type is \"%s\"", want->name,
	       want->content_type != NULL ? want->content_type : "(none)");
	if (all->open_fails)
		return vm_fail(err, VM_ERR_UNAVAILABLE, "open %s: the suite says no", want->name);

	output = contract_alloc(t, sizeof *output);
	output->vm.sink.write = append;
	output->vm.rewrite = rewrite;
	output->vm.close = close_output;
	output->outputs = all;
	output->name = contract_print(t, "%s", want->name);
	output->content_type = contract_print(t, "%s", want->content_type);
	output->head_bytes = want->head_bytes;
	pthread_mutex_lock(&all->lock);
	for (const struct codec_output *other = all->first; other != NULL; other = other->next)
		expect(t, strcmp(other->name, want->name) != 0, "opens %s twice", want->name);
	output->next = all->first;
	all->first = output;
	pthread_mutex_unlock(&all->lock);
	*out = &output->vm;
	return VM_OK;
}

void codec_outputs_begin(struct contract *t, struct codec_outputs *outputs)
{
	*outputs = (struct codec_outputs){
	    .vm = {open_output},
	    .t = t,
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .fail_from = UINT64_MAX,
	};
}

unsigned codec_outputs_closed(const struct codec_outputs *outputs)
{
	unsigned count = 0;

	for (const struct codec_output *output = outputs->first; output != NULL;
	     output = output->next) {
		if (!output->is_closed)
			continue;
		expect(outputs->t, output->length > 0, "%s is empty", output->name);
		count++;
	}
	return count;
}

void codec_outputs_end(struct codec_outputs *outputs)
{
	for (struct codec_output *output = outputs->first; output != NULL; output = output->next)
		free(output->bytes);
	outputs->first = NULL;
}
