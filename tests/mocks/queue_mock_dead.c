/* queue_mock_dead.c - letters in the state of queue-mock, and the operations on the dead ones. */
#include <stdlib.h>
#include <string.h>

#include "queue_mock.h"

json_int_t letter_number(const json_t *thing, const char *name)
{
	return json_integer_value(json_object_get(thing, name));
}

bool letter_set(json_t *thing, const char *name, json_int_t value)
{
	return json_object_set_new(thing, name, json_integer(value)) == 0;
}

json_t *letter_find(const struct mock_turn *turn, const char *folder, const char *id)
{
	return json_object_get(json_object_get(turn->state.root, folder), id);
}

static json_int_t id_number(const char *id)
{
	return strtoll(id, NULL, 10);
}

int letter_read(const struct mock_turn *turn, const char *id, json_t *json, struct letter *out,
                struct vm_error *err)
{
	size_t length = (size_t)letter_number(json, "bytes");

	snprintf(out->id, sizeof out->id, "%s", id);
	snprintf(out->receipt, sizeof out->receipt, "%s.%lld", id,
	         (long long)letter_number(json, "receipt"));
	out->json = json_incref(json);
	out->body = malloc(length + 1);
	if (out->body == NULL)
		return vm_fail_memory(err);
	return state_read_bytes(&turn->state, id_number(id), 0, out->body, length, &out->length, err);
}

void letter_free(struct letter *letter)
{
	json_decref(letter->json);
	free(letter->body);
}

/* Forgets it at once, and then its bytes: a process that is killed in between loses nothing. */
int letter_forget(struct mock_turn *turn, const char *folder, const char *id, struct vm_error *err)
{
	int status;

	json_object_del(json_object_get(turn->state.root, folder), id);
	status = state_save(&turn->state, err);
	if (status == VM_OK)
		state_remove_bytes(&turn->state, id_number(id));
	return status;
}

/* Between the messages and the dead letters; the body stays where it is. */
static int move(struct mock_turn *turn, const char *id, const char *from, const char *to,
                struct vm_error *err)
{
	json_t *messages = state_object(&turn->state, from);

	turn->is_changed = true;
	if (json_object_set(state_object(&turn->state, to), id, json_object_get(messages, id)) != 0)
		return vm_fail_memory(err);
	json_object_del(messages, id);
	return VM_OK;
}

int queue_bury(struct mock_turn *turn, const char *id, const char *reason, struct vm_error *err)
{
	json_t *message = letter_find(turn, "messages", id), *text = json_string(reason);

	/* A reason may have been cut in the middle of a character: the letter counts for more. */
	if (text == NULL)
		text = json_string("a reason that is no UTF-8");
	if (json_object_set_new(message, "reason", text) != 0 ||
	    !letter_set(message, "died_ms", state_unix_ms()))
		return vm_fail_memory(err);
	return move(turn, id, "messages", "dead", err);
}

/* In the order of dying: that is how they were added. The letters are freed by the caller. */
static int read_dead(const struct mock_turn *turn, size_t max, struct letter *out,
                     struct vm_error *err)
{
	int status = VM_OK;
	size_t count = 0;
	const char *id;
	json_t *dead;

	json_object_foreach(json_object_get(turn->state.root, "dead"), id, dead)
	{
		if (count == max || status != VM_OK)
			break;
		status = letter_read(turn, id, dead, &out[count++], err);
	}
	return status;
}

static enum vm_more emit_dead(const struct letter *letter, vm_dead_letter_fn *emit, void *ctx)
{
	return emit(ctx, &(struct vm_dead_letter){
	                     .id = letter->id,
	                     .body = letter->body,
	                     .length = letter->length,
	                     .reason = json_string_value(json_object_get(letter->json, "reason")),
	                     .receives = (uint32_t)letter_number(letter->json, "receives"),
	                     .died_ms = letter_number(letter->json, "died_ms")});
}

int queue_list_dead(void *self, uint32_t max, vm_dead_letter_fn *emit, void *ctx,
                    const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "list_dead", "", 0, call, err);
	size_t there = json_object_size(json_object_get(turn.state.root, "dead"));
	size_t count = max < there ? max : there;
	struct letter *letters = calloc(count + 1, sizeof *letters);
	enum vm_more more = VM_MORE;

	if (status == VM_OK)
		status = letters != NULL ? read_dead(&turn, count, letters, err) : vm_fail_memory(err);
	/* Whoever is told of a letter may want to do something about it. */
	state_unlock(&turn.state);
	for (size_t i = 0; status == VM_OK && i < count && more == VM_MORE; i++)
		more = emit_dead(&letters[i], emit, ctx);
	for (size_t i = 0; letters != NULL && i < count; i++)
		letter_free(&letters[i]);
	free(letters);
	return mock_end(&turn, status, call, err);
}

static int need_dead(const struct mock_turn *turn, const char *id, struct vm_error *err)
{
	return letter_find(turn, "dead", id) != NULL
	           ? VM_OK
	           : vm_fail(err, VM_ERR_NOT_FOUND, "%s: no such dead letter", id);
}

static int revive(struct mock_turn *turn, const char *id, struct vm_error *err)
{
	json_t *dead = letter_find(turn, "dead", id);
	json_int_t now = state_unix_ms();

	if (!letter_set(dead, "receives", 0) || !letter_set(dead, "receipt", 0) ||
	    !letter_set(dead, "sent_ms", now) || !letter_set(dead, "due_ms", now))
		return vm_fail_memory(err);
	return move(turn, id, "dead", "messages", err);
}

int queue_redrive(void *self, const char *id, uint64_t *moved, const struct vm_call *call,
                  struct vm_error *err)
{
	struct mock_turn turn;
	const char *subject = id != NULL ? id : "", *each;
	uint64_t count = 0;
	json_t *dead;
	void *next;
	int status = mock_begin(&turn, self, "redrive", subject, strlen(subject), call, err);

	if (status == VM_OK && id != NULL)
		status = need_dead(&turn, id, err);
	json_object_foreach_safe(json_object_get(turn.state.root, "dead"), next, each, dead)
	{
		if (status != VM_OK || (id != NULL && strcmp(id, each) != 0))
			continue;
		status = revive(&turn, each, err);
		count++;
	}
	status = mock_end(&turn, status, call, err);
	if (status == VM_OK)
		*moved = count;
	return status;
}

int queue_remove_dead(void *self, const char *id, const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "remove_dead", id, strlen(id), call, err);

	if (status == VM_OK)
		status = need_dead(&turn, id, err);
	if (status == VM_OK)
		status = letter_forget(&turn, "dead", id, err);
	return mock_end(&turn, status, call, err);
}
