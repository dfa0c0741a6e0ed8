/* any.c - what holds for a plugin of any kind: its descriptor, its options, its life. */
#include <ctype.h>
#include <string.h>

#include "suites.h"

static bool is_name(const char *name, char joint)
{
	if (name == NULL || !islower((unsigned char)name[0]))
		return false;
	for (const char *c = name; *c != '\0'; c++)
		if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != joint)
			return false;
	return true;
}

static bool is_sentence(const char *text)
{
	return text != NULL && text[0] != '\0' && text[strlen(text) - 1] == '.' &&
	       strpbrk(text, "\r\n") == NULL;
}

static void descriptor(struct contract *t)
{
	const struct vm_plugin *plugin = t->plugin;

	expect(t, is_name(plugin->name, '-'),
	       "the plugin's name must be of lower-case letters, digits and '-', not \"%s\"",
	       plugin->name != NULL ? plugin->name : "(none)");
	expect(t, plugin->version != NULL && plugin->version[0] != '\0', "there is no version");
	expect(t, is_sentence(plugin->summary), "the summary must be one sentence with a full stop");
	expect(t, plugin->threads >= VM_THREADS_SERIAL && plugin->threads <= VM_THREADS_PARALLEL,
	       "threads is %d, which is no threading word", (int)plugin->threads);
	expect(t, plugin->create != NULL, "there is no create");
	expect(t, plugin->destroy != NULL, "there is no destroy");
}

#define OPERATION(kind_, table, member)                                                            \
	{                                                                                              \
		VM_KIND_##kind_, #member, offsetof(struct table, member)                                   \
	}

static const struct operation {
	uint32_t kind;
	const char *name;
	size_t offset;
} needed[] = {
    OPERATION(STORAGE, vm_storage_ops, traits),
    OPERATION(STORAGE, vm_storage_ops, stat),
    OPERATION(STORAGE, vm_storage_ops, read_at),
    OPERATION(STORAGE, vm_storage_ops, put),
    OPERATION(STORAGE, vm_storage_ops, upload_begin),
    OPERATION(STORAGE, vm_storage_ops, upload_part),
    OPERATION(STORAGE, vm_storage_ops, upload_commit),
    OPERATION(STORAGE, vm_storage_ops, upload_abort),
    OPERATION(STORAGE, vm_storage_ops, remove),
    OPERATION(STORAGE, vm_storage_ops, list),
    OPERATION(STORAGE, vm_storage_ops, list_uploads),
    OPERATION(QUEUE, vm_queue_ops, traits),
    OPERATION(QUEUE, vm_queue_ops, send),
    OPERATION(QUEUE, vm_queue_ops, receive),
    OPERATION(QUEUE, vm_queue_ops, extend),
    OPERATION(QUEUE, vm_queue_ops, remove),
    OPERATION(QUEUE, vm_queue_ops, dead_letter),
    OPERATION(QUEUE, vm_queue_ops, stats),
    OPERATION(QUEUE, vm_queue_ops, list_dead),
    OPERATION(QUEUE, vm_queue_ops, redrive),
    OPERATION(QUEUE, vm_queue_ops, remove_dead),
    OPERATION(COMPUTE, vm_compute_ops, traits),
    OPERATION(COMPUTE, vm_compute_ops, start),
    OPERATION(COMPUTE, vm_compute_ops, status),
    OPERATION(COMPUTE, vm_compute_ops, stop),
    OPERATION(COMPUTE, vm_compute_ops, capacity),
    OPERATION(META, vm_meta_ops, index),
    OPERATION(META, vm_meta_ops, get),
    OPERATION(META, vm_meta_ops, put),
    OPERATION(META, vm_meta_ops, find),
    OPERATION(META, vm_meta_ops, count),
    OPERATION(META, vm_meta_ops, remove),
    OPERATION(CODEC, vm_codec_ops, probe),
    OPERATION(CODEC, vm_codec_ops, run),
    OPERATION(CODEC, vm_codec_ops, verify),
};

static void operations(struct contract *t)
{
	static const unsigned char absent[sizeof(void (*)(void))];
	/* Every table begins with its size; a member is there when it is not all zeroes. */
	const unsigned char *table = (const unsigned char *)t->plugin->ops.storage;

	expect(t, table != NULL, "there is no table of operations");
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		expect(t,
		       needed[i].kind != t->plugin->kind ||
		           memcmp(table + needed[i].offset, absent, sizeof absent) != 0,
		       "the operation %s is missing", needed[i].name);
}

