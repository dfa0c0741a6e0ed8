/* queue_mock.c - a queue in the mock's state, the bodies of its messages in files beside it. */
#include <stdlib.h>
#include <string.h>

#include "kit/sleep.h"
#include "queue_mock.h"

#define HIDDEN_MOST_MS (12 * 60 * 60 * 1000)
#define MESSAGE_BYTES_MOST ((size_t)256 << 10)
#define LOOK_MS 50

struct config {
	uint64_t visibility_ms;
	int64_t max_receives;
	struct vm_groups script;
};

static const struct vm_option options[] = {
    {.name = "visibility",
     VM_DURATION(struct config, visibility_ms),
     .fallback = "2m",
     .min = 1,
     .max = HIDDEN_MOST_MS,
     .doc = "How long a received message stays hidden unless it is extended."},
    {.name = "max_receives",
     VM_INT(struct config, max_receives),
     .fallback = "20",
     .min = 1,
     .max = 1000,
     .doc = "A message received more often than this goes to the dead letters."},
    SCRIPT_OPTION(struct config, script),
    {0}};

static void traits(void *self, struct vm_queue_traits *out)
{
	const struct config *config = ((const struct mock *)self)->config;

	out->max_receives = (uint32_t)config->max_receives;
	out->visibility_ms = config->visibility_ms;
	out->extend_max_ms = HIDDEN_MOST_MS;
	out->delay_max_ms = HIDDEN_MOST_MS;
	out->message_bytes_max = MESSAGE_BYTES_MOST;
}

static int check_delay(const char *what, uint64_t delay_ms, struct vm_error *err)
{
	return delay_ms <= HIDDEN_MOST_MS
	           ? VM_OK
	           : vm_fail(err, VM_ERR_LIMIT, "%s: at most %d ms", what, HIDDEN_MOST_MS);
}

static int add_message(struct mock_turn *turn, const void *body, size_t length, uint64_t delay_ms,
                       struct vm_error *err)
{
	json_int_t own = state_next(&turn->state), now = state_unix_ms();
	char id[32];
	int status;

	status = state_write_bytes(&turn->state, own, body, length, err);
	if (status != VM_OK)
		return status;
	snprintf(id, sizeof id, "%lld", (long long)own);
	if (json_object_set_new(state_object(&turn->state, "messages"), id,
	                        json_pack("{s:I,s:I,s:I,s:I,s:I}", "bytes", (json_int_t)length,
	                                  "sent_ms", now, "due_ms", now + (json_int_t)delay_ms,
	                                  "receives", (json_int_t)0, "receipt", (json_int_t)0)) != 0)
		return vm_fail_memory(err);
	turn->is_changed = true;
	return VM_OK;
}

static int send(void *self, const void *body, size_t length, uint64_t delay_ms,
                const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, self, "send", body, length, call, err);

	if (status == VM_OK && length > MESSAGE_BYTES_MOST)
		status = vm_fail(err, VM_ERR_LIMIT, "send: a message has at most %zu bytes",
		                 MESSAGE_BYTES_MOST);
	if (status == VM_OK)
		status = check_delay("send", delay_ms, err);
	if (status == VM_OK)
		status = add_message(&turn, body, length, delay_ms, err);
	return mock_end(&turn, status, call, err);
}

/* The one that is due for longest; NULL: none. */
static const char *next_due(const struct mock_turn *turn)
{
	json_int_t earliest = state_unix_ms();
	const char *id, *found = NULL;
	json_t *message;

	json_object_foreach(json_object_get(turn->state.root, "messages"), id, message)
	{
		json_int_t due_ms = letter_number(message, "due_ms");

		if (found == NULL ? due_ms <= earliest : due_ms < earliest) {
			earliest = due_ms;
			found = id;
		}
	}
	return found;
}

static int hide(struct mock_turn *turn, json_t *message, struct vm_error *err)
{
	const struct config *config = turn->mock->config;

	if (!letter_set(message, "receives", letter_number(message, "receives") + 1) ||
	    !letter_set(message, "receipt", state_next(&turn->state)) ||
	    !letter_set(message, "due_ms", state_unix_ms() + (json_int_t)config->visibility_ms))
		return vm_fail_memory(err);
	turn->is_changed = true;
	return VM_OK;
}

