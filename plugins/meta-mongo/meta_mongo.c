/* meta_mongo.c - the plugin meta-mongo: documents in a collection of MongoDB. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "mongo.h"

static const struct vm_option options[] = {
    {.name = "uri",
     VM_STRING(struct mongo_config, uri),
     .flags = VM_REQUIRED | VM_SECRET,
     .doc = "Address of the servers and who asks them, mongodb:// or mongodb+srv://."},
    {.name = "database",
     VM_STRING(struct mongo_config, database),
     .fallback = "vidmill",
     .doc = "Name of the database."},
    {.name = "collection",
     VM_STRING(struct mongo_config, collection),
     .fallback = "videos",
     .doc = "Name of the collection; it is vidmill's alone."},
    {.name = "connections",
     VM_INT(struct mongo_config, connections),
     .fallback = "32",
     .min = 1,
     .max = 1000,
     .doc = "Connections to a server that may be open at once."},
    {0},
};

static bool is_name(const char *name)
{
	return name[0] != '\0' && strlen(name) < 64 && strpbrk(name, "/\\. \"$*<>:|?") == NULL;
}

static int check(const void *config, struct vm_error *err)
{
	const struct mongo_config *mongo = config;
	const char *const names[] = {mongo->database, mongo->collection};
	bson_error_t error;
	mongoc_uri_t *uri = mongoc_uri_new_with_error(mongo->uri, &error);

	/* What the driver says of it may repeat a part of it, which may be the password. */
	if (uri == NULL)
		return vm_fail(err, VM_ERR_CONFIG,
		               "uri: not like \"mongodb://user:password@host:27017/?replicaSet=rs\"");
	mongoc_uri_destroy(uri);
	for (size_t i = 0; i < 2; i++)
		if (!is_name(names[i]))
			return vm_fail(
			    err, VM_ERR_CONFIG,
			    "%s \"%.80s\": a name has at most 63 characters, and none of /\\. \"$*<>:|?",
			    i == 0 ? "database" : "collection", names[i]);
	return VM_OK;
}

static void destroy(void *self)
{
	struct mongo *mongo = self;

	if (mongo == NULL)
		return;
	/* An errand that nobody waits for ends with the socket's own time limit. */
	pthread_mutex_lock(&mongo->lock);
	while (mongo->away > 0)
		pthread_cond_wait(&mongo->home, &mongo->lock);
	pthread_mutex_unlock(&mongo->lock);
	if (mongo->pool != NULL)
		mongoc_client_pool_destroy(mongo->pool);
	free(mongo->fields);
	pthread_cond_destroy(&mongo->home);
	pthread_mutex_destroy(&mongo->lock);
	free(mongo);
}

static void set_default(mongoc_uri_t *uri, const char *name, int32_t value)
{
	if (!mongoc_uri_has_option(uri, name))
		mongoc_uri_set_option_as_int32(uri, name, value);
}

/*
 * On a majority's disks before it counts as written. What the URI says of time
 * limits stands; of durability it may not say less.
 */
static void set_manners(mongoc_uri_t *uri, int64_t connections)
{
	mongoc_write_concern_t *concern = mongoc_write_concern_new();

	mongoc_write_concern_set_wmajority(concern, 10000);
	mongoc_write_concern_set_journal(concern, true);
	mongoc_uri_set_write_concern(uri, concern);
	mongoc_write_concern_destroy(concern);
	set_default(uri, MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 10000);
	set_default(uri, MONGOC_URI_CONNECTTIMEOUTMS, 5000);
	set_default(uri, MONGOC_URI_SOCKETTIMEOUTMS, 30000);
	set_default(uri, MONGOC_URI_WAITQUEUETIMEOUTMS, 10000);
	mongoc_uri_set_option_as_int32(uri, MONGOC_URI_MAXPOOLSIZE, (int32_t)connections);
}

static void ignore_log(mongoc_log_level_t level, const char *domain, const char *message, void *ctx)
{
	(void)level;
	(void)domain;
	(void)message;
	(void)ctx;
}

/* A plugin reports or logs; the driver would write to the standard error by itself. */
static int load(struct vm_error *err)
{
	(void)err;
	mongoc_init();
	mongoc_log_set_handler(ignore_log, NULL);
	return VM_OK;
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	const struct mongo_config *chosen = config;
	struct mongo *mongo = calloc(1, sizeof *mongo);
	mongoc_uri_t *uri;

	if (mongo == NULL)
		return vm_fail_memory(err);
	pthread_mutex_init(&mongo->lock, NULL);
	pthread_cond_init(&mongo->home, NULL);
	mongo->config = chosen;
	mongo->host = host;
	uri = mongoc_uri_new_with_error(chosen->uri, NULL);
	if (uri != NULL) {
		set_manners(uri, chosen->connections);
		mongo->pool = mongoc_client_pool_new(uri);
		mongoc_uri_destroy(uri);
	}
	if (mongo->pool == NULL) {
		destroy(mongo);
		return vm_fail(err, VM_ERR_CONFIG, "uri: the driver has no use for it");
	}
	mongoc_client_pool_set_error_api(mongo->pool, MONGOC_ERROR_API_VERSION_2);
	mongoc_client_pool_set_appname(mongo->pool, "vidmill");
	*self = mongo;
	return VM_OK;
}

static void unload(void)
{
	mongoc_cleanup();
}

static enum vm_more ignore(void *ctx, const struct vm_document *document)
{
	(void)ctx;
	(void)document;
	return VM_STOP;
}

/* The collection may be read. To count it would be to read all of it. */
static int connect_mongo(void *self, const struct vm_call *call, struct vm_error *err)
{
	const struct vm_find one = {.limit = 1};

	return mongo_find(self, &one, ignore, NULL, call, err);
}

static const struct vm_meta_ops ops = {
    .size = sizeof ops,
    .index = mongo_index,
    .get = mongo_get,
    .put = mongo_put,
    .find = mongo_find,
    .count = mongo_count,
    .remove = mongo_remove,
};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_META),
    .name = "meta-mongo",
    .version = "0.1.0",
    .summary = "Documents in a collection of MongoDB.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct mongo_config),
    .ops.meta = &ops,
    .load = load,
    .check = check,
    .create = create,
    .destroy = destroy,
    .connect = connect_mongo,
    .unload = unload,
};
