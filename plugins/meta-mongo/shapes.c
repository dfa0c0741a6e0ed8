/* shapes.c - an index for each set of fields that finds ask for together, made at the first one. */
#include <stdlib.h>
#include <string.h>

#include "mongo.h"

enum { EQUAL_MOST = 3 };

struct shape {
	const char *equal[EQUAL_MOST]; /* by name */
	size_t n_equal;
	const char *order_by;
};

struct shaping {
	struct mongo_errand errand;
	char name[MONGO_SHAPE_MAX];
	bson_t command;
};

/* False for one that the index of a single field serves as well. */
static bool shape_of(const struct vm_find *find, struct shape *shape)
{
	*shape = (struct shape){.order_by = find->order_by};
	for (size_t i = 0; i < find->count; i++) {
		const char *field = find->conditions[i].field;
		size_t at = shape->n_equal;

		if (find->conditions[i].match != VM_MATCH_EQUAL)
			continue;
		if (at == EQUAL_MOST)
			return false;
		for (; at > 0 && strcmp(shape->equal[at - 1], field) > 0; at--)
			shape->equal[at] = shape->equal[at - 1];
		shape->equal[at] = field;
		shape->n_equal++;
	}
	return shape->n_equal > 0 && shape->order_by != NULL;
}

/* "owner.state.by.created_ms" */
static bool write_name(const struct shape *shape, char name[MONGO_SHAPE_MAX])
{
	size_t length = 0;

	for (size_t i = 0; i < shape->n_equal && length < MONGO_SHAPE_MAX; i++)
		length += (size_t)snprintf(name + length, MONGO_SHAPE_MAX - length, "%s.", shape->equal[i]);
	if (length < MONGO_SHAPE_MAX)
		length += (size_t)snprintf(name + length, MONGO_SHAPE_MAX - length, "by.%s",
		                           shape->order_by);
	return length < MONGO_SHAPE_MAX;
}

/* False when it is there already, or there is no room for it. */
static bool remember(struct mongo *mongo, const char *name)
{
	bool fresh;

	pthread_mutex_lock(&mongo->lock);
	fresh = mongo->n_shapes < MONGO_SHAPES_MOST;
	for (size_t i = 0; i < mongo->n_shapes; i++)
		fresh = fresh && strcmp(mongo->shapes[i], name) != 0;
	if (fresh)
		snprintf(mongo->shapes[mongo->n_shapes++], MONGO_SHAPE_MAX, "%s", name);
	pthread_mutex_unlock(&mongo->lock);
	return fresh;
}

/* The next find of its shape tries again. */
static void forget(struct mongo *mongo, const char *name)
{
	pthread_mutex_lock(&mongo->lock);
	for (size_t i = 0; i < mongo->n_shapes; i++)
		if (strcmp(mongo->shapes[i], name) == 0) {
			memmove(mongo->shapes[i], mongo->shapes[--mongo->n_shapes], MONGO_SHAPE_MAX);
			break;
		}
	pthread_mutex_unlock(&mongo->lock);
}

static void finish(struct mongo_errand *errand)
{
	struct shaping *shaping = (struct shaping *)errand;

	bson_destroy(&shaping->command);
	free(shaping);
}

static void run(struct mongo_errand *errand, mongoc_collection_t *collection)
{
	struct shaping *shaping = (struct shaping *)errand;

	errand->failed = !mongoc_collection_write_command_with_opts(collection, &shaping->command, NULL,
	                                                            &errand->reply, &errand->error);
	if (errand->failed)
		forget(errand->mongo, shaping->name);
}

static void write_command(const struct mongo *mongo, const struct shape *shape,
                          struct shaping *shaping)
{
	bson_t indexes, entry, key;

	bson_init(&shaping->command);
	bson_append_utf8(&shaping->command, "createIndexes", -1, mongo->config->collection, -1);
	bson_append_array_begin(&shaping->command, "indexes", -1, &indexes);
	bson_append_document_begin(&indexes, "0", -1, &entry);
	bson_append_document_begin(&entry, "key", -1, &key);
	for (size_t i = 0; i < shape->n_equal; i++)
		mongo_append_path(&key, shape->equal[i]);
	mongo_append_path(&key, shape->order_by);
	bson_append_int32(&key, "_id", -1, 1);
	bson_append_document_end(&entry, &key);
	bson_append_utf8(&entry, "name", -1, shaping->name, -1);
	bson_append_document_end(&indexes, &entry);
	bson_append_array_end(&shaping->command, &indexes);
}

void mongo_shape(struct mongo *mongo, const struct vm_find *find)
{
	struct shape shape;
	struct shaping *shaping;
	char name[MONGO_SHAPE_MAX];

	if (!shape_of(find, &shape) || !write_name(&shape, name) || !remember(mongo, name))
		return;
	shaping = calloc(1, sizeof *shaping);
	if (shaping == NULL) {
		forget(mongo, name);
		return;
	}
	memcpy(shaping->name, name, sizeof name);
	shaping->errand = (struct mongo_errand){
	    .what = "index", .writes = true, .run = run, .finish = finish};
	write_command(mongo, &shape, shaping);
	if (mongo_errand_start(mongo, &shaping->errand, NULL) != VM_OK)
		forget(mongo, name);
	mongo_errand_end(&shaping->errand);
}
