/* write.c - a document is inserted, replaced and removed, each under its version. */
#include <stdlib.h>

#include "mongo.h"

struct writing {
	struct mongo_errand errand;
	char what[VM_DOCUMENT_ID_MAX + 16];
	uint64_t version;
	bson_t selector, document;
	int64_t matched;
};

static void finish(struct mongo_errand *errand)
{
	struct writing *writing = (struct writing *)errand;

	bson_destroy(&writing->selector);
	bson_destroy(&writing->document);
	free(writing);
}

static int64_t count_in(const bson_t *reply, const char *name)
{
	bson_iter_t at;

	return bson_iter_init_find(&at, reply, name) ? bson_iter_as_int64(&at) : 0;
}

static struct writing *begin(const char *verb, const char *id, uint64_t version,
                             void (*run)(struct mongo_errand *, mongoc_collection_t *),
                             struct vm_error *err)
{
	struct writing *writing = calloc(1, sizeof *writing);

	if (writing == NULL) {
		vm_fail_memory(err);
		return NULL;
	}
	snprintf(writing->what, sizeof writing->what, "%s %s", verb, id);
	writing->errand = (struct mongo_errand){
	    .what = writing->what, .writes = true, .run = run, .finish = finish};
	writing->version = version;
	bson_init(&writing->selector);
	bson_init(&writing->document);
	bson_append_utf8(&writing->selector, "_id", -1, id, -1);
	bson_append_int64(&writing->selector, "version", -1, (int64_t)version);
	return writing;
}

static void run_put(struct mongo_errand *errand, mongoc_collection_t *collection)
{
	struct writing *writing = (struct writing *)errand;

	if (writing->version == 0)
		errand->failed = !mongoc_collection_insert_one(collection, &writing->document, NULL,
		                                               &errand->reply, &errand->error);
	else
		errand->failed = !mongoc_collection_replace_one(collection, &writing->selector,
		                                                &writing->document, NULL, &errand->reply,
		                                                &errand->error);
	writing->matched = count_in(&errand->reply,
	                            writing->version == 0 ? "insertedCount" : "matchedCount");
}

int mongo_put(void *self, const char *id, uint64_t version, const char *json, size_t length,
              const struct vm_call *call, struct vm_error *err)
{
	struct writing *writing = begin("put", id, version, run_put, err);
	struct vm_error why;
	bool taken;
	int status;

	if (writing == NULL)
		return VM_ERR_NO_MEMORY;
	status = mongo_document(id, version + 1, json, length, &writing->document, err);
	if (status != VM_OK) {
		finish(&writing->errand);
		return status;
	}
	status = mongo_errand_run(self, &writing->errand, call, &why);
	taken = status == VM_OK && writing->matched == 1;
	/* An insert that was not refused was done, whatever is wrong with its answer. */
	if (status == VM_OK && !taken && version == 0)
		status = vm_fail(&why, VM_ERR_TIMEOUT, "put %s: an answer without a count", id);
	if (status == VM_ERR_CONFLICT || (status == VM_OK && !taken))
		status = vm_fail(&why, VM_ERR_CONFLICT, "put %s: not version %llu any more", id,
		                 (unsigned long long)version);
	if (status != VM_OK && err != NULL)
		*err = why;
	mongo_errand_end(&writing->errand);
	return status;
}

static void run_remove(struct mongo_errand *errand, mongoc_collection_t *collection)
{
	struct writing *writing = (struct writing *)errand;
	bson_t any = BSON_INITIALIZER;
	bson_iter_t at;

	errand->failed = !mongoc_collection_delete_one(collection, &writing->selector, NULL,
	                                               &errand->reply, &errand->error);
	writing->matched = count_in(&errand->reply, "deletedCount");
	/* Not that version, or not there: only one of them is a conflict. */
	if (!errand->failed && writing->matched == 0 &&
	    bson_iter_init_find(&at, &writing->selector, "_id")) {
		int64_t left;

		/* Nothing was written, whatever becomes of the question. */
		errand->writes = false;
		bson_append_iter(&any, "_id", -1, &at);
		left = mongoc_collection_count_documents(collection, &any, NULL, NULL, NULL,
		                                         &errand->error);
		errand->failed = left < 0;
		writing->matched = left == 0 ? 1 : 0;
	}
	bson_destroy(&any);
}

int mongo_remove(void *self, const char *id, uint64_t version, const struct vm_call *call,
                 struct vm_error *err)
{
	struct writing *writing = begin("remove", id, version, run_remove, err);
	int status;

	if (writing == NULL)
		return VM_ERR_NO_MEMORY;
	status = mongo_errand_run(self, &writing->errand, call, err);
	if (status == VM_OK && writing->matched == 0)
		status = vm_fail(err, VM_ERR_CONFLICT, "remove %s: not version %llu any more", id,
		                 (unsigned long long)version);
	mongo_errand_end(&writing->errand);
	return status;
}
