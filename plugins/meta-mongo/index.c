/* index.c - an index for each field that find asks for. */
#include <stdlib.h>
#include <string.h>

#include "mongo.h"

struct indexing {
	struct mongo_errand errand;
	bson_t command;
};

static void finish(struct mongo_errand *errand)
{
	struct indexing *indexing = (struct indexing *)errand;

	bson_destroy(&indexing->command);
	free(indexing);
}

static void run(struct mongo_errand *errand, mongoc_collection_t *collection)
{
	struct indexing *indexing = (struct indexing *)errand;

	errand->failed = !mongoc_collection_write_command_with_opts(
	    collection, &indexing->command, NULL, &errand->reply, &errand->error);
}

void mongo_add_index(bson_t *indexes, uint32_t number, const char *name, const char *const *fields,
                     size_t count)
{
	char path[160], place[12];
	bson_t entry, key;

	snprintf(place, sizeof place, "%u", number);
	bson_append_document_begin(indexes, place, -1, &entry);
	bson_append_document_begin(&entry, "key", -1, &key);
	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof path, "fields.%s", fields[i]);
		bson_append_int32(&key, path, -1, 1);
	}
	bson_append_int32(&key, "_id", -1, 1);
	bson_append_document_end(&entry, &key);
	bson_append_utf8(&entry, "name", -1, name, -1);
	bson_append_document_end(indexes, &entry);
}

static void add_index(bson_t *indexes, uint32_t number, const struct vm_field *field)
{
	char name[160];

	snprintf(name, sizeof name, "fields.%s", field->name);
	mongo_add_index(indexes, number, name, &field->name, 1);
}

/* A field keeps the type that it was told of first. */
static int remember(struct mongo *mongo, const struct vm_field *fields, size_t count,
                    struct vm_error *err)
{
	struct mongo_field *known;
	int status = VM_OK;

	pthread_mutex_lock(&mongo->lock);
	known = realloc(mongo->fields, (mongo->n_fields + count + 1) * sizeof *known);
	if (known == NULL)
		status = vm_fail_memory(err);
	else
		mongo->fields = known;
	for (size_t i = 0; i < count && status == VM_OK; i++) {
		struct mongo_field *field = &known[mongo->n_fields++];

		snprintf(field->name, sizeof field->name, "%s", fields[i].name);
		field->type = fields[i].type;
	}
	pthread_mutex_unlock(&mongo->lock);
	return status;
}

bool mongo_is_text(struct mongo *mongo, const char *field)
{
	bool text = false;

	pthread_mutex_lock(&mongo->lock);
	for (size_t i = 0; i < mongo->n_fields; i++)
		if (strcmp(mongo->fields[i].name, field) == 0) {
			text = mongo->fields[i].type == VM_FIELD_TEXT;
			break;
		}
	pthread_mutex_unlock(&mongo->lock);
	return text;
}

int mongo_index(void *self, const struct vm_field *fields, size_t count, const struct vm_call *call,
                struct vm_error *err)
{
	struct mongo *mongo = self;
	struct indexing *indexing;
	bson_t indexes;
	int status;

	if ((status = remember(mongo, fields, count, err)) != VM_OK)
		return status;
	indexing = calloc(1, sizeof *indexing);
	if (indexing == NULL)
		return vm_fail_memory(err);
	indexing->errand = (struct mongo_errand){
	    .what = "index", .writes = true, .run = run, .finish = finish};
	bson_init(&indexing->command);
	bson_append_utf8(&indexing->command, "createIndexes", -1, mongo->config->collection, -1);
	bson_append_array_begin(&indexing->command, "indexes", -1, &indexes);
	for (size_t i = 0; i < count; i++)
		add_index(&indexes, (uint32_t)i, &fields[i]);
	bson_append_array_end(&indexing->command, &indexes);
	status = mongo_errand_run(mongo, &indexing->errand, call, err);
	mongo_errand_end(&indexing->errand);
	return status;
}