static void check_table(struct contract *t, const struct vm_option *table)
{
	for (const struct vm_option *row = table; row != NULL && row->name != NULL; row++) {
		expect(t, is_name(row->name, '_'),
		       "option %s: a name is of lower-case letters, digits and '_'", row->name);
		expect(t, is_sentence(row->doc), "option %s: doc must be one sentence with a full stop",
		       row->name);
		expect(t, row->type >= VM_OPTION_STRING && row->type <= VM_OPTION_GROUPS,
		       "option %s: type %d is none", row->name, (int)row->type);
		expect(t, row->min <= row->max, "option %s: min is above max", row->name);
		expect(t, row->type != VM_OPTION_CHOICE || row->choices != NULL,
		       "option %s: a choice needs its names", row->name);
		expect(t, !(row->flags & VM_REQUIRED) || row->fallback == NULL,
		       "option %s: what is required has no default", row->name);
		expect(t, !(row->flags & VM_SECRET) || row->type == VM_OPTION_STRING,
		       "option %s: only a string can be secret", row->name);
		if (row->type == VM_OPTION_GROUPS) {
			expect(t, row->group != NULL && row->group_size > 0,
			       "option %s: a list of groups needs the table of one entry", row->name);
			check_table(t, row->group);
		} else {
			expect(t, row->offset < t->plugin->config_size || table != t->plugin->options,
			       "option %s: it lies outside config_size", row->name);
		}
	}
}

static void options(struct contract *t)
{
	struct vm_error err;

	check_table(t, t->plugin->options);
	if (t->plan->read_fallbacks != NULL)
		expect_ok(t, &err, t->plan->read_fallbacks(t->plugin->options, &err));
}

static void create_destroy(struct contract *t)
{
	for (int i = 0; i < 3; i++)
		contract_destroy(t, contract_create(t));
}

static void destroy_null(struct contract *t)
{
	contract_destroy(t, contract_create(t));
	t->plugin->destroy(NULL);
}

static void two_instances(struct contract *t)
{
	void *first = contract_create(t);
	void *second = contract_create(t);

	expect(t, first != second, "two calls of create made one instance");
	contract_destroy(t, first);
	contract_destroy(t, second);
}

static void check_again(struct contract *t)
{
	struct vm_error err;

	if (t->plugin->check == NULL)
		contract_skip(t, "the plugin has no check");
	contract_destroy(t, contract_create(t));
	expect_ok(t, &err, t->plugin->check(t->plan->config, &err));
	expect_ok(t, &err, t->plugin->check(t->plan->config, &err));
}

static void connect(struct contract *t)
{
	struct vm_error err;
	struct contract_call call;
	void *self;

	if (t->plugin->connect == NULL)
		contract_skip(t, "the plugin has no connect");
	self = contract_create(t);
	contract_call_begin(t, &call, CONTRACT_NEVER, 30000);
	expect_ok(t, &err, t->plugin->connect(self, &call.vm, &err));
	contract_call_end(&call);
}

static void check_line(void *ctx, const char *line)
{
	struct contract *t = ctx;

	expect(t, line != NULL && line[0] != '\0' && strpbrk(line, "\r\n") == NULL,
	       "provision said what is not one line");
}

static void provision_dry(struct contract *t)
{
	struct vm_error err;
	struct contract_call call;
	void *self;

	if (t->plugin->provision == NULL)
		contract_skip(t, "the plugin has no provision");
	self = contract_create(t);
	contract_call_begin(t, &call, CONTRACT_NEVER, 30000);
	expect_ok(t, &err, t->plugin->provision(self, true, check_line, t, &call.vm, &err));
	contract_call_end(&call);
}

const struct contract_case any_cases[] = {
    {"descriptor", "One .so, one plugin: a name, a version, one sentence, a threading word.",
     descriptor},
    {"operations", "An operation that is not marked optional must be there.", operations},
    {"options", "Every option has one sentence of doc and a default as the user would write it.",
     options},
    {"create-destroy", "Makes an instance; no I/O. Destroy runs after every operation.",
     create_destroy},
    {"destroy-null", "Destroy accepts NULL.", destroy_null},
    {"two-instances", "One for each place in the pipeline file: instances live side by side.",
     two_instances},
    {"check-again", "Check keeps nothing: it can be asked again.", check_again},
    {"connect", "Reaches what the options name and changes nothing.", connect},
    {"provision-dry", "With dry_run it only says what it would do, a line for each thing.",
     provision_dry},
    {NULL, NULL, NULL},
};
