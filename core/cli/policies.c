/* policies.c - statements of the plugins, put together into one policy for each party. */
#include "cli/policies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/instance.h"
#include "support/call.h"
#include "support/json.h"

#define PERMISSIONS_MS 60000

static const char *const party_names[] = {
    [VM_PARTY_SERVER] = "server",
    [VM_PARTY_WORKER] = "worker",
    [VM_PARTY_STARTER] = "starter",
};

struct collecting {
	const struct opened *opened;
	const char *state_dir;
	json_t *statements[VM_PARTY_LAST + 1];
	enum vm_party party; /* whose statement comes next */
	struct vm_error *err;
	int status;
};

static void take_line(void *ctx, const char *line)
{
	struct collecting *collecting = ctx;
	json_t *all = collecting->statements[collecting->party], *other;
	json_t *statement = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	size_t index;

	if (!json_is_object(statement)) {
		json_decref(statement);
		collecting->status = vm_fail(collecting->err, VM_ERR_BUG,
		                             "a plugin's permission is no JSON object");
		return;
	}
	/* Two roles of one place want the same. */
	json_array_foreach(all, index, other)
	{
		if (json_equal(other, statement)) {
			json_decref(statement);
			return;
		}
	}
	json_array_append_new(all, statement);
}

static void ask_role(void *ctx, const struct role *role)
{
	struct collecting *collecting = ctx;
	const struct vm_plugin *entry = &role->plugin->entry;
	struct instance *instance = NULL;
	struct call call;

	if (entry->permissions == NULL || collecting->status != VM_OK)
		return;
	call_init(&call, NULL, PERMISSIONS_MS);
	collecting->status = instance_create(role->plugin, role->config, role->name,
	                                     collecting->state_dir, collecting->opened->pipeline->name,
	                                     &instance, collecting->err);
	for (int party = VM_PARTY_SERVER; party <= VM_PARTY_LAST && collecting->status == VM_OK;
	     party++) {
		collecting->party = (enum vm_party)party;
		collecting->status = entry->permissions(instance->self, collecting->party, take_line,
		                                        collecting, &call.vm, collecting->err);
	}
	instance_destroy(instance);
}

int policies_print(const struct opened *opened, const char *state_dir, struct vm_error *err)
{
	struct collecting collecting = {.opened = opened, .state_dir = state_dir, .err = err};
	json_t *all = json_object();
	char *text;

	for (int party = VM_PARTY_SERVER; party <= VM_PARTY_LAST; party++)
		collecting.statements[party] = json_array();
	opened_each_role(opened, ask_role, &collecting);
	for (int party = VM_PARTY_SERVER; party <= VM_PARTY_LAST; party++)
		json_object_set_new(all, party_names[party],
		                    json_pack("{s:s, s:o}", "Version", "2012-10-17", "Statement",
		                              collecting.statements[party]));
	text = collecting.status == VM_OK ? json_dumps(all, JSON_INDENT(2)) : NULL;
	json_decref(all);
	if (collecting.status == VM_OK && text == NULL)
		return vm_fail_memory(err);
	if (text != NULL)
		puts(text);
	free(text);
	return collecting.status;
}
