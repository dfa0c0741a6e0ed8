/* meta_local.h - the instance and what its files share. */
#ifndef META_LOCAL_H
#define META_LOCAL_H

#include <pthread.h>

#include <vidmill/meta.h>

#include "sqlite/statement.h"

struct local_config {
	const char *database;
};

#define LOCAL_FIELD_NAME_MAX 64
#define LOCAL_FIELDS_MOST 32
#define LOCAL_SHAPES_MOST 16
#define LOCAL_SHAPE_NAME_MAX 256

struct local_field {
	char name[LOCAL_FIELD_NAME_MAX + 1];
	enum vm_field_type type;
};

/* [any thread] */
struct local {
	struct database *database;
	pthread_mutex_t lock; /* of all below */
	struct local_field fields[LOCAL_FIELDS_MOST];
	size_t n_fields;
	char shapes[LOCAL_SHAPES_MOST][LOCAL_SHAPE_NAME_MAX]; /* indices that are there */
	size_t n_shapes;
};

enum local_statement {
	LOCAL_GET,
	LOCAL_INSERT,
	LOCAL_UPDATE,
	LOCAL_VERSION,
	LOCAL_REMOVE,
};

extern const struct database_plan local_plan;

/* 0: index was not told of it. */
enum vm_field_type local_field_type(struct local *local, const char *field);

/*
 * The SQL expression of a field's value: NULL where the member is absent, null
 * or of another type. The index is made of the very same text, which is how
 * SQLite finds it. The name must be one that index took.
 */
#define LOCAL_EXPRESSION_MAX 256
void local_expression(const char *field, enum vm_field_type type, char text[LOCAL_EXPRESSION_MAX]);

/*
 * The name of an index that serves this find alone, however many documents there
 * are: equal fields first, then the order. It is made when it is first wanted.
 * False when there is none: the find is answered all the same, only slower.
 */
bool local_shape(struct local *local, const struct vm_find *find, const struct vm_call *call,
                 char name[LOCAL_SHAPE_NAME_MAX]);

int local_index(void *self, const struct vm_field *fields, size_t count, const struct vm_call *call,
                struct vm_error *err);
int local_get(void *self, const char *id, struct vm_sink *json, uint64_t *version,
              const struct vm_call *call, struct vm_error *err);
int local_put(void *self, const char *id, uint64_t version, const char *json, size_t length,
              const struct vm_call *call, struct vm_error *err);
int local_remove(void *self, const char *id, uint64_t version, const struct vm_call *call,
                 struct vm_error *err);
int local_find(void *self, const struct vm_find *find, vm_document_fn *emit, void *ctx,
               const struct vm_call *call, struct vm_error *err);
int local_count(void *self, const struct vm_find *find, uint64_t *count, const struct vm_call *call,
                struct vm_error *err);

#endif
