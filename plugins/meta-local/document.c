/* document.c - one document: get, put by compare-and-set, remove; and the schema they stand on. */
#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "json_memory.h"
#include "meta_local.h"

static const char schema[] = "CREATE TABLE documents ("
                             " id TEXT PRIMARY KEY NOT NULL,"
                             " version INTEGER NOT NULL,"
                             " json TEXT NOT NULL) STRICT;";

static const char *const statements[] = {
    [LOCAL_GET] = "SELECT version, json FROM documents WHERE id = ?",
    [LOCAL_INSERT] = "INSERT INTO documents (json, id, version) VALUES (?, ?, 1)"
                     " ON CONFLICT DO NOTHING",
    [LOCAL_UPDATE] = "UPDATE documents SET json = ?, version = version + 1"
                     " WHERE id = ? AND version = ?",
    [LOCAL_VERSION] = "SELECT version FROM documents WHERE id = ?",
    [LOCAL_REMOVE] = "DELETE FROM documents WHERE id = ? AND version = ?",
};

const struct database_plan local_plan = {
    .folder = "meta",
    .version = 1,
    .schema = schema,
    .statements = statements,
    .n_statements = sizeof statements / sizeof *statements,
};

int local_get(void *self, const char *id, struct vm_sink *json, uint64_t *version,
              const struct vm_call *call, struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	struct statement get;
	const void *text;
	bool row;
	int status = database_read(local->database, "get", call, &connection, err);

	if (status != VM_OK)
		return status;
	get = statement_prepare(connection, LOCAL_GET);
	statement_bind_string(&get, id);
	status = statement_step(&get, &row, err);
	if (status == VM_OK && !row)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "get %s: no such document", id);
	if (status == VM_OK) {
		text = sqlite3_column_text(get.handle, 1);
		status = text == NULL
		             ? vm_fail_memory(err)
		             : json->write(json, text, (size_t)sqlite3_column_bytes(get.handle, 1), err);
	}
	if (status == VM_OK)
		*version = (uint64_t)sqlite3_column_int64(get.handle, 0);
	statement_finish(&get);
	database_end(connection);
	return status;
}

/* What is stored must be readable by everybody, and mean the same to everybody. */
static int check_json(const char *id, const char *json, size_t length, struct vm_error *err)
{
	json_error_t where;
	json_t *value;
	bool object;

	json_memory_watch();
	value = json_loadb(json, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &where);
	object = json_is_object(value);
	json_decref(value);
	if (value == NULL && json_memory_failed())
		return vm_fail_memory(err);
	if (value == NULL) /* jansson's text quotes the document, which holds secrets */
		return vm_fail(err, VM_ERR_BAD_DATA, "put %s: not JSON at line %d, column %d", id,
		               where.line, where.column);
	if (!object)
		return vm_fail(err, VM_ERR_BAD_DATA, "put %s: JSON, but not an object", id);
	return VM_OK;
}

/* Says why a document that should have `version` was not found so; VM_OK when there is none. */
static int explain_conflict(struct connection *connection, const char *id, uint64_t version,
                            struct vm_error *err)
{
	struct statement find = statement_prepare(connection, LOCAL_VERSION);
	bool row;
	int status;

	statement_bind_string(&find, id);
	status = statement_step(&find, &row, err);
	if (status == VM_OK && row)
		status = vm_fail(err, VM_ERR_CONFLICT, "%s %s: at version %" PRId64 ", not %" PRIu64,
		                 connection->operation.what, id,
		                 (int64_t)sqlite3_column_int64(find.handle, 0), version);
	statement_finish(&find);
	return status;
}

int local_put(void *self, const char *id, uint64_t version, const char *json, size_t length,
              const struct vm_call *call, struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	struct statement put;
	int64_t changes = 0;
	int status;

	if (strlen(id) >= VM_DOCUMENT_ID_MAX)
		return vm_fail(err, VM_ERR_LIMIT, "put %s: an id has at most %d bytes", id,
		               VM_DOCUMENT_ID_MAX - 1);
	status = check_json(id, json, length, err);
	if (status == VM_OK)
		status = database_write(local->database, "put", DURABLE, call, &connection, err);
	if (status != VM_OK)
		return status;
	put = statement_prepare(connection, version == 0 ? LOCAL_INSERT : LOCAL_UPDATE);
	statement_bind_text(&put, json, length);
	statement_bind_string(&put, id);
	if (version > 0)
		statement_bind_int(&put, (int64_t)version);
	status = statement_run(&put, &changes, err);
	if (status == VM_OK && changes == 0) {
		status = explain_conflict(connection, id, version, err);
		if (status == VM_OK)
			status = vm_fail(err, VM_ERR_CONFLICT, "put %s: no such document", id);
	}
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	return status;
}

int local_remove(void *self, const char *id, uint64_t version, const struct vm_call *call,
                 struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	struct statement remove;
	int64_t changes = 0;
	int status = database_write(local->database, "remove", DURABLE, call, &connection, err);

	if (status != VM_OK)
		return status;
	remove = statement_prepare(connection, LOCAL_REMOVE);
	statement_bind_string(&remove, id);
	statement_bind_int(&remove, (int64_t)version);
	status = statement_run(&remove, &changes, err);
	if (status == VM_OK && changes == 0)
		status = explain_conflict(connection, id, version, err);
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	return status;
}
