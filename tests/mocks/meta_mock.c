/* meta_mock.c - documents in the mock's state, found by reading all of them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <vidmill/plugin.h>

#include "mock.h"

struct config {
	struct vm_groups script;
};

static const struct vm_option options[] = {SCRIPT_OPTION(struct config, script), {0}};

/* "documents": { ID: { "version", "text" } }, "fields": { NAME: enum vm_field_type }. */
static json_t *member(const struct mock_turn *turn, const char *name, const char *key)
{
	return json_object_get(json_object_get(turn->state.root, name), key);
}

static uint64_t version_of(const json_t *document)
{
	return (uint64_t)json_integer_value(json_object_get(document, "version"));
}

static int index_fields(void *self, const struct vm_field *fields, size_t count,
                        const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "index", "", 0, call, err);

	for (size_t i = 0; i < count && status == VM_OK; i++) {
		turn.is_changed = true;
		if (json_object_set_new(state_object(&turn.state, "fields"), fields[i].name,
		                        json_integer(fields[i].type)) != 0)
			status = vm_fail_memory(err);
	}
	return mock_end(&turn, status, call, err);
}

static int get(void *self, const char *id, struct vm_sink *json, uint64_t *version,
               const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	const json_t *document, *text;
	int status = mock_begin(&turn, self, "get", id, strlen(id), call, err);

	state_unlock(&turn.state);
	document = member(&turn, "documents", id);
	if (status == VM_OK && document == NULL)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "get %s: no such document", id);
	if (status == VM_OK) {
		text = json_object_get(document, "text");
		status = json->write(json, json_string_value(text), json_string_length(text), err);
	}
	if (status == VM_OK)
		*version = version_of(document);
	return mock_end(&turn, status, call, err);
}

static int check_document(const char *id, const char *json, size_t length, struct vm_error *err)
{
	json_error_t where;
	json_t *value;
	bool is_object;

	if (strlen(id) >= VM_DOCUMENT_ID_MAX)
		return vm_fail(err, VM_ERR_LIMIT, "put %s: an id has at most %d bytes", id,
		               VM_DOCUMENT_ID_MAX - 1);
	value = json_loadb(json, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &where);
	is_object = json_is_object(value);
	json_decref(value);
	return is_object ? VM_OK : vm_fail(err, VM_ERR_BAD_DATA, "put %s: not a JSON object", id);
}

/* A document that is not there is at version 0. */
static int check_version(const struct mock_turn *turn, const char *what, const char *id,
                         uint64_t version, struct vm_error *err)
{
	uint64_t found = version_of(member(turn, "documents", id));

	if (found == version)
		return VM_OK;
	return vm_fail(err, VM_ERR_CONFLICT, "%s %s: at version %" PRIu64 ", not %" PRIu64, what, id,
	               found, version);
}

static int put(void *self, const char *id, uint64_t version, const char *json, size_t length,
               const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	json_t *document;
	int status = mock_begin(&turn, self, "put", json, length, call, err);

	if (status == VM_OK)
		status = check_document(id, json, length, err);
	if (status == VM_OK)
		status = check_version(&turn, "put", id, version, err);
	if (status == VM_OK) {
		/* As text, so that it comes back byte for byte. */
		document = json_pack("{s:I,s:o}", "version", (json_int_t)(version + 1), "text",
		                     json_stringn(json, length));
		turn.is_changed = true;
		if (json_object_set_new(state_object(&turn.state, "documents"), id, document) != 0)
			status = vm_fail_memory(err);
	}
	return mock_end(&turn, status, call, err);
}

static int remove_document(void *self, const char *id, uint64_t version, const struct vm_call *call,
                           struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "remove", id, strlen(id), call, err);

	if (status == VM_OK && member(&turn, "documents", id) != NULL) {
		status = check_version(&turn, "remove", id, version, err);
		turn.is_changed = true;
		if (status == VM_OK)
			json_object_del(json_object_get(turn.state.root, "documents"), id);
	}
	return mock_end(&turn, status, call, err);
}

/* A document that matches; the JSON is owned. */
struct row {
	const char *id;
	const json_t *document; /* of the state */
	json_t *json;
	const json_t *key; /* what it is ordered by before its id; NULL: nothing */
};

struct rows {
	struct row *items;
	size_t count;
};

static void rows_free(struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		json_decref(rows->items[i].json);
	free(rows->items);
}

/* The member when it has the type that was indexed, else NULL. */
static const json_t *field_value(const struct mock_turn *turn, const json_t *json,
                                 const char *field)
{
	const json_t *value = json_object_get(json, field);
	bool is_text = json_integer_value(member(turn, "fields", field)) == VM_FIELD_TEXT;

	return (is_text ? json_is_string(value) : json_is_integer(value)) ? value : NULL;
}

static int compare_value(const json_t *value, const char *text, int64_t number)
{
	json_int_t own = json_integer_value(value);

	return json_is_string(value) ? strcmp(json_string_value(value), text)
	                             : (own > number) - (own < number);
}

static int compare_place(const struct row *row, const char *text, int64_t number, const char *id)
{
	int order = row->key != NULL ? compare_value(row->key, text, number) : 0;

	return order != 0 ? order : strcmp(row->id, id);
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *other = b;

	return compare_place(a, json_string_value(other->key), json_integer_value(other->key),
	                     other->id);
}

