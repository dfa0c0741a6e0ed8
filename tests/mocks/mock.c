/* mock.c - instances of mocks, and the turn that each of their operations takes. */
#include "mock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit/fail.h"
#include "kit/folder.h"

int mock_create(const struct vm_host *host, const void *config, const struct vm_groups *script,
                struct mock **out, struct vm_error *err)
{
	struct mock *mock = calloc(1, sizeof *mock);
	size_t size = strlen(host->state_dir) + strlen(host->role) + sizeof "/mock-";
	int folder, status;

	if (mock == NULL || (mock->dir = malloc(size)) == NULL) {
		status = vm_fail_memory(err);
		goto fail;
	}
	mock->host = host;
	mock->config = config;
	snprintf(mock->dir, size, "%s/mock-%s", host->state_dir, host->role);
	folder = kit_folder_open(mock->dir);
	if (folder < 0) {
		status = kit_fail_errno(err, errno, mock->dir, "make the mock's folder");
		goto fail;
	}
	close(folder);
	status = script_open(mock->dir, script, &mock->script, err);
	if (status != VM_OK)
		goto fail;
	*out = mock;
	return VM_OK;
fail:
	mock_destroy(mock);
	return status;
}

void mock_destroy(void *self)
{
	struct mock *mock = self;

	if (mock == NULL)
		return;
	script_close(&mock->script);
	free(mock->dir);
	free(mock);
}

int mock_begin(struct mock_turn *turn, struct mock *mock, const char *operation,
               const void *subject, size_t length, const struct vm_call *call, struct vm_error *err)
{
	int status;

	*turn = (struct mock_turn){.mock = mock, .state = {.folder = -1}};
	status = vm_call_check(call, operation, err);
	if (status == VM_OK)
		status = script_begin(&mock->script, operation, subject, length, &turn->step, call, err);
	if (status == VM_OK)
		status = state_enter(mock->dir, &turn->state, err);
	return status;
}

void mock_discard(struct mock_turn *turn, json_int_t number)
{
	if (turn->garbage == NULL)
		turn->garbage = json_array();
	/* Out of memory: the bytes stay, which costs nothing but room. */
	json_array_append_new(turn->garbage, json_integer(number));
}

static void remove_garbage(const struct mock_turn *turn)
{
	size_t i;
	json_t *number;

	json_array_foreach(turn->garbage, i, number)
	{
		state_remove_bytes(&turn->state, json_integer_value(number));
	}
}

int mock_end(struct mock_turn *turn, int status, const struct vm_call *call, struct vm_error *err)
{
	if (status == VM_OK && turn->is_changed) {
		status = state_save(&turn->state, err);
		/* Not before: a process that is killed between the two has lost nothing. */
		if (status == VM_OK)
			remove_garbage(turn);
	}
	json_decref(turn->garbage);
	state_leave(&turn->state);
	return script_end(&turn->mock->script, turn->step, status, call, err);
}
