/* mongo.h - the collection and what its files share. */
#ifndef META_MONGO_MONGO_H
#define META_MONGO_MONGO_H

#include <mongoc/mongoc.h>
#include <pthread.h>
#include <vidmill/plugin.h>

#define MONGO_SHAPES_MOST 24 /* MongoDB has 64 indexes in a collection */
#define MONGO_SHAPE_MAX 120

struct mongo_config {
	const char *uri;
	const char *database;
	const char *collection;
	int64_t connections;
};

/*
 * One document of the collection:
 *
 *	{ _id: "…", version: 3, fields: { state: "processed", created_ms: 1764031234567 },
 *	  json: "{\"state\":\"processed\", …}" }
 *
 * `json` is what was put, byte for byte. `fields` has its top-level texts and
 * integers, for find and for people; a name that MongoDB cannot address is left
 * out, and no field that find asks for has one.
 */
struct mongo {
	const struct mongo_config *config;
	const struct vm_host *host;
	mongoc_client_pool_t *pool;
	pthread_mutex_t lock;
	pthread_cond_t home;
	/* Under the lock: */
	unsigned away;              /* errands under way, also those that nobody waits for */
	struct mongo_field *fields; /* what find may ask for */
	size_t n_fields;
	/* Whose indexes are there, or on their way. */
	char shapes[MONGO_SHAPES_MOST][MONGO_SHAPE_MAX];
	size_t n_shapes;
};

struct mongo_field {
	char name[64];
	enum vm_field_type type;
};

/* Whether the field that orders is a text, as index was told. */
bool mongo_is_text(struct mongo *mongo, const char *field);

/*
 * Asks the server, in a thread of its own, so that a caller who is cancelled can
 * leave: libmongoc has nothing to end a call with. `errand` begins a struct of
 * the caller's that is all the thread uses; `finish` frees what it holds and is
 * called once, when both sides are done with it.
 */
struct mongo_errand {
	const char *what; /* "put 0a1b": begins the sentence of an error; constant or in the struct */
	bool writes;      /* a lost answer means that it may have happened */
	void (*run)(struct mongo_errand *errand, mongoc_collection_t *collection);
	void (*finish)(struct mongo_errand *errand);
	/* Set by run: */
	bool failed;
	bson_error_t error;
	bson_t reply; /* initialised before run is called */
	/* Of errand.c: */
	struct mongo *mongo;
	int done_fd;
	bool left; /* nobody waits any more; under the lock */
	bool over; /* under the lock */
};

/* Begins it and waits for nothing: mongo_errand_end lets it go its way. */
int mongo_errand_start(struct mongo *mongo, struct mongo_errand *errand, const struct vm_call *call,
                       struct vm_error *err);
/* VM_OK when it ran and did not fail; then its results may be looked at until mongo_errand_end. */
int mongo_errand_run(struct mongo *mongo, struct mongo_errand *errand, const struct vm_call *call,
                     struct vm_error *err);
/* Always after one of these, whatever it returned; `errand` is not the caller's any more. */
void mongo_errand_end(struct mongo_errand *errand);

/* What the server or the driver said, as a status. */
int mongo_fail(const struct mongo_errand *errand, struct vm_error *err);
bool mongo_is_duplicate(const struct mongo_errand *errand);

/*
 * Has an index made for what `find` asks for together: the fields that are equal,
 * the one that orders, the id. The first find of its shape does not wait for it.
 */
void mongo_shape(struct mongo *mongo, const struct vm_find *find, const struct vm_call *call);
/* Adds to the "indexes" of createIndexes: over these fields in their order, then over the id. */
void mongo_add_index(bson_t *indexes, uint32_t number, const char *name, const char *const *fields,
                     size_t count);

/* The document to store. */
int mongo_document(const char *id, uint64_t version, const char *json, size_t length, bson_t *out,
                   struct vm_error *err);

int mongo_index(void *self, const struct vm_field *fields, size_t count, const struct vm_call *call,
                struct vm_error *err);
int mongo_get(void *self, const char *id, struct vm_sink *json, uint64_t *version,
              const struct vm_call *call, struct vm_error *err);
int mongo_put(void *self, const char *id, uint64_t version, const char *json, size_t length,
              const struct vm_call *call, struct vm_error *err);
int mongo_find(void *self, const struct vm_find *find, vm_document_fn *emit, void *ctx,
               const struct vm_call *call, struct vm_error *err);
int mongo_count(void *self, const struct vm_find *find, uint64_t *count, const struct vm_call *call,
                struct vm_error *err);
int mongo_remove(void *self, const char *id, uint64_t version, const struct vm_call *call,
                 struct vm_error *err);

#endif
