/* fake_meta.c - documents in an array, found by walking it. */
#include "fake.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 512 };

struct document {
	char id[VM_DOCUMENT_ID_MAX];
	uint64_t version; /* 0: removed */
	char *text;
};

struct meta {
	pthread_mutex_t lock;
	struct document documents[MOST];
	size_t count;
};

void *fake_meta_create(void)
{
	struct meta *meta = calloc(1, sizeof *meta);

	pthread_mutex_init(&meta->lock, NULL);
	return meta;
}

void fake_meta_destroy(void *self)
{
	struct meta *meta = self;

	for (size_t i = 0; i < meta->count; i++)
		free(meta->documents[i].text);
	pthread_mutex_destroy(&meta->lock);
	free(meta);
}

static struct document *find_document(struct meta *meta, const char *id)
{
	for (size_t i = 0; i < meta->count; i++)
		if (strcmp(meta->documents[i].id, id) == 0)
			return &meta->documents[i];
	return NULL;
}

static int index_fields(void *self, const struct vm_field *fields, size_t count,
                        const struct vm_call *call, struct vm_error *err)
{
	(void)self;
	(void)fields;
	(void)count;
	(void)call;
	(void)err;
	return VM_OK;
}

static int get(void *self, const char *id, struct vm_sink *json, uint64_t *version,
               const struct vm_call *call, struct vm_error *err)
{
	struct meta *meta = self;
	struct document *document;
	int status = fake_fails("get", err);

	(void)call;
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&meta->lock);
	document = find_document(meta, id);
	if (document == NULL || document->version == 0) {
		status = vm_fail(err, VM_ERR_NOT_FOUND, "get %s: no such document", id);
	} else {
		*version = document->version;
		status = json->write(json, document->text, strlen(document->text), err);
	}
	pthread_mutex_unlock(&meta->lock);
	return status;
}

static int put(void *self, const char *id, uint64_t version, const char *json, size_t length,
               const struct vm_call *call, struct vm_error *err)
{
	struct meta *meta = self;
	struct document *document;
	int status = fake_fails("put_document", err);

	(void)call;
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&meta->lock);
	document = find_document(meta, id);
	if (document == NULL && meta->count < MOST) {
		document = &meta->documents[meta->count++];
		snprintf(document->id, sizeof document->id, "%s", id);
	}
	if (document->version != version) {
		status = vm_fail(err, VM_ERR_CONFLICT, "put %s: another version", id);
	} else {
		free(document->text);
		document->text = strndup(json, length);
		document->version = version + 1;
	}
	pthread_mutex_unlock(&meta->lock);
	return status;
}

static bool matches(const json_t *json, const struct vm_condition *condition)
{
	const json_t *value = json_object_get(json, condition->field);
	json_int_t number;

	if (condition->text != NULL)
		return json_is_string(value) && strcmp(json_string_value(value), condition->text) == 0;
	if (!json_is_integer(value))
		return false;
	number = json_integer_value(value);
	switch (condition->match) {
	case VM_MATCH_EQUAL:
		return number == condition->number;
	case VM_MATCH_BELOW_OR_EQUAL:
		return number <= condition->number;
	case VM_MATCH_ABOVE_OR_EQUAL:
		return number >= condition->number;
	}
	return false;
}

/* One that matches, ready to be put in order. */
struct found {
	const struct document *document;
	int64_t order;
};

static int newest_first(const void *a, const void *b)
{
	const struct found *left = a;
	const struct found *right = b;

	if (left->order != right->order)
		return left->order < right->order ? 1 : -1;
	return strcmp(right->document->id, left->document->id);
}

static size_t search(const struct meta *meta, const struct vm_find *find, struct found out[MOST])
{
	size_t count = 0;

	for (size_t i = 0; i < meta->count; i++) {
		const struct document *document = &meta->documents[i];
		json_t *json = document->version > 0 ? json_loads(document->text, 0, NULL) : NULL;
		bool fits = json != NULL;

		for (size_t k = 0; fits && k < find->count; k++)
			fits = matches(json, &find->conditions[k]);
		if (fits)
			out[count++] = (struct found){
			    document, find->order_by != NULL
			                  ? json_integer_value(json_object_get(json, find->order_by))
			                  : 0};
		json_decref(json);
	}
	if (find->order_by != NULL)
		qsort(out, count, sizeof *out, newest_first);
	return count;
}

static int find_documents(void *self, const struct vm_find *find, vm_document_fn *emit, void *ctx,
                          const struct vm_call *call, struct vm_error *err)
{
	struct meta *meta = self;
	struct found found[MOST];
	bool passed = find->after_id == NULL;
	uint32_t told = 0;
	size_t count;
	int status = fake_fails("find", err);

	(void)call;
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&meta->lock);
	count = search(meta, find, found);
	for (size_t i = 0; i < count && (find->limit == 0 || told < find->limit); i++) {
		const struct document *document = found[i].document;
		struct vm_document item = {document->id, document->version, document->text,
		                           strlen(document->text)};

		if (passed) {
			told++;
			if (emit(ctx, &item) == VM_STOP)
				break;
		}
		passed |= find->after_id != NULL && strcmp(find->after_id, document->id) == 0;
	}
	pthread_mutex_unlock(&meta->lock);
	return VM_OK;
}

static int count_documents(void *self, const struct vm_find *find, uint64_t *count,
                           const struct vm_call *call, struct vm_error *err)
{
	struct meta *meta = self;
	struct found found[MOST];
	int status = fake_fails("count", err);

	(void)call;
	if (status != VM_OK)
		return status;
	pthread_mutex_lock(&meta->lock);
	*count = search(meta, find, found);
	pthread_mutex_unlock(&meta->lock);
	return VM_OK;
}

static int remove_document(void *self, const char *id, uint64_t version, const struct vm_call *call,
                           struct vm_error *err)
{
	struct meta *meta = self;
	struct document *document;
	int status = VM_OK;

	(void)call;
	pthread_mutex_lock(&meta->lock);
	document = find_document(meta, id);
	if (document != NULL && document->version != version)
		status = vm_fail(err, VM_ERR_CONFLICT, "remove %s: another version", id);
	else if (document != NULL)
		document->version = 0;
	pthread_mutex_unlock(&meta->lock);
	return status;
}

const struct vm_meta_ops fake_meta_ops = {
    .size = sizeof fake_meta_ops,
    .index = index_fields,
    .get = get,
    .put = put,
    .find = find_documents,
    .count = count_documents,
    .remove = remove_document,
};
