/* fixture.c - a store in a folder of its own, and short words for what tests do with it. */
#include "fixture.h"

#include <check.h>
#include <dirent.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store.h"

static const struct store_config config = {.root = "storage"};

static void create(struct fixture *fixture)
{
	struct vm_error err;

	fixture->ops = vm_plugin_entry.ops.storage;
	ck_assert_int_eq(vm_plugin_entry.create(&fixture->host, &config, &fixture->self, &err), VM_OK);
}

void fixture_init(struct fixture *fixture, const char *parent)
{
	const char *tmp = getenv("TMPDIR");

	if (parent == NULL)
		parent = tmp != NULL ? tmp : "/tmp";
	*fixture = (struct fixture){.host = {.size = sizeof fixture->host, .role = "storage"}};
	snprintf(fixture->folder, sizeof fixture->folder, "%s/vidmill-XXXXXX", parent);
	ck_assert_ptr_nonnull(mkdtemp(fixture->folder));
	snprintf(fixture->root, sizeof fixture->root, "%s/storage", fixture->folder);
	fixture->host.state_dir = fixture->folder;
	create(fixture);
}

void fixture_share(const struct fixture *fixture, struct fixture *other)
{
	*other = *fixture;
	create(other);
}

static int remove_entry(const char *path, const struct stat *file, int type, struct FTW *where)
{
	(void)file;
	(void)type;
	(void)where;
	return remove(path);
}

void fixture_finish(struct fixture *fixture)
{
	fixture_finish_shared(fixture);
	nftw(fixture->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

void fixture_finish_shared(struct fixture *fixture)
{
	vm_plugin_entry.destroy(fixture->self);
}

void put(struct fixture *fixture, const char *key, const char *text)
{
	struct vm_put how = {.key = key};
	struct vm_error err;
	int status = fixture->ops->put(fixture->self, &how, text, strlen(text), NULL, NULL, &err);

	ck_assert_msg(status == VM_OK, "%s", err.message);
}

void check_text(struct fixture *fixture, const char *key, const char *text)
{
	char bytes[256];
	struct vm_error err;
	size_t got;
	int status = fixture->ops->read_at(fixture->self, key, NULL, 0, bytes, sizeof bytes, &got, NULL,
	                                   &err);

	ck_assert_msg(status == VM_OK, "%s", err.message);
	ck_assert_uint_eq(got, strlen(text));
	ck_assert_mem_eq(bytes, text, got);
}

void begin(struct fixture *fixture, const char *key, char upload[VM_UPLOAD_ID_MAX])
{
	struct vm_put how = {.key = key};
	struct vm_error err;

	ck_assert_int_eq(fixture->ops->upload_begin(fixture->self, &how, upload, NULL, &err), VM_OK);
}

struct vm_part send_part(struct fixture *fixture, const char *key, const char *upload,
                         uint32_t number, const char *text)
{
	struct vm_part part;
	struct vm_error err;
	int status = fixture->ops->upload_part(fixture->self, key, upload, number, text, strlen(text),
	                                       &part, NULL, &err);

	ck_assert_msg(status == VM_OK, "%s", err.message);
	return part;
}

int find(struct fixture *fixture, const char *key)
{
	struct vm_object object;

	return fixture->ops->stat(fixture->self, key, &object, NULL, NULL);
}

int commit(struct fixture *fixture, const char *key, const char *upload,
           const struct vm_part *parts, size_t count)
{
	struct vm_put how = {.key = key};

	return fixture->ops->upload_commit(fixture->self, &how, upload, parts, count, NULL, NULL, NULL);
}

static char text_of_list[4096];

static enum vm_more take_key(void *ctx, const char *key, const struct vm_object *object)
{
	size_t length = strlen(text_of_list);

	(void)ctx;
	(void)object;
	snprintf(text_of_list + length, sizeof text_of_list - length, "%s ", key);
	return VM_MORE;
}

const char *listed(struct fixture *fixture, const char *prefix)
{
	struct vm_error err;

	text_of_list[0] = '\0';
	ck_assert_int_eq(fixture->ops->list(fixture->self, prefix, take_key, NULL, NULL, &err), VM_OK);
	return text_of_list;
}

int entries(const struct fixture *fixture, const char *name)
{
	char path[128];
	DIR *folder;
	int count = 0;

	snprintf(path, sizeof path, "%s/%s", fixture->root, name);
	folder = opendir(path);
	if (folder == NULL)
		return 0;
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count - 2;
}

static struct cancelled_call *own(const struct vm_call *call)
{
	/* The call is the first member of a cancelled_call that is not constant. */
	return (struct cancelled_call *)(uintptr_t)call;
}

static bool cancelled(const struct vm_call *call)
{
	return ++own(call)->asked >= own(call)->trigger;
}

static int no_fd(const struct vm_call *call)
{
	(void)call;
	return -1;
}

static int64_t no_deadline(const struct vm_call *call)
{
	(void)call;
	return INT64_MAX;
}

static bool sleep_shortly(const struct vm_call *call, uint64_t duration_ms)
{
	struct timespec time = {(time_t)(duration_ms / 1000), (long)(duration_ms % 1000) * 1000000};

	nanosleep(&time, NULL);
	return !cancelled(call);
}

static void take_progress(const struct vm_call *call, uint64_t done, uint64_t total)
{
	(void)total;
	own(call)->progress = done;
}

void cancelled_call_init(struct cancelled_call *call, unsigned trigger)
{
	static const struct vm_call_table table = {
	    sizeof table, 0, cancelled, no_fd, no_deadline, sleep_shortly, take_progress};

	*call = (struct cancelled_call){.call.table = &table, .trigger = trigger};
}
