/* fields.c - what find may ask for: an index for each field, over an expression of the JSON. */
#include <stdio.h>
#include <string.h>

#include "meta_local.h"

/* As it is said in SQL, and what json_type calls it. */
static const char *type_word(enum vm_field_type type)
{
	return type == VM_FIELD_TEXT ? "text" : "integer";
}

/* The name goes into SQL, so it can be nothing but a name. */
static int check_field(const struct vm_field *field, struct vm_error *err)
{
	size_t length = strlen(field->name);

	if (length == 0 || length > LOCAL_FIELD_NAME_MAX ||
	    strspn(field->name, "abcdefghijklmnopqrstuvwxyz_") != length)
		return vm_fail(err, VM_ERR_UNSUPPORTED,
		               "index %.64s: a field's name has letters a-z and '_', at most %d",
		               field->name, LOCAL_FIELD_NAME_MAX);
	if (field->type != VM_FIELD_TEXT && field->type != VM_FIELD_INT)
		return vm_fail(err, VM_ERR_UNSUPPORTED, "index %s: field type %d is not known", field->name,
		               (int)field->type);
	return VM_OK;
}

void local_expression(const char *field, enum vm_field_type type, char text[LOCAL_EXPRESSION_MAX])
{
	snprintf(text, LOCAL_EXPRESSION_MAX,
	         "CASE json_type(json, '$.%s') WHEN '%s' THEN json_extract(json, '$.%s') END", field,
	         type_word(type), field);
}

/* [with the lock] */
static struct local_field *find_field(struct local *local, const char *name)
{
	for (size_t i = 0; i < local->n_fields; i++)
		if (strcmp(local->fields[i].name, name) == 0)
			return &local->fields[i];
	return NULL;
}

enum vm_field_type local_field_type(struct local *local, const char *field)
{
	const struct local_field *known;
	enum vm_field_type type;

	pthread_mutex_lock(&local->lock);
	known = find_field(local, field);
	type = known != NULL ? known->type : (enum vm_field_type)0;
	pthread_mutex_unlock(&local->lock);
	return type;
}

static int remember(struct local *local, const struct vm_field *field, struct vm_error *err)
{
	struct local_field *known;
	int status = VM_OK;

	pthread_mutex_lock(&local->lock);
	known = find_field(local, field->name);
	if (known == NULL && local->n_fields < LOCAL_FIELDS_MOST) {
		known = &local->fields[local->n_fields++];
		snprintf(known->name, sizeof known->name, "%s", field->name);
	}
	if (known != NULL)
		known->type = field->type;
	else
		status = vm_fail(err, VM_ERR_LIMIT, "index %s: at most %d fields", field->name,
		                 LOCAL_FIELDS_MOST);
	pthread_mutex_unlock(&local->lock);
	return status;
}

/* The type is part of the name: a field that changes its type gets another index. */
static int make_index(struct connection *connection, const struct vm_field *field,
                      struct vm_error *err)
{
	char expression[LOCAL_EXPRESSION_MAX], sql[LOCAL_EXPRESSION_MAX + 256];
	struct statement make;

	local_expression(field->name, field->type, expression);
	snprintf(sql, sizeof sql, "CREATE INDEX IF NOT EXISTS %s_%s ON documents (%s, id)", field->name,
	         type_word(field->type), expression);
	make = statement_compile(connection, sql);
	return statement_run(&make, NULL, err);
}

int local_index(void *self, const struct vm_field *fields, size_t count, const struct vm_call *call,
                struct vm_error *err)
{
	struct local *local = self;
	struct connection *connection = NULL;
	int status = VM_OK;

	for (size_t i = 0; i < count && status == VM_OK; i++)
		status = check_field(&fields[i], err);
	if (status == VM_OK)
		status = database_write(local->database, "index", DURABLE, call, &connection, err);
	if (status != VM_OK)
		return status;
	for (size_t i = 0; i < count && status == VM_OK; i++)
		status = make_index(connection, &fields[i], err);
	if (status == VM_OK)
		status = database_commit(connection, err);
	database_end(connection);
	for (size_t i = 0; i < count && status == VM_OK; i++)
		status = remember(local, &fields[i], err);
	return status;
}
