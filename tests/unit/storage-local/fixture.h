/* fixture.h - a store in a folder of its own, and short words for what tests do with it. */
#ifndef TESTS_STORAGE_LOCAL_FIXTURE_H
#define TESTS_STORAGE_LOCAL_FIXTURE_H

#include <sys/types.h>

#include <vidmill/plugin.h>

struct fixture {
	char folder[64]; /* the state directory */
	char root[80];   /* folder/storage */
	struct vm_host host;
	const struct vm_storage_ops *ops;
	void *self;
};

/* In `parent`, or with NULL in the folder for temporary files. */
void fixture_init(struct fixture *fixture, const char *parent);
/* Another instance over the same folder, as another process has it. */
void fixture_share(const struct fixture *fixture, struct fixture *other);
void fixture_finish(struct fixture *fixture); /* removes the folder */
void fixture_finish_shared(struct fixture *fixture);

/* Each fails the test when the operation fails. */
void put(struct fixture *fixture, const char *key, const char *text);
void check_text(struct fixture *fixture, const char *key, const char *text);
void begin(struct fixture *fixture, const char *key, char upload[VM_UPLOAD_ID_MAX]);
struct vm_part send_part(struct fixture *fixture, const char *key, const char *upload,
                         uint32_t number, const char *text);
/* The statuses of stat and commit. */
int find(struct fixture *fixture, const char *key);
int commit(struct fixture *fixture, const char *key, const char *upload,
           const struct vm_part *parts, size_t count);

/* "key key key ", in the order of the list; in memory of the fixture. */
const char *listed(struct fixture *fixture, const char *prefix);
/* How many files and folders lie directly in `name` below the root. */
int entries(const struct fixture *fixture, const char *name);

/* A call whose token is triggered when its cancellation is asked for the nth time. */
struct cancelled_call {
	struct vm_call call;
	unsigned asked, trigger;
	uint64_t progress;
};
void cancelled_call_init(struct cancelled_call *call, unsigned trigger);

#endif
