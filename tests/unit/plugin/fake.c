/* fake.c - a plugin in memory: no file, no handshake, only what instances and turns look at. */
#include "fake.h"

#include <string.h>

#include <check.h>

/* What create finds in the config: the fake and the `self` that it is to make. */
struct wish {
	struct fake *fake;
	void *self;
};

static struct fake *last; /* destroy gets `self` alone, which may be NULL */

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	const struct wish *wish = config;

	wish->fake->created++;
	wish->fake->host = host;
	if (wish->fake->create_status != VM_OK)
		return vm_fail(err, wish->fake->create_status, "a create that fails");
	*self = wish->self;
	return VM_OK;
}

static void destroy(void *self)
{
	(void)self;
	last->destroyed++;
}

void fake_init(struct fake *fake, enum vm_kind kind, enum vm_threads threads)
{
	*fake = (struct fake){0};
	gate_init(&fake->life.gate);
	fake->plugin.life = &fake->life;
	fake->plugin.entry = (struct vm_plugin){VM_PLUGIN(kind), .name = "fake", .threads = threads,
	                                        .create = create, .destroy = destroy};
	last = fake;
}

void fake_finish(struct fake *fake)
{
	gate_finish(&fake->life.gate);
}

struct instance *fake_instance(struct fake *fake, void *self)
{
	struct wish wish = {fake, self};
	struct instance *instance = NULL;

	ck_assert_int_eq(
	    instance_create(&fake->plugin, &wish, "test.role", "/state", "test", &instance, NULL),
	    VM_OK);
	return instance;
}

struct search {
	const char *operation;
	struct instance_count found;
};

static void compare(void *ctx, const struct instance_count *count)
{
	struct search *search = ctx;

	if (strcmp(count->operation, search->operation) == 0)
		search->found = *count;
}

struct instance_count fake_count(struct instance *instance, const char *operation)
{
	struct search search = {.operation = operation};

	instance_counts(instance, compare, &search);
	return search.found;
}
