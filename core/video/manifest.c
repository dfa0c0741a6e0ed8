/* manifest.c - the list of an attempt's outputs, as JSON. */
#include "video/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "support/json.h"
#include "video/fields.h"
#include "video/output_name.h"

static const struct field head_fields[] = {
    {.name = "video", FIELD_AS_TEXT(struct manifest, video)},
    {.name = "generation", .type = FIELD_COUNT, FIELD(struct manifest, generation)},
    {.name = "epoch", .type = FIELD_COUNT, FIELD(struct manifest, epoch)},
    {.name = "nonce", FIELD_AS_TEXT(struct manifest, nonce)},
    {.name = "source_etag", FIELD_AS_TEXT(struct manifest, source_etag)},
    {.name = "source_bytes", .type = FIELD_COUNT, FIELD(struct manifest, source_bytes)},
    {.name = NULL}};

static const struct field output_fields[] = {
    {.name = "name", FIELD_AS_TEXT(struct manifest_output, name)},
    {.name = "content_type", FIELD_AS_TEXT(struct manifest_output, content_type)},
    {.name = "bytes", .type = FIELD_COUNT, FIELD(struct manifest_output, bytes)},
    {.name = "sha256", FIELD_AS_TEXT(struct manifest_output, sha256)},
    {.name = NULL}};

void manifest_finish(struct manifest *manifest)
{
	json_decref(manifest->source);
	json_decref(manifest->reports);
	free(manifest->outputs);
	*manifest = (struct manifest){0};
}

int manifest_add(struct manifest *manifest, const struct manifest_output *output,
                 struct vm_error *err)
{
	size_t at = manifest->n_outputs;
	struct manifest_output *outputs = manifest->outputs;

	/* Room doubles whenever the count is a power of two. */
	if ((at & (at - 1)) == 0)
		outputs = realloc(outputs, (at > 0 ? 2 * at : 1) * sizeof *outputs);
	if (outputs == NULL)
		return vm_fail_memory(err);
	manifest->outputs = outputs;
	while (at > 0 && strcmp(outputs[at - 1].name, output->name) > 0)
		at--;
	memmove(outputs + at + 1, outputs + at, (manifest->n_outputs - at) * sizeof *outputs);
	outputs[at] = *output;
	manifest->n_outputs++;
	return VM_OK;
}

static bool add_outputs(const struct manifest *manifest, json_t *object)
{
	json_t *list = json_array();

	if (list == NULL || json_object_set_new(object, "outputs", list) != 0)
		return false;
	for (size_t i = 0; i < manifest->n_outputs; i++)
		if (json_array_append_new(list, fields_to_json(output_fields, &manifest->outputs[i])) != 0)
			return false;
	return true;
}

char *manifest_write(const struct manifest *manifest)
{
	json_t *object = fields_to_json(head_fields, manifest);
	char *text = NULL;

	if (object != NULL &&
	    (manifest->source == NULL || json_object_set(object, "source", manifest->source) == 0) &&
	    (manifest->reports == NULL || json_object_set(object, "reports", manifest->reports) == 0) &&
	    add_outputs(manifest, object))
		text = json_write(object);
	json_decref(object);
	return text;
}

/* A worker wrote it, which may be anybody's by now: names become keys, types become headers. */
static int check_output(const struct manifest *manifest, const struct manifest_output *output,
                        struct vm_error *err)
{
	int status;

	if ((status = output_name_check(output->name, sizeof output->name - 1, err)) != VM_OK ||
	    (status = output_type_check(output->content_type, err)) != VM_OK)
		return status;
	if (strspn(output->sha256, "0123456789abcdef") != VIDEO_HASH_MAX - 1)
		return vm_fail(err, VM_ERR_BAD_DATA, "output %s: no sha256", output->name);
	if (manifest_find(manifest, output->name) != NULL)
		return vm_fail(err, VM_ERR_BAD_DATA, "output %s: listed twice", output->name);
	return VM_OK;
}

static int read_outputs(const json_t *object, struct manifest *out, struct vm_error *err)
{
	const json_t *list = json_object_get(object, "outputs");
	struct manifest_output output;
	int status;

	if (!json_is_array(list))
		return vm_fail(err, VM_ERR_BAD_DATA, "member outputs: not a list");
	for (size_t i = 0; i < json_array_size(list); i++) {
		status = fields_from_json(output_fields, json_array_get(list, i), &output, err);
		if (status != VM_OK)
			return status;
		if ((status = check_output(out, &output, err)) != VM_OK ||
		    (status = manifest_add(out, &output, err)) != VM_OK)
			return status;
	}
	return VM_OK;
}

int manifest_read(const void *text, size_t length, struct manifest *out, struct vm_error *err)
{
	json_t *object;
	int status;

	*out = (struct manifest){0};
	if ((status = json_read_object(text, length, &object, err)) != VM_OK)
		return status;
	status = fields_from_json(head_fields, object, out, err);
	if (status == VM_OK)
		status = read_outputs(object, out, err);
	out->source = json_incref(json_object_get(object, "source"));
	out->reports = json_incref(json_object_get(object, "reports"));
	json_decref(object);
	return status;
}

const struct manifest_output *manifest_find(const struct manifest *manifest, const char *name)
{
	size_t low = 0, high = manifest->n_outputs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(manifest->outputs[middle].name, name);

		if (order == 0)
			return &manifest->outputs[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