/* Takes the next message, and buries on the way those received too often. out->id "": none. */
static int take(struct mock_turn *turn, struct letter *out, struct vm_error *err)
{
	const struct config *config = turn->mock->config;
	json_t *message = NULL;
	const char *id;
	int status = VM_OK;

	while (status == VM_OK && (id = next_due(turn)) != NULL) {
		message = letter_find(turn, "messages", id);
		if (letter_number(message, "receives") < config->max_receives)
			break;
		status = queue_bury(turn, id, "received too often without being removed", err);
	}
	if (status != VM_OK || id == NULL)
		return status;
	status = hide(turn, message, err);
	return status == VM_OK ? letter_read(turn, id, message, out, err) : status;
}

static enum vm_more emit_message(const struct letter *letter, vm_message_fn *emit, void *ctx)
{
	return emit(ctx,
	            &(struct vm_message){.id = letter->id,
	                                 .receipt = letter->receipt,
	                                 .body = letter->body,
	                                 .length = letter->length,
	                                 .receives = (uint32_t)letter_number(letter->json, "receives"),
	                                 .sent_ms = letter_number(letter->json, "sent_ms")});
}

/* One look at the queue; it is no call of its own to the script. */
static int look(struct mock *mock, struct letter *out, const struct vm_call *call,
                struct vm_error *err)
{
	struct mock_turn turn;
	int status = mock_begin(&turn, mock, "look", "", 0, call, err);

	if (status == VM_OK)
		status = take(&turn, out, err);
	return mock_end(&turn, status, call, err);
}

/* One is taken and emitted, then the next: so VM_STOP leaves nothing to be given back. */
static int receive(void *self, uint32_t max, uint64_t wait_ms, vm_message_fn *emit, void *ctx,
                   const struct vm_call *call, struct vm_error *err)
{
	struct mock *mock = self;
	const struct script_step *step;
	enum vm_more more = VM_MORE;
	uint64_t waited_ms = 0;
	uint32_t count = 0;
	int status = script_begin(&mock->script, "receive", "", 0, &step, call, err);

	while (status == VM_OK && count < max && more == VM_MORE) {
		struct letter letter = {0};

		status = look(mock, &letter, call, err);
		if (status == VM_OK && letter.id[0] != '\0') {
			count++;
			more = emit_message(&letter, emit, ctx);
		} else if (status == VM_OK) {
			more = count == 0 && waited_ms < wait_ms ? VM_MORE : VM_STOP;
			if (more == VM_MORE)
				kit_sleep_ms(call, LOOK_MS);
			waited_ms += LOOK_MS;
		}
		letter_free(&letter);
	}
	/* Nothing was found: no reply that could be lost. */
	if (count == 0)
		return status;
	/* What was emitted is received, whatever came behind it. */
	return script_end(&mock->script, step, VM_OK, call, err);
}

/* "ID.RECEIVE", as written by read_letter. */
static int read_receipt(const char *receipt, char id[32], json_int_t *own, struct vm_error *err)
{
	size_t length = strspn(receipt, "0123456789");
	char *end = NULL;

	if (length > 0 && length < 32 && receipt[length] == '.')
		*own = strtoll(receipt + length + 1, &end, 10);
	if (end == NULL || end == receipt + length + 1 || *end != '\0')
		return vm_fail(err, VM_ERR_BAD_DATA, "not a receipt of this queue");
	snprintf(id, 32, "%.*s", (int)length, receipt);
	return VM_OK;
}

/* *out NULL: the message is not there any more. VM_ERR_CONFLICT: it was received again. */
static int find_received(const struct mock_turn *turn, const char *receipt, char id[32],
                         json_t **out, struct vm_error *err)
{
	json_int_t own = 0;
	int status = read_receipt(receipt, id, &own, err);

	if (status != VM_OK)
		return status;
	*out = letter_find(turn, "messages", id);
	if (*out != NULL && letter_number(*out, "receipt") != own)
		return vm_fail(err, VM_ERR_CONFLICT, "message %s: received again since", id);
	return VM_OK;
}

