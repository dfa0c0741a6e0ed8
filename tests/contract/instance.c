/* instance.c - instances of the plugin under test, made as the host makes them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

struct contract_instance {
	struct vm_host host; /* first: the log finds the case by it */
	struct contract *t;
	void *self;
	struct contract_instance *next;
};

static const char *const roles[] = {
    [VM_KIND_STORAGE] = "storage",       [VM_KIND_QUEUE] = "queue",
    [VM_KIND_COMPUTE] = "compute",       [VM_KIND_META] = "meta",
    [VM_KIND_CODEC] = "stages.contract",
};

/* Says nothing anywhere: what a plugin logs is not under test, but its form is. */
VM_PRINTF(3, 4)
static void check_log(const struct vm_host *host, enum vm_log_level level, const char *format, ...)
{
	const struct contract_instance *instance = (const struct contract_instance *)host;
	char line[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	expect(instance->t, level >= VM_LOG_DEBUG && level <= VM_LOG_ERROR,
	       "logged at level %d, which there is not", (int)level);
	expect(instance->t, line[0] != '\0' && strpbrk(line, "\r\n") == NULL,
	       "logged what is not one line: \"%s\"", line);
}

static void load(struct contract *t)
{
	const struct vm_plugin *plugin = t->plugin;
	struct vm_error err;

	if (plugin->load != NULL)
		expect_ok(t, &err, plugin->load(&err));
	if (plugin->check != NULL)
		expect_ok(t, &err, plugin->check(t->plan->config, &err));
	t->loaded = true;
}

void *contract_create(struct contract *t)
{
	struct contract_instance *instance = contract_alloc(t, sizeof *instance);
	struct vm_error err;

	if (!t->loaded)
		load(t);
	instance->t = t;
	instance->host = (struct vm_host){
	    .size = sizeof instance->host,
	    .log = check_log,
	    .state_dir = t->state,
	    .role = roles[t->plugin->kind],
	    .pipeline = "contract",
	};
	expect_ok(t, &err, t->plugin->create(&instance->host, t->plan->config, &instance->self, &err));
	expect(t, instance->self != NULL, "create succeeded and wrote no instance");
	instance->next = t->instances;
	t->instances = instance;
	return instance->self;
}

void contract_destroy(struct contract *t, void *self)
{
	struct contract_instance **link = &t->instances;

	while (*link != NULL && (*link)->self != self)
		link = &(*link)->next;
	expect(t, *link != NULL, "the suite destroys what it did not create");
	*link = (*link)->next;
	t->plugin->destroy(self);
}

void contract_close(struct contract *t)
{
	while (t->instances != NULL)
		contract_destroy(t, t->instances->self);
	if (t->loaded && t->plugin->unload != NULL)
		t->plugin->unload();
	t->loaded = false;
}
