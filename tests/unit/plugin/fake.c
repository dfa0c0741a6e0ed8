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

static bool never(const struct vm_call *call)
{
	(void)call;
	return false;
}

static int no_fd(const struct vm_call *call)
{
	(void)call;
	return -1;
}

static int64_t for_ever(const struct vm_call *call)
{
	(void)call;
	return INT64_MAX;
}

static bool note_wait(const struct vm_call *vm, uint64_t duration_ms)
{
	struct fake_call *call = (struct fake_call *)(uintptr_t)vm;

	ck_assert_uint_lt(call->n_waits, sizeof call->waits_ms / sizeof *call->waits_ms);
	call->waits_ms[call->n_waits++] = duration_ms;
	return true;
}

static void no_progress(const struct vm_call *call, uint64_t done, uint64_t total)
{
	(void)call;
	(void)done;
	(void)total;
}

static const struct vm_call_table call_table = {.size = sizeof call_table,
                                                .cancelled = never,
                                                .cancel_fd = no_fd,
                                                .time_left_ms = for_ever,
                                                .sleep_ms = note_wait,
                                                .progress = no_progress};

void fake_call_init(struct fake_call *call)
{
	*call = (struct fake_call){.vm.table = &call_table};
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
