/* bench_meta_local.c - how fast meta-local puts, gets, lists and counts. */
#include "bench.h"
#include "meta_local.h"

enum { PUTS = 1000, DOCUMENTS = 20000, READS = 5000 };

static const struct vm_meta_ops *ops;

/* About as long as a video's document. */
static int write_document(char *text, size_t size, unsigned number, uint64_t version)
{
	return snprintf(text, size,
	                "{\"state\":\"%s\",\"created_ms\":%u,\"wake_ms\":%u,\"owner\":\"acme\","
	                "\"source\":{\"etag\":\"0f343b0931126a20f133d67c2b018a3b\",\"bytes\":123456},"
	                "\"epoch\":%u,\"history\":[\"%01500d\"]}",
	                number % 10 == 0 ? "queued" : "processed", number, number, (unsigned)version,
	                0);
}

static void put(void *self, const char *id, unsigned number, uint64_t version)
{
	char text[4096];
	struct vm_error err;
	size_t length = (size_t)write_document(text, sizeof text, number, version);

	bench_expect(ops->put(self, id, version, text, length, NULL, &err), &err);
}

static void put_one(void *self, unsigned thread, unsigned n)
{
	char id[32];

	snprintf(id, sizeof id, "mine-%u", thread);
	for (unsigned i = 0; i < n; i++)
		put(self, id, thread, i);
}

static void fill(void *self, unsigned thread, unsigned n)
{
	char id[32];

	for (unsigned i = 0; i < n; i++) {
		snprintf(id, sizeof id, "video-%u-%u", thread, i);
		put(self, id, i, 0);
	}
}

static int drop(struct vm_sink *sink, const void *bytes, size_t length, struct vm_error *err)
{
	(void)sink;
	(void)bytes;
	(void)length;
	(void)err;
	return VM_OK;
}

static void get(void *self, unsigned thread, unsigned n)
{
	struct vm_sink sink = {drop};
	uint64_t version;
	struct vm_error err;
	char id[32];

	for (unsigned i = 0; i < n; i++) {
		snprintf(id, sizeof id, "video-%u-%u", thread % 4, i % (DOCUMENTS / 4));
		bench_expect(ops->get(self, id, &sink, &version, NULL, &err), &err);
	}
}

static enum vm_more count_document(void *ctx, const struct vm_document *document)
{
	(void)document;
	++*(unsigned *)ctx;
	return VM_MORE;
}

/* One page of a list, and what a sweeper asks for. */
static void page(void *self, unsigned n, const struct vm_find *find)
{
	struct vm_error err;
	unsigned found;

	for (unsigned i = 0; i < n; i++) {
		found = 0;
		bench_expect(ops->find(self, find, count_document, &found, NULL, &err), &err);
	}
}

static void newest(void *self, unsigned thread, unsigned n)
{
	(void)thread;
	page(self, n, &(struct vm_find){.order_by = "created_ms", .descending = true, .limit = 50});
}

static void newest_of_owner(void *self, unsigned thread, unsigned n)
{
	struct vm_condition owner = {.field = "owner", .match = VM_MATCH_EQUAL, .text = "acme"};

	(void)thread;
	page(self, n,
	     &(struct vm_find){.conditions = &owner,
	                       .count = 1,
	                       .order_by = "created_ms",
	                       .descending = true,
	                       .limit = 50});
}

static void due(void *self, unsigned thread, unsigned n)
{
	struct vm_condition wake = {.field = "wake_ms", .match = VM_MATCH_BELOW_OR_EQUAL, .number = 10};

	(void)thread;
	page(self, n, &(struct vm_find){.conditions = &wake, .count = 1, .order_by = "wake_ms"});
}

static void count_state(void *self, unsigned thread, unsigned n)
{
	struct vm_condition state = {.field = "state", .match = VM_MATCH_EQUAL, .text = "processed"};
	struct vm_error err;
	uint64_t count;

	(void)thread;
	for (unsigned i = 0; i < n; i++)
		bench_expect(ops->count(self, &(struct vm_find){.conditions = &state, .count = 1}, &count,
		                        NULL, &err),
		             &err);
}

int main(int argc, char **argv)
{
	static const struct vm_field fields[] = {{"state", VM_FIELD_TEXT},
	                                         {"owner", VM_FIELD_TEXT},
	                                         {"created_ms", VM_FIELD_INT},
	                                         {"wake_ms", VM_FIELD_INT}};
	struct local_config config = {.database = "bench"};
	struct vm_host host = {.size = sizeof host, .log = bench_log, .role = "meta"};
	struct vm_error err;
	void *self = NULL;

	if (argc != 2) {
		fprintf(stderr, "usage: bench-meta-local FOLDER\n");
		return EXIT_FAILURE;
	}
	host.state_dir = argv[1];
	ops = vm_plugin_entry.ops.meta;
	bench_expect(vm_plugin_entry.create(&host, &config, &self, &err), &err);
	bench_expect(ops->index(self, fields, sizeof fields / sizeof *fields, NULL, &err), &err);
	bench_run("put", put_one, self, 1, PUTS);
	bench_run("insert, to 20,000 documents", fill, self, 4, DOCUMENTS / 4);
	bench_run("get", get, self, 1, READS);
	bench_run("get", get, self, 4, READS);
	bench_run("find the newest 50", newest, self, 1, 200);
	bench_run("find the newest 50 of one owner who has all", newest_of_owner, self, 1, 20);
	bench_run("find what is due", due, self, 1, 1000);
	bench_run("count one state", count_state, self, 1, 200);
	vm_plugin_entry.destroy(self);
	return EXIT_SUCCESS;
}
