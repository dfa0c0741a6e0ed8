/* fixture.c - documents in a folder of their own, and short words for what tests do with them. */
#include "fixture.h"

#include <string.h>

void fixture_share(struct fixture *fixture, const char *folder)
{
	struct vm_error err;

	*fixture = (struct fixture){.host = {.size = sizeof fixture->host, .role = "meta"},
	                            .config = {.database = "videos"},
	                            .ops = vm_plugin_entry.ops.meta};
	snprintf(fixture->folder, sizeof fixture->folder, "%s", folder);
	fixture->host.state_dir = fixture->folder;
	expect_ok(&err, vm_plugin_entry.create(&fixture->host, &fixture->config, &fixture->self, &err));
}

void fixture_init(struct fixture *fixture)
{
	static const struct vm_field fields[] = {{"state", VM_FIELD_TEXT},
	                                         {"owner", VM_FIELD_TEXT},
	                                         {"wake", VM_FIELD_INT},
	                                         {"created", VM_FIELD_INT}};
	char folder[PLACE_MAX];
	struct vm_error err;

	place_make(folder);
	fixture_share(fixture, folder);
	expect_ok(&err, fixture->ops->index(fixture->self, fields, sizeof fields / sizeof *fields, NULL,
	                                    &err));
}

void fixture_finish_shared(struct fixture *fixture)
{
	vm_plugin_entry.destroy(fixture->self);
}

void fixture_finish(struct fixture *fixture)
{
	fixture_finish_shared(fixture);
	place_remove(fixture->folder);
}

int put(struct fixture *fixture, const char *id, uint64_t version, const char *json,
        struct vm_error *err)
{
	return fixture->ops->put(fixture->self, id, version, json, strlen(json), NULL, err);
}

void expect_put(struct fixture *fixture, const char *id, uint64_t version, const char *json)
{
	struct vm_error err;

	expect_ok(&err, put(fixture, id, version, json, &err));
}

struct text_sink {
	struct vm_sink sink;
	char *text;
	size_t size;
};

static int write_text(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	struct text_sink *out = (struct text_sink *)sink;

	(void)err;
	ck_assert_uint_lt(length, out->size);
	memcpy(out->text, bytes, length);
	out->text[length] = '\0';
	return VM_OK;
}

int get(struct fixture *fixture, const char *id, uint64_t *version, char *text, size_t size)
{
	struct text_sink sink = {{write_text}, text, size};
	struct vm_error err;

	return fixture->ops->get(fixture->self, id, &sink.sink, version, NULL, &err);
}

static enum vm_more add_id(void *ctx, const struct vm_document *document)
{
	char *ids = ctx;
	size_t before = strlen(ids);

	ck_assert_uint_eq(document->length, strlen(document->json));
	snprintf(ids + before, 1024 - before, "%s ", document->id);
	return VM_MORE;
}

const char *found(struct fixture *fixture, const struct vm_find *find)
{
	static char ids[1024];
	struct vm_error err;

	ids[0] = '\0';
	expect_ok(&err, fixture->ops->find(fixture->self, find, add_id, ids, NULL, &err));
	return ids;
}

static int add_row(void *ctx, int columns, char **values, char **names)
{
	char *text = ctx;
	size_t before = strlen(text);

	(void)names;
	snprintf(text + before, 4096 - before, "%s\n", values[columns - 1]);
	return 0;
}

const char *run_sql(struct fixture *fixture, const char *sql)
{
	static char text[4096];
	char path[PLACE_MAX + 32];
	sqlite3 *file;

	text[0] = '\0';
	snprintf(path, sizeof path, "%s/meta/videos.db", fixture->folder);
	ck_assert_int_eq(sqlite3_open(path, &file), SQLITE_OK);
	sqlite3_busy_timeout(file, 10000);
	ck_assert_msg(sqlite3_exec(file, sql, add_row, text, NULL) == SQLITE_OK, "%s: %s", sql,
	              sqlite3_errmsg(file));
	sqlite3_close(file);
	return text;
}
