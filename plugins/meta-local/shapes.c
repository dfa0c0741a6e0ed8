/* shapes.c - an index for each set of fields that finds ask for together, made at the first one. */
#include <stdio.h>
#include <string.h>

#include "kit/shape.h"
#include "meta_local.h"

/* Names of fields have letters and '_' only, so this is SQL and nothing else. */
static bool write_name(const struct kit_shape *shape, char name[LOCAL_SHAPE_NAME_MAX])
{
	size_t length = 0;

	for (size_t i = 0; i < shape->n_equal && length < LOCAL_SHAPE_NAME_MAX; i++)
		length += (size_t)snprintf(name + length, LOCAL_SHAPE_NAME_MAX - length, "%s__",
		                           shape->equal[i]);
	if (length < LOCAL_SHAPE_NAME_MAX)
		length += (size_t)snprintf(name + length, LOCAL_SHAPE_NAME_MAX - length, "by_%s",
		                           shape->order_by);
	return length < LOCAL_SHAPE_NAME_MAX;
}

static bool write_expression(FILE *out, struct local *local, const char *field)
{
	enum vm_field_type type = local_field_type(local, field);
	char expression[LOCAL_EXPRESSION_MAX];

	if (type == 0)
		return false;
	local_expression(field, type, expression);
	fprintf(out, "%s, ", expression);
	return true;
}

static bool write_index(struct local *local, const struct kit_shape *shape, const char *name,
                        char *sql, size_t size)
{
	FILE *out = fmemopen(sql, size, "w");
	bool ok;

	if (out == NULL)
		return false;
	fprintf(out, "CREATE INDEX IF NOT EXISTS %s ON documents (", name);
	ok = true;
	for (size_t i = 0; ok && i < shape->n_equal; i++)
		ok = write_expression(out, local, shape->equal[i]);
	ok = ok && write_expression(out, local, shape->order_by);
	fputs("id)", out);
	return fclose(out) == 0 && ok;
}

static int make(struct local *local, const struct kit_shape *shape, const char *name,
                const struct vm_call *call)
{
	struct connection *connection = NULL;
	struct statement statement;
	char sql[2048];
	int status;

	if (!write_index(local, shape, name, sql, sizeof sql))
		return VM_ERR_UNSUPPORTED;
	status = database_write(local->database, "index", DURABLE, call, &connection, NULL);
	if (status != VM_OK)
		return status;
	statement = statement_compile(connection, sql);
	status = statement_run(&statement, NULL, NULL);
	if (status == VM_OK)
		status = database_commit(connection, NULL);
	database_end(connection);
	return status;
}

static bool is_known(struct local *local, const char *name)
{
	bool known = false;

	pthread_mutex_lock(&local->lock);
	for (size_t i = 0; i < local->n_shapes; i++)
		known = known || strcmp(local->shapes[i], name) == 0;
	pthread_mutex_unlock(&local->lock);
	return known;
}

static void remember(struct local *local, const char *name)
{
	pthread_mutex_lock(&local->lock);
	if (local->n_shapes < LOCAL_SHAPES_MOST)
		memcpy(local->shapes[local->n_shapes++], name, LOCAL_SHAPE_NAME_MAX);
	pthread_mutex_unlock(&local->lock);
}

static bool has_room(struct local *local)
{
	bool room;

	pthread_mutex_lock(&local->lock);
	room = local->n_shapes < LOCAL_SHAPES_MOST;
	pthread_mutex_unlock(&local->lock);
	return room;
}

bool local_shape(struct local *local, const struct vm_find *find, const struct vm_call *call,
                 char name[LOCAL_SHAPE_NAME_MAX])
{
	struct kit_shape shape;

	memset(name, 0, LOCAL_SHAPE_NAME_MAX);
	if (!kit_shape_of(find, &shape) || !write_name(&shape, name))
		return false;
	if (is_known(local, name))
		return true;
	if (!has_room(local) || make(local, &shape, name, call) != VM_OK)
		return false;
	remember(local, name);
	return true;
}
