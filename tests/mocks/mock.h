/* mock.h - what an instance of any mock is: a folder, a script, a configuration. */
#ifndef MOCKS_MOCK_H
#define MOCKS_MOCK_H

#include "script.h"
#include "state.h"

struct mock {
	const struct vm_host *host;
	const void *config; /* of the mock in question */
	char *dir;          /* by role, so that two queues of one pipeline are two */
	struct script script;
};

/*
 * Unlike a real plugin's create it makes its folder: a codec cannot do so
 * later. `script` is a field of `config`.
 */
int mock_create(const struct vm_host *host, const void *config, const struct vm_groups *script,
                struct mock **out, struct vm_error *err);
void mock_destroy(void *self); /* accepts NULL */

/*
 * One operation on the state: the script has its say, then the state is
 * entered; at the end a success is saved and the script has its say again.
 *
 *	struct mock_turn turn;
 *	int status = mock_begin(&turn, self, "put", put->key, strlen(put->key), call, err);
 *
 *	if (status == VM_OK)
 *		status = …;
 *	return mock_end(&turn, status, call, err);
 */
struct mock_turn {
	struct mock *mock;
	struct state state;
	const struct script_step *step;
	bool is_changed; /* set by the operation that changed turn.state.root */
	json_t *garbage; /* numbers of bytes that are removed when the change is saved */
};

int mock_begin(struct mock_turn *turn, struct mock *mock, const char *operation,
               const void *subject, size_t length, const struct vm_call *call,
               struct vm_error *err);
/* These bytes are no longer named by the state. */
void mock_discard(struct mock_turn *turn, json_int_t number);
int mock_end(struct mock_turn *turn, int status, const struct vm_call *call, struct vm_error *err);

#endif
