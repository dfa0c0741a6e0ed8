/* read.c - one document, or a page of those that match. */
#include <stdlib.h>
#include <string.h>

#include "mongo.h"

#define PAGE_MOST 200

/* What came back; each is the errand's own copy. */
struct reading {
	struct mongo_errand errand;
	char what[VM_DOCUMENT_ID_MAX + 16];
	bson_t filter, options;
	bson_t *found[PAGE_MOST];
	size_t count;
	int64_t total; /* of a count */
};

static void finish(struct mongo_errand *errand)
{
	struct reading *reading = (struct reading *)errand;

	for (size_t i = 0; i < reading->count; i++)
		bson_destroy(reading->found[i]);
	bson_destroy(&reading->filter);
	bson_destroy(&reading->options);
	free(reading);
}

static void run_find(struct mongo_errand *errand, mongoc_collection_t *collection)
{
	struct reading *reading = (struct reading *)errand;
	mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(collection, &reading->filter,
	                                                           &reading->options, NULL);
	const bson_t *document;

	while (reading->count < PAGE_MOST && mongoc_cursor_next(cursor, &document))
		reading->found[reading->count++] = bson_copy(document);
	errand->failed = mongoc_cursor_error(cursor, &errand->error);
	mongoc_cursor_destroy(cursor);
}

static void run_count(struct mongo_errand *errand, mongoc_collection_t *collection)
{
	struct reading *reading = (struct reading *)errand;

	reading->total = mongoc_collection_count_documents(collection, &reading->filter, NULL, NULL,
	                                                   &errand->reply, &errand->error);
	errand->failed = reading->total < 0;
}

static struct reading *begin(const char *verb, const char *id,
                             void (*run)(struct mongo_errand *, mongoc_collection_t *),
                             struct vm_error *err)
{
	struct reading *reading = calloc(1, sizeof *reading);

	if (reading == NULL) {
		vm_fail_memory(err);
		return NULL;
	}
	snprintf(reading->what, sizeof reading->what, "%s%s%s", verb, id != NULL ? " " : "",
	         id != NULL ? id : "");
	reading->errand = (struct mongo_errand){.what = reading->what, .run = run, .finish = finish};
	bson_init(&reading->filter);
	bson_init(&reading->options);
	return reading;
}

static int read_document(const bson_t *document, struct vm_document *out, const char *what,
                         struct vm_error *err)
{
	bson_iter_t id, version, json;
	uint32_t length;

	if (!bson_iter_init_find(&id, document, "_id") || !BSON_ITER_HOLDS_UTF8(&id) ||
	    !bson_iter_init_find(&version, document, "version") ||
	    !bson_iter_init_find(&json, document, "json") || !BSON_ITER_HOLDS_UTF8(&json))
		return vm_fail(
		    err, VM_ERR_BAD_DATA,
		    "%s: a document that vidmill has not written; give it a collection of its own", what);
	out->id = bson_iter_utf8(&id, NULL);
	out->version = (uint64_t)bson_iter_as_int64(&version);
	out->json = bson_iter_utf8(&json, &length);
	out->length = length;
	return VM_OK;
}

int mongo_get(void *self, const char *id, struct vm_sink *json, uint64_t *version,
              const struct vm_call *call, struct vm_error *err)
{
	struct reading *reading = begin("get", id, run_find, err);
	struct vm_document document;
	int status;

	if (reading == NULL)
		return VM_ERR_NO_MEMORY;
	bson_append_utf8(&reading->filter, "_id", -1, id, -1);
	bson_append_int64(&reading->options, "limit", -1, 1);
	status = mongo_errand_run(self, &reading->errand, call, err);
	if (status == VM_OK && reading->count == 0)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "get %s: no such document", id);
	if (status == VM_OK)
		status = read_document(reading->found[0], &document, reading->what, err);
	if (status == VM_OK)
		status = json->write(json, document.json, document.length, err);
	if (status == VM_OK)
		*version = document.version;
	mongo_errand_end(&reading->errand);
	return status;
}

static void path_of(const char *field, char path[160])
{
	snprintf(path, 160, "fields.%s", field);
}