static bool matches(const struct mock_turn *turn, const struct vm_find *find, const json_t *json)
{
	for (size_t i = 0; i < find->count; i++) {
		const struct vm_condition *condition = &find->conditions[i];
		const json_t *value = field_value(turn, json, condition->field);
		int order;

		if (value == NULL)
			return false;
		order = compare_value(value, condition->text, condition->number);
		if ((condition->match == VM_MATCH_EQUAL && order != 0) ||
		    (condition->match == VM_MATCH_BELOW_OR_EQUAL && order > 0) ||
		    (condition->match == VM_MATCH_ABOVE_OR_EQUAL && order < 0))
			return false;
	}
	return true;
}

static int check_field(const struct mock_turn *turn, const char *field, struct vm_error *err)
{
	return member(turn, "fields", field) != NULL
	           ? VM_OK
	           : vm_fail(err, VM_ERR_UNSUPPORTED, "find by %s: not an indexed field", field);
}

static int check_fields(const struct mock_turn *turn, const struct vm_find *find, bool is_ordered,
                        struct vm_error *err)
{
	int status = is_ordered && find->order_by != NULL ? check_field(turn, find->order_by, err)
	                                                  : VM_OK;

	for (size_t i = 0; i < find->count && status == VM_OK; i++)
		status = check_field(turn, find->conditions[i].field, err);
	return status;
}

/* Whether the row stands in the order, and behind the place where the find goes on. */
static bool is_wanted(const struct row *row, const struct vm_find *find)
{
	int order;

	if (find->order_by != NULL && row->key == NULL)
		return false;
	if (find->after_id == NULL)
		return true;
	order = compare_place(row, find->after_text, find->after_number, find->after_id);
	return find->descending ? order < 0 : order > 0;
}

static int load(const json_t *document, json_t **out, struct vm_error *err)
{
	const json_t *text = json_object_get(document, "text");
	json_error_t where;

	*out = json_loadb(json_string_value(text), json_string_length(text), JSON_ALLOW_NUL, &where);
	return *out != NULL ? VM_OK : vm_fail_memory(err);
}

/* With is_ordered false the conditions alone decide. The caller frees `out`, also on failure. */
static int select_rows(const struct mock_turn *turn, const struct vm_find *find, bool is_ordered,
                       struct rows *out, const struct vm_call *call, struct vm_error *err)
{
	json_t *documents = json_object_get(turn->state.root, "documents"), *document;
	int status = check_fields(turn, find, is_ordered, err);
	const char *id;

	if (status != VM_OK)
		return status;
	out->items = calloc(json_object_size(documents) + 1, sizeof *out->items);
	if (out->items == NULL)
		return vm_fail_memory(err);
	json_object_foreach(documents, id, document)
	{
		struct row row = {.id = id, .document = document};

		if ((status = vm_call_check(call, "find", err)) != VM_OK ||
		    (status = load(document, &row.json, err)) != VM_OK)
			break;
		if (is_ordered && find->order_by != NULL)
			row.key = field_value(turn, row.json, find->order_by);
		if (matches(turn, find, row.json) && (!is_ordered || is_wanted(&row, find)))
			out->items[out->count++] = row;
		else
			json_decref(row.json);
	}
	qsort(out->items, out->count, sizeof *out->items, compare_rows);
	return status;
}

static void emit_rows(const struct rows *rows, const struct vm_find *find, vm_document_fn *emit,
                      void *ctx)
{
	size_t count = find->limit > 0 && find->limit < rows->count ? find->limit : rows->count;
	enum vm_more more = VM_MORE;

	for (size_t i = 0; i < count && more == VM_MORE; i++) {
		const struct row *row = &rows->items[find->descending ? rows->count - 1 - i : i];
		const json_t *text = json_object_get(row->document, "text");

		more = emit(ctx, &(struct vm_document){.id = row->id,
		                                       .version = version_of(row->document),
		                                       .json = json_string_value(text),
		                                       .length = json_string_length(text)});
	}
}

static int find_documents(void *self, const struct vm_find *find, vm_document_fn *emit, void *ctx,
                          const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	struct rows rows = {0};
	int status = mock_begin(&turn, self, "find", "", 0, call, err);

	state_unlock(&turn.state);
	if (status == VM_OK)
		status = select_rows(&turn, find, true, &rows, call, err);
	if (status == VM_OK)
		emit_rows(&rows, find, emit, ctx);
	rows_free(&rows);
	return mock_end(&turn, status, call, err);
}

static int count_documents(void *self, const struct vm_find *find, uint64_t *count,
                           const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	struct rows rows = {0};
	int status = mock_begin(&turn, self, "count", "", 0, call, err);

	state_unlock(&turn.state);
	if (status == VM_OK)
		status = select_rows(&turn, find, false, &rows, call, err);
	if (status == VM_OK)
		*count = rows.count;
	rows_free(&rows);
	return mock_end(&turn, status, call, err);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	const struct config *own = config;
	struct mock *mock;
	int status = mock_create(host, config, &own->script, &mock, err);

	if (status == VM_OK)
		*self = mock;
	return status;
}

static const struct vm_meta_ops ops = {
    .size = sizeof ops,
    .index = index_fields,
    .get = get,
    .put = put,
    .find = find_documents,
    .count = count_documents,
    .remove = remove_document,
};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_META),
    .name = "meta-mock",
    .version = "0.1.0",
    .summary = "Metadata for tests: documents in the mock's folder, or what its script says.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct config),
    .ops.meta = &ops,
    .create = create,
    .destroy = mock_destroy,
};
