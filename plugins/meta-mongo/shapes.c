/* shapes.c - an index for each set of fields that finds ask for together, made at the first one. */
#include <stdlib.h>
#include <string.h>

#include "kit/shape.h"
#include "mongo.h"

struct shaping {
	struct mongo_errand errand;
	char name[MONGO_SHAPE_MAX];
	bson_t command;
};

/* "owner.state.by.created_ms" */
static bool write_name(const struct kit_shape *shape, char name[MONGO_SHAPE_MAX])
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

static void write_command(const struct mongo *mongo, const struct kit_shape *shape,
                          struct shaping *shaping)
{
	const char *fields[KIT_SHAPE_EQUAL_MOST + 1];
	bson_t indexes;

	memcpy(fields, shape->equal, shape->n_equal * sizeof *fields);
	fields[shape->n_equal] = shape->order_by;
	bson_init(&shaping->command);
	bson_append_utf8(&shaping->command, "createIndexes", -1, mongo->config->collection, -1);
	bson_append_array_begin(&shaping->command, "indexes", -1, &indexes);
	mongo_add_index(&indexes, 0, shaping->name, fields, shape->n_equal + 1);
	bson_append_array_end(&shaping->command, &indexes);
}

void mongo_shape(struct mongo *mongo, const struct vm_find *find, const struct vm_call *call)
{
	struct kit_shape shape;
	struct shaping *shaping;
	char name[MONGO_SHAPE_MAX];

	if (!kit_shape_of(find, &shape) || !write_name(&shape, name) || !remember(mongo, name))
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
	if (mongo_errand_start(mongo, &shaping->errand, call, NULL) != VM_OK)
		forget(mongo, name);
	mongo_errand_end(&shaping->errand);
}