/* {"fields.rank": {"$gte": 5}}: it compares with values of the same type alone. */
static void add_comparison(bson_t *into, const char *path, const char *operation, const char *text,
                           int64_t number)
{
	bson_t inner;

	bson_append_document_begin(into, path, -1, &inner);
	if (text != NULL)
		bson_append_utf8(&inner, operation, -1, text, -1);
	else
		bson_append_int64(&inner, operation, -1, number);
	bson_append_document_end(into, &inner);
}

/* One element of an array of alternatives or conditions. */
static void add_clause(bson_t *array, uint32_t index, const bson_t *clause)
{
	char key[12];

	snprintf(key, sizeof key, "%u", index);
	bson_append_document(array, key, -1, clause);
}

static void add_conditions(const struct vm_find *find, bson_t *all, uint32_t *index)
{
	static const char *const operations[] = {[VM_MATCH_EQUAL] = "$eq",
	                                         [VM_MATCH_BELOW_OR_EQUAL] = "$lte",
	                                         [VM_MATCH_ABOVE_OR_EQUAL] = "$gte"};
	char path[160];

	for (size_t i = 0; i < find->count; i++) {
		const struct vm_condition *condition = &find->conditions[i];
		bson_t clause = BSON_INITIALIZER;

		path_of(condition->field, path);
		add_comparison(&clause, path, operations[condition->match], condition->text,
		               condition->number);
		add_clause(all, (*index)++, &clause);
		bson_destroy(&clause);
	}
}

/* Where a page goes on. */
struct mark {
	char id[VM_DOCUMENT_ID_MAX]; /* "": from the start */
	char *text;                  /* of the field that orders, when it is a text */
	int64_t number;
};

/*
 * Behind the mark: {field: {$gte: v}} and {$or: [{field: {$gt: v}}, {_id: {$gt: id}}]}. The first
 * alone says where in the index it begins; the second is asked of what lies there.
 */
static void add_mark(const struct vm_find *find, const struct mark *mark, bson_t *all,
                     uint32_t *index)
{
	const char *beyond = find->descending ? "$lt" : "$gt";
	bson_t clause = BSON_INITIALIZER, either, part = BSON_INITIALIZER;
	char path[160];

	if (find->order_by == NULL) {
		add_comparison(&clause, "_id", beyond, mark->id, 0);
	} else {
		path_of(find->order_by, path);
		add_comparison(&clause, path, find->descending ? "$lte" : "$gte", mark->text, mark->number);
		add_clause(all, (*index)++, &clause);
		bson_reinit(&clause);
		bson_append_array_begin(&clause, "$or", -1, &either);
		add_comparison(&part, path, beyond, mark->text, mark->number);
		add_clause(&either, 0, &part);
		bson_reinit(&part);
		add_comparison(&part, "_id", beyond, mark->id, 0);
		add_clause(&either, 1, &part);
		bson_append_array_end(&clause, &either);
	}
	add_clause(all, (*index)++, &clause);
	bson_destroy(&part);
	bson_destroy(&clause);
}

/*
 * Those without the field that orders are left out: by its lowest value, which
 * begins a range of the index, where $exists would look at each document.
 */
static void add_ordered(struct mongo *mongo, const struct vm_find *find, bson_t *all,
                        uint32_t *index)
{
	bson_t clause = BSON_INITIALIZER;
	char path[160];

	path_of(find->order_by, path);
	add_comparison(&clause, path, "$gte", mongo_is_text(mongo, find->order_by) ? "" : NULL,
	               INT64_MIN);
	add_clause(all, (*index)++, &clause);
	bson_destroy(&clause);
}

static void make_filter(struct mongo *mongo, const struct vm_find *find, const struct mark *mark,
                        bson_t *filter)
{
	bson_t all = BSON_INITIALIZER;
	uint32_t index = 0;

	add_conditions(find, &all, &index);
	if (mark != NULL && find->order_by != NULL)
		add_ordered(mongo, find, &all, &index);
	if (mark != NULL && mark->id[0] != '\0')
		add_mark(find, mark, &all, &index);
	if (index > 0)
		bson_append_array(filter, "$and", -1, &all);
	bson_destroy(&all);
}

