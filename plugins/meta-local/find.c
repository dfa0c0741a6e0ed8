/* find.c - what a find asks for as one SQL statement, and its rows. */
#include <stdio.h>
#include <stdlib.h>

#include "meta_local.h"

static const char *const comparisons[] = {
    [VM_MATCH_EQUAL] = "=",
    [VM_MATCH_BELOW_OR_EQUAL] = "<=",
    [VM_MATCH_ABOVE_OR_EQUAL] = ">=",
};

/* The SQL of one find. Names of fields were checked by index; values are bound, never pasted. */
struct query {
	struct local *local;
	const struct vm_find *find;
	FILE *out; /* onto sql */
	char *sql;
	size_t length;
	char index[LOCAL_SHAPE_NAME_MAX]; /* the one to go through; empty: SQLite chooses */
};

static int write_field(struct query *query, const char *field, struct vm_error *err)
{
	enum vm_field_type type = local_field_type(query->local, field);
	char expression[LOCAL_EXPRESSION_MAX];

	if (type == 0)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "find by %s: not an indexed field", field);
	local_expression(field, type, expression);
	fputs(expression, query->out);
	return VM_OK;
}

static int write_conditions(struct query *query, struct vm_error *err)
{
	const struct vm_find *find = query->find;
	int status = VM_OK;

	fputs(" FROM documents", query->out);
	if (query->index[0] != '\0')
		fprintf(query->out, " INDEXED BY %s", query->index);
	fputs(" WHERE TRUE", query->out);
	for (size_t i = 0; i < find->count && status == VM_OK; i++) {
		fputs(" AND ", query->out);
		status = write_field(query, find->conditions[i].field, err);
		fprintf(query->out, " %s ?", comparisons[find->conditions[i].match]);
	}
	return status;
}

/* Where to go on, the order, the limit. Each comparison that an index can serve stands alone. */
static int write_order(struct query *query, struct vm_error *err)
{
	const struct vm_find *find = query->find;
	const char *behind = find->descending ? "<" : ">", *direction = find->descending ? " DESC" : "";
	char expression[LOCAL_EXPRESSION_MAX];
	enum vm_field_type type;

	if (find->order_by == NULL) {
		if (find->after_id != NULL)
			fprintf(query->out, " AND id %s ?", behind);
		fprintf(query->out, " ORDER BY id%s", direction);
	} else {
		type = local_field_type(query->local, find->order_by);
		if (type == 0)
			return vm_fail(err, VM_ERR_UNSUPPORTED, "find ordered by %s: not an indexed field",
			               find->order_by);
		local_expression(find->order_by, type, expression);
		fprintf(query->out, " AND %s IS NOT NULL", expression);
		if (find->after_id != NULL)
			fprintf(query->out, " AND %s %s= ? AND (%s %s ? OR id %s ?)", expression, behind,
			        expression, behind, behind);
		fprintf(query->out, " ORDER BY %s%s, id%s", expression, direction, direction);
	}
	if (find->limit > 0)
		fputs(" LIMIT ?", query->out);
	return VM_OK;
}

static int write_query(struct query *query, const char *select, bool ordered, struct vm_error *err)
{
	int status, failed;

	query->out = open_memstream(&query->sql, &query->length);
	if (query->out == NULL)
		return vm_fail_memory(err);
	fputs(select, query->out);
	status = write_conditions(query, err);
	if (status == VM_OK && ordered)
		status = write_order(query, err);
	/* Half a statement may be one that finds more than was asked for. */
	failed = ferror(query->out);
	if ((fclose(query->out) != 0 || failed) && status == VM_OK)
		status = vm_fail_memory(err);
	return status;
}

static void bind_value(struct statement *statement, const struct query *query, const char *field,
                       const char *text, int64_t number)
{
	if (local_field_type(query->local, field) == VM_FIELD_TEXT)
		statement_bind_string(statement, text);
	else
		statement_bind_int(statement, number);
}

/* In the order in which the parameters were written. */
static void bind_query(struct statement *statement, const struct query *query, bool ordered)
{
	const struct vm_find *find = query->find;
	const struct vm_condition *condition;

	for (size_t i = 0; i < find->count; i++) {
		condition = &find->conditions[i];
		bind_value(statement, query, condition->field, condition->text, condition->number);
	}
	if (!ordered)
		return;
	if (find->after_id != NULL && find->order_by != NULL) {
		bind_value(statement, query, find->order_by, find->after_text, find->after_number);
		bind_value(statement, query, find->order_by, find->after_text, find->after_number);
	}
	if (find->after_id != NULL)
		statement_bind_string(statement, find->after_id);
	if (find->limit > 0)
		statement_bind_int(statement, find->limit);
}

static int emit_row(sqlite3_stmt *row, vm_document_fn *emit, void *ctx, enum vm_more *more,
                    struct vm_error *err)
{
	struct vm_document document = {.id = (const char *)sqlite3_column_text(row, 0),
	                               .version = (uint64_t)sqlite3_column_int64(row, 1),
	                               .json = (const char *)sqlite3_column_text(row, 2),
	                               .length = (size_t)sqlite3_column_bytes(row, 2)};

	if (document.id == NULL || document.json == NULL)
		return vm_fail_memory(err);
	*more = emit(ctx, &document);
	return VM_OK;
}

/* One statement sees one state of the file, however long it runs, and keeps no writer waiting. */
static int run_find(struct connection *connection, const struct query *query, vm_document_fn *emit,
                    void *ctx, struct vm_error *err)
{
	struct statement find = statement_compile(connection, query->sql);
	enum vm_more more = VM_MORE;
	bool row;
	int status;

	bind_query(&find, query, true);
	do {
		status = statement_step(&find, &row, err);
		if (status == VM_OK && row)
			status = emit_row(find.handle, emit, ctx, &more, err);
	} while (status == VM_OK && row && more == VM_MORE);
	statement_finish(&find);
	return status;
}

int local_find(void *self, const struct vm_find *find, vm_document_fn *emit, void *ctx,
               const struct vm_call *call, struct vm_error *err)
{
	struct local *local = self;
	struct query query = {.local = local, .find = find};
	struct connection *connection = NULL;
	int status;

	if (!local_shape(local, find, call, query.index))
		query.index[0] = '\0';
	status = write_query(&query, "SELECT id, version, json", true, err);
	if (status == VM_OK)
		status = database_read(local->database, "find", call, &connection, err);
	if (status == VM_OK)
		status = run_find(connection, &query, emit, ctx, err);
	database_end(connection);
	free(query.sql);
	return status;
}

static int run_count(struct connection *connection, const struct query *query, uint64_t *count,
                     struct vm_error *err)
{
	struct statement statement = statement_compile(connection, query->sql);
	bool row;
	int status;

	bind_query(&statement, query, false);
	status = statement_step(&statement, &row, err);
	if (status == VM_OK)
		*count = (uint64_t)sqlite3_column_int64(statement.handle, 0);
	statement_finish(&statement);
	return status;
}

int local_count(void *self, const struct vm_find *find, uint64_t *count, const struct vm_call *call,
                struct vm_error *err)
{
	struct local *local = self;
	struct query query = {.local = local, .find = find};
	struct connection *connection = NULL;
	int status = write_query(&query, "SELECT count(*)", false, err);

	if (status == VM_OK)
		status = database_read(local->database, "count", call, &connection, err);
	if (status == VM_OK)
		status = run_count(connection, &query, count, err);
	database_end(connection);
	free(query.sql);
	return status;
}
