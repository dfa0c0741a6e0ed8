/* fixture.h - documents in a folder of their own, and short words for what tests do with them. */
#ifndef TESTS_META_LOCAL_FIXTURE_H
#define TESTS_META_LOCAL_FIXTURE_H

#include "unit/sqlite/place.h"

#include <vidmill/plugin.h>

#include "meta_local.h"

struct fixture {
	char folder[PLACE_MAX]; /* the state directory */
	struct vm_host host;
	struct local_config config;
	const struct vm_meta_ops *ops;
	void *self;
};

/* Indexed are the texts "state" and "owner", the integers "wake" and "created". */
void fixture_init(struct fixture *fixture);
/* An instance over a folder that is there, as another process has it; it was told of no fields. */
void fixture_share(struct fixture *fixture, const char *folder);
void fixture_finish(struct fixture *fixture); /* removes the folder */
void fixture_finish_shared(struct fixture *fixture);

int put(struct fixture *fixture, const char *id, uint64_t version, const char *json,
        struct vm_error *err);
/* Fails the test unless it is stored. */
void expect_put(struct fixture *fixture, const char *id, uint64_t version, const char *json);
/* A status other than VM_OK leaves *version and text alone. */
int get(struct fixture *fixture, const char *id, uint64_t *version, char *text, size_t size);
/* The ids that a find emits, "a b c "; fails the test when it fails. */
const char *found(struct fixture *fixture, const struct vm_find *find);

/* Runs SQL on the file, behind the plugin's back; each row's last column, "x\ny\n". */
const char *run_sql(struct fixture *fixture, const char *sql);

#endif