static void make_options(const struct vm_find *find, uint32_t limit, bson_t *options)
{
	int direction = find->descending ? -1 : 1;
	char path[160];
	bson_t sort;

	bson_append_document_begin(options, "sort", -1, &sort);
	if (find->order_by != NULL) {
		path_of(find->order_by, path);
		bson_append_int32(&sort, path, -1, direction);
	}
	bson_append_int32(&sort, "_id", -1, direction);
	bson_append_document_end(options, &sort);
	bson_append_int64(options, "limit", -1, limit);
	/* All in one answer: what the driver asks for behind it, it would not ask for again. One more
	 * than there can be, so that the server sees the end. */
	bson_append_int32(options, "batchSize", -1, (int32_t)limit + 1);
}

/* The last of a page: the next one begins behind it. */
static int take_mark(const struct vm_find *find, const bson_t *document, struct mark *mark,
                     struct vm_error *err)
{
	bson_iter_t at, field;
	char path[160];

	if (bson_iter_init_find(&at, document, "_id") && BSON_ITER_HOLDS_UTF8(&at))
		snprintf(mark->id, sizeof mark->id, "%s", bson_iter_utf8(&at, NULL));
	free(mark->text);
	mark->text = NULL;
	if (find->order_by == NULL)
		return VM_OK;
	path_of(find->order_by, path);
	if (!bson_iter_init(&at, document) || !bson_iter_find_descendant(&at, path, &field))
		return vm_fail(err, VM_ERR_BAD_DATA, "find: a document without %s among those with it",
		               find->order_by);
	if (!BSON_ITER_HOLDS_UTF8(&field)) {
		mark->number = bson_iter_as_int64(&field);
		return VM_OK;
	}
	mark->text = strdup(bson_iter_utf8(&field, NULL));
	return mark->text != NULL ? VM_OK : vm_fail_memory(err);
}

/* Emits one page; *more is false after the last one, or when `emit` wants no more. */
static int find_page(struct mongo *mongo, const struct vm_find *find, uint32_t limit,
                     struct mark *mark, vm_document_fn *emit, void *ctx, uint32_t *emitted,
                     bool *more, const struct vm_call *call, struct vm_error *err)
{
	struct reading *reading = begin("find", NULL, run_find, err);
	int status;

	if (reading == NULL)
		return VM_ERR_NO_MEMORY;
	make_filter(mongo, find, mark, &reading->filter);
	make_options(find, limit, &reading->options);
	status = mongo_errand_run(mongo, &reading->errand, call, err);
	*more = status == VM_OK && reading->count == limit;
	for (size_t i = 0; status == VM_OK && i < reading->count; i++) {
		struct vm_document document;

		status = read_document(reading->found[i], &document, "find", err);
		if (status == VM_OK) {
			++*emitted;
			if (emit(ctx, &document) == VM_STOP) {
				*more = false;
				break;
			}
		}
	}
	if (status == VM_OK && *more)
		status = take_mark(find, reading->found[reading->count - 1], mark, err);
	mongo_errand_end(&reading->errand);
	return status;
}

int mongo_find(void *self, const struct vm_find *find, vm_document_fn *emit, void *ctx,
               const struct vm_call *call, struct vm_error *err)
{
	struct mark mark = {.number = find->after_number};
	uint32_t emitted = 0;
	bool more = true;
	int status = VM_OK;

	if (find->after_id != NULL) {
		snprintf(mark.id, sizeof mark.id, "%s", find->after_id);
		if (find->order_by != NULL && mongo_is_text(self, find->order_by)) {
			mark.text = strdup(find->after_text != NULL ? find->after_text : "");
			if (mark.text == NULL)
				return vm_fail_memory(err);
		}
	}
	mongo_shape(self, find, call);
	while (status == VM_OK && more) {
		uint32_t left = find->limit == 0 ? PAGE_MOST : find->limit - emitted;

		status = find_page(self, find, left < PAGE_MOST ? left : PAGE_MOST, &mark, emit, ctx,
		                   &emitted, &more, call, err);
		more = more && (find->limit == 0 || emitted < find->limit);
	}
	free(mark.text);
	return status;
}

int mongo_count(void *self, const struct vm_find *find, uint64_t *count, const struct vm_call *call,
                struct vm_error *err)
{
	struct reading *reading = begin("count", NULL, run_count, err);
	int status;

	if (reading == NULL)
		return VM_ERR_NO_MEMORY;
	make_filter(self, find, NULL, &reading->filter);
	status = mongo_errand_run(self, &reading->errand, call, err);
	if (status == VM_OK)
		*count = (uint64_t)reading->total;
	mongo_errand_end(&reading->errand);
	return status;
}