static int extend(void *self, const char *receipt, uint64_t visibility_ms,
                  const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	json_t *message;
	char id[32];
	int status = mock_begin(&turn, self, "extend", receipt, strlen(receipt), call, err);

	if (status == VM_OK)
		status = check_delay("extend", visibility_ms, err);
	if (status == VM_OK)
		status = find_received(&turn, receipt, id, &message, err);
	if (status == VM_OK && message == NULL)
		status = vm_fail(err, VM_ERR_CONFLICT, "extend message %s: removed since", id);
	if (status == VM_OK) {
		turn.is_changed = true;
		if (!letter_set(message, "due_ms", state_unix_ms() + (json_int_t)visibility_ms))
			status = vm_fail_memory(err);
	}
	return mock_end(&turn, status, call, err);
}

static int remove_message(void *self, const char *receipt, const struct vm_call *call,
                          struct vm_error *err)
{
	struct mock_turn turn;
	json_t *message;
	char id[32];
	int status = mock_begin(&turn, self, "remove", receipt, strlen(receipt), call, err);

	if (status == VM_OK)
		status = find_received(&turn, receipt, id, &message, err);
	if (status == VM_OK && message != NULL)
		status = letter_forget(&turn, "messages", id, err);
	return mock_end(&turn, status, call, err);
}

static int dead_letter(void *self, const struct vm_message *message, const char *reason,
                       const struct vm_call *call, struct vm_error *err)
{
	struct mock_turn turn;
	json_t *found;
	char id[32];
	int status = mock_begin(&turn, self, "dead_letter", message->body, message->length, call, err);

	if (status == VM_OK)
		status = find_received(&turn, message->receipt, id, &found, err);
	if (status == VM_OK && found != NULL)
		status = queue_bury(&turn, id, reason, err);
	else if (status == VM_OK && letter_find(&turn, "dead", id) == NULL)
		status = vm_fail(err, VM_ERR_CONFLICT, "dead-letter message %s: removed since", id);
	return mock_end(&turn, status, call, err);
}

static int stats(void *self, struct vm_queue_stats *out, const struct vm_call *call,
                 struct vm_error *err)
{
	struct mock_turn turn;
	json_int_t now = state_unix_ms(), oldest = now;
	struct vm_queue_stats found = {.size = out->size};
	const char *id;
	json_t *message;
	int status = mock_begin(&turn, self, "stats", "", 0, call, err);

	json_object_foreach(json_object_get(turn.state.root, "messages"), id, message)
	{
		if (letter_number(message, "due_ms") <= now)
			found.visible++;
		else if (letter_number(message, "receipt") != 0)
			found.invisible++;
		else
			found.delayed++;
		if (letter_number(message, "sent_ms") < oldest)
			oldest = letter_number(message, "sent_ms");
	}
	found.dead = json_object_size(json_object_get(turn.state.root, "dead"));
	found.oldest_ms = (uint64_t)(now - oldest);
	if (status == VM_OK)
		*out = found;
	return mock_end(&turn, status, call, err);
}

static int create(const struct vm_host *host, const void *config, void **self, struct vm_error *err)
{
	const struct config *own = config;
	struct mock *mock;
	int status = mock_create(host, config, &own->script, &mock, err);

	if (status == VM_OK)
		*self = mock;
	return status;
}

static const struct vm_queue_ops ops = {
    .size = sizeof ops,
    .traits = traits,
    .send = send,
    .receive = receive,
    .extend = extend,
    .remove = remove_message,
    .dead_letter = dead_letter,
    .stats = stats,
    .list_dead = queue_list_dead,
    .redrive = queue_redrive,
    .remove_dead = queue_remove_dead,
};

VM_EXPORT const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_QUEUE),
    .name = "queue-mock",
    .version = "0.1.0",
    .summary = "A queue for tests: messages in the mock's folder, or what its script says.",
    .threads = VM_THREADS_PARALLEL,
    .options = options,
    .config_size = sizeof(struct config),
    .ops.queue = &ops,
    .create = create,
    .destroy = mock_destroy,
};
