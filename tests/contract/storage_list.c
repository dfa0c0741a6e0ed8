/* storage_list.c - what a store lists, and in which order. */
#include <string.h>

#include "storage_kit.h"
#include "suites.h"

#define KEYS_MAX 16

struct listing {
	struct contract *t;
	const char *keys[KEYS_MAX];
	struct vm_object objects[KEYS_MAX];
	size_t count;
	size_t most; /* VM_STOP is answered at this one */
	bool has_stopped;
};

static enum vm_more collect(void *ctx, const char *key, const struct vm_object *object)
{
	struct listing *list = ctx;
	struct contract *t = list->t;

	expect(t, !list->has_stopped, "list went on after VM_STOP");
	expect(t, list->count < KEYS_MAX, "list emitted more than was put: %s", key);
	list->keys[list->count] = contract_print(t, "%s", key);
	list->objects[list->count] = *object;
	list->count++;
	list->has_stopped = list->count == list->most;
	return list->has_stopped ? VM_STOP : VM_MORE;
}

static void list_into(const struct store *s, const char *prefix, struct listing *list)
{
	struct vm_error err;

	list->t = s->t;
	list->count = 0;
	list->has_stopped = false;
	expect_ok(s->t, &err, s->ops->list(s->self, prefix, collect, list, NULL, &err));
}

static void expect_listed(const struct store *s, const char *prefix, const char *const *names)
{
	struct contract *t = s->t;
	struct listing list = {.most = 0};
	size_t i = 0;

	list_into(s, s_key(t, prefix), &list);
	for (; names[i] != NULL; i++) {
		const char *key = s_key(t, names[i]);

		expect(t, i < list.count, "list \"%s\" ends before %s", prefix, key);
		expect(t, strcmp(list.keys[i], key) == 0, "list \"%s\": expected %s, got %s", prefix, key,
		       list.keys[i]);
	}
	expect(t, list.count == i, "list \"%s\" goes on with %s", prefix, list.keys[i]);
}

static const char *const names[] = {"b", "a/2", "a/1", "a", "c/d/e", "ab", "B", "a/10", NULL};

static void put_all(const struct store *s)
{
	for (size_t i = 0; names[i] != NULL; i++)
		s_put_text(s, s_key(s->t, names[i]), names[i]);
}

static void order(struct contract *t)
{
	static const char *const all[] = {"B", "a", "a/1", "a/10", "a/2", "ab", "b", "c/d/e", NULL};
	struct store s = s_open(t);

	put_all(&s);
	expect_listed(&s, "", all);
}

static void prefix(struct contract *t)
{
	static const char *const below_a[] = {"a/1", "a/10", "a/2", NULL};
	static const char *const from_a[] = {"a", "a/1", "a/10", "a/2", "ab", NULL};
	static const char *const part[] = {"a/1", "a/10", NULL};
	static const char *const deep[] = {"c/d/e", NULL};
	static const char *const none[] = {NULL};
	struct store s = s_open(t);

	put_all(&s);
	/* The prefix stands in this key as well, but not at its beginning. */
	s_put_text(&s, contract_print(t, "%s/%s", s_key(t, "z"), s_key(t, "a/1")), "inside");
	expect_listed(&s, "a/", below_a);
	expect_listed(&s, "a", from_a);
	expect_listed(&s, "a/1", part);
	expect_listed(&s, "c/", deep);
	expect_listed(&s, "c/d/e", deep);
	expect_listed(&s, "d", none);
}

static void same_as_stat(struct contract *t)
{
	struct store s = s_open(t);
	struct listing list = {.most = 0};

	put_all(&s);
	list_into(&s, s_key(t, ""), &list);
	for (size_t i = 0; i < list.count; i++) {
		struct vm_object stat = s_stat(&s, list.keys[i]);

		expect(t,
		       stat.bytes == list.objects[i].bytes && strcmp(stat.etag, list.objects[i].etag) == 0,
		       "%s: list says %llu bytes, etag %s; stat says %llu, %s", list.keys[i],
		       (unsigned long long)list.objects[i].bytes, list.objects[i].etag,
		       (unsigned long long)stat.bytes, stat.etag);
	}
}

static void stop(struct contract *t)
{
	struct store s = s_open(t);
	struct listing list = {.most = 2};

	put_all(&s);
	list_into(&s, s_key(t, ""), &list);
	expect(t, list.count == 2, "stopped at the second of eight, got %zu", list.count);
}

static void removed(struct contract *t)
{
	static const char *const left[] = {"a/1", "a/2", NULL};
	struct store s = s_open(t);

	put_all(&s);
	s_remove(&s, s_key(t, "a/10"));
	expect_listed(&s, "a/", left);
}

/* More than a service lists in one answer: S3 gives 1,000 a page. */
#define MANY 1005

static void put_share(struct contract *t, void *self, unsigned racer, void *arg)
{
	struct store s = s_of(t, self);

	(void)arg;
	for (unsigned i = racer; i < MANY; i += CONTRACT_RACERS)
		s_put(&s, s_key(t, contract_print(t, "many/%04u", i)), "", 0);
}

struct many {
	struct contract *t;
	const char *prefix;
	unsigned count;
};

static enum vm_more check_next(void *ctx, const char *key, const struct vm_object *object)
{
	struct many *many = ctx;
	const char *wanted = contract_print(many->t, "%s%04u", many->prefix, many->count);

	(void)object;
	expect(many->t, strcmp(key, wanted) == 0, "the list of %d: expected %s, got %s", MANY, wanted,
	       key);
	many->count++;
	return VM_MORE;
}

static void many(struct contract *t)
{
	struct many list = {.t = t, .prefix = s_key(t, "many/")};
	struct vm_error err;
	struct store s;

	contract_allow_ms(t, 120000);
	contract_race(t, put_share, NULL);
	s = s_open(t);
	expect_ok(t, &err, s.ops->list(s.self, list.prefix, check_next, &list, NULL, &err));
	expect(t, list.count == MANY, "put %d objects, %u are listed", MANY, list.count);
	for (unsigned i = 0; i < MANY; i++)
		s_remove(&s, contract_print(t, "%s%04u", list.prefix, i));
}

const struct contract_case storage_list_cases[] = {
    {"list-order", "Every object, ordered by key: by its bytes.", order},
    {"list-prefix", "Every object whose key begins with `prefix`.", prefix},
    {"list-as-stat", "The list says of an object what stat says of it.", same_as_stat},
    {"list-stop", "Return VM_STOP for no more.", stop},
    {"list-removed", "What was removed is not listed.", removed},
    {"list-many", "Every object, however many there are.", many},
    {NULL, NULL, NULL},
};
