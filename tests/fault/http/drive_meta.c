/* drive_meta.c - the operations of metadata plugins. */
#include <string.h>

#include "drive.h"

#define FIELDS_MOST 8

static const struct vm_meta_ops *ops(const struct drive *drive)
{
	return drive->plugin->ops.meta;
}

/* { "fields": { "rank": "int", "name": "text" } } */
static int index_fields(struct drive *drive)
{
	struct vm_field fields[FIELDS_MOST];
	const char *name;
	json_t *type;
	size_t count = 0;

	json_object_foreach(json_object_get(drive->in, "fields"), name, type)
	{
		bool text = strcmp(json_string_value(type), "text") == 0;

		if (count < FIELDS_MOST)
			fields[count++] = (struct vm_field){.name = name,
			                                    .type = text ? VM_FIELD_TEXT : VM_FIELD_INT};
	}
	return ops(drive)->index(drive->self, fields, count, drive->call, drive->err);
}

struct text_sink {
	struct vm_sink sink; /* first */
	json_t *text;
};

static int take_text(struct vm_sink *sink, const void *data, size_t length, struct vm_error *err)
{
	struct text_sink *into = (struct text_sink *)sink;

	into->text = json_stringn(data, length);
	return into->text != NULL ? VM_OK : vm_fail(err, VM_ERR_BAD_DATA, "a document that is no text");
}

static int get(struct drive *drive)
{
	struct text_sink into = {.sink = {.write = take_text}};
	uint64_t version = 0;
	int status = ops(drive)->get(drive->self, drive_text(drive, "id"), &into.sink, &version,
	                             drive->call, drive->err);

	if (status == VM_OK)
		json_object_set_new(drive->out, "version", json_integer((json_int_t)version));
	if (into.text != NULL)
		json_object_set_new(drive->out, "text", into.text);
	return status;
}

static int put(struct drive *drive)
{
	const char *text = drive_text(drive, "text");

	return ops(drive)->put(drive->self, drive_text(drive, "id"), drive_number(drive, "version"),
	                       text, strlen(text), drive->call, drive->err);
}

static enum vm_more take_document(void *ctx, const struct vm_document *document)
{
	drive_list(ctx, json_string(document->id));
	return VM_MORE;
}

/* Of a group, as { "group": …, "order_by": … } */
static struct vm_find find_of(const struct drive *drive, struct vm_condition *condition)
{
	const char *order = drive_text(drive, "order_by");

	*condition = (struct vm_condition){
	    .field = "group", .match = VM_MATCH_EQUAL, .text = drive_text(drive, "group")};
	return (struct vm_find){
	    .conditions = condition, .count = 1, .order_by = order[0] != '\0' ? order : NULL};
}

static int find(struct drive *drive)
{
	struct vm_condition condition;
	const struct vm_find find = find_of(drive, &condition);

	return ops(drive)->find(drive->self, &find, take_document, drive, drive->call, drive->err);
}

static int count(struct drive *drive)
{
	struct vm_condition condition;
	const struct vm_find find = find_of(drive, &condition);
	uint64_t count = 0;
	int status = ops(drive)->count(drive->self, &find, &count, drive->call, drive->err);

	if (status == VM_OK)
		json_object_set_new(drive->out, "count", json_integer((json_int_t)count));
	return status;
}

static int remove_document(struct drive *drive)
{
	return ops(drive)->remove(drive->self, drive_text(drive, "id"), drive_number(drive, "version"),
	                          drive->call, drive->err);
}

const struct drive_operation meta_operations[] = {
    {"index", index_fields}, {"get", get},     {"put", put}, {"remove", remove_document},
    {"find", find},          {"count", count}, {0},
};
