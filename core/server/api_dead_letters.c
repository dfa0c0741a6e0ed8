/* api_dead_letters.c - /v1/dead-letters: list them, give them another chance, remove one. */
#include <stdlib.h>
#include <string.h>

#include "plugin/queue.h"
#include "server/api.h"
#include "server/letters.h"
#include "support/json.h"

enum { LIST_DEFAULT = 100, LIST_MOST = 1000 };

/* A letter as it is shown, and the video that it is about. */
struct letter {
	char id[VM_MESSAGE_ID_MAX];
	char video[VIDEO_ID_MAX]; /* empty: none that we know of */
	bool is_own;              /* of the client that asks */
	json_t *json;
};

struct letters {
	struct server *server;
	struct letter *items;
	size_t count;
	bool no_memory;
};

/* What the message says; NULL where it is no text. */
static json_t *letter_to_json(const struct vm_dead_letter *letter, const char *video)
{
	json_t *message = json_stringn(letter->body, letter->length);

	return json_pack("{ss ss? so sI sI so}", "id", letter->id, "video",
	                 video[0] != '\0' ? video : NULL, "reason",
	                 json_text(letter->reason != NULL ? letter->reason : "", SIZE_MAX), "receives",
	                 (json_int_t)letter->receives, "died_ms", (json_int_t)letter->died_ms,
	                 "message", message != NULL ? message : json_null());
}

static enum vm_more add_letter(void *ctx, const struct vm_dead_letter *found)
{
	struct letters *letters = ctx;
	struct letter *items = realloc(letters->items, (letters->count + 1) * sizeof *items);
	struct letter *letter;

	if (items == NULL) {
		letters->no_memory = true;
		return VM_STOP;
	}
	letters->items = items;
	letter = &items[letters->count++];
	*letter = (struct letter){0};
	snprintf(letter->id, sizeof letter->id, "%s", found->id);
	if (letter_video(letters->server, found, letter->video))
		letter->json = letter_to_json(found, letter->video);
	letters->no_memory = letter->json == NULL;
	return letters->no_memory ? VM_STOP : VM_MORE;
}

static void free_letters(struct letters *letters)
{
	for (size_t i = 0; i < letters->count; i++)
		json_decref(letters->items[i].json);
	free(letters->items);
}

/* Those of its own videos are an owner's; all others are an operator's alone. */
static int find_own(struct exchange *exchange, struct letters *letters, struct vm_error *err)
{
	for (size_t i = 0; i < letters->count; i++) {
		struct letter *letter = &letters->items[i];
		struct video video;
		int status = VM_ERR_NOT_FOUND;

		if (exchange->owner == NULL)
			status = VM_OK;
		else if (letter->video[0] != '\0')
			status = videos_get(exchange->server, letter->video, exchange->owner, &video,
			                    &exchange->call.vm, err);
		if (status != VM_OK && status != VM_ERR_NOT_FOUND)
			return status;
		letter->is_own = status == VM_OK;
	}
	return VM_OK;
}

static int list_letters(struct exchange *exchange, uint32_t most, struct letters *out,
                        struct vm_error *err)
{
	int status;

	*out = (struct letters){.server = exchange->server};
	status = queue_list_dead(exchange->server->places.queue_unprocessed, most, add_letter, out,
	                         &exchange->call.vm, err);
	if (status == VM_OK && out->no_memory)
		status = vm_fail_memory(err);
	if (status == VM_OK)
		status = find_own(exchange, out, err);
	return status;
}

int api_list_dead_letters(struct exchange *exchange)
{
	struct letters letters = {0};
	json_t *list = json_array();
	struct vm_error err;
	uint32_t most;
	int status;

	if (!exchange_query_number(exchange, "limit", 1, LIST_MOST, LIST_DEFAULT, &most)) {
		json_decref(list);
		return 400;
	}
	status = list_letters(exchange, most, &letters, &err);
	for (size_t i = 0; status == VM_OK && i < letters.count; i++)
		if (letters.items[i].is_own && json_array_append(list, letters.items[i].json) != 0)
			status = vm_fail_memory(&err);
	free_letters(&letters);
	if (status != VM_OK) {
		json_decref(list);
		return reply_error(exchange, &err);
	}
	return reply_json(exchange, 200, json_pack("{so}", "dead_letters", list));
}

/* VM_ERR_NOT_FOUND for a letter that is not there or is not this client's to touch. */
static int check_letter(struct exchange *exchange, const char *id, struct vm_error *err)
{
	struct letters letters = {0};
	bool found = false;
	int status;

	if (exchange->owner == NULL)
		return VM_OK;
	status = list_letters(exchange, LIST_MOST, &letters, err);
	for (size_t i = 0; i < letters.count; i++)
		found |= letters.items[i].is_own && strcmp(letters.items[i].id, id) == 0;
	if (status == VM_OK && !found)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "there is no dead letter %s", id);
	free_letters(&letters);
	return status;
}

static int redrive_own(struct exchange *exchange, uint64_t *moved, struct vm_error *err)
{
	struct letters letters = {0};
	int status = list_letters(exchange, LIST_MOST, &letters, err);

	for (size_t i = 0; status == VM_OK && i < letters.count; i++) {
		uint64_t now = 0;

		if (!letters.items[i].is_own)
			continue;
		status = videos_redrive(exchange->server, letters.items[i].id, &now, &exchange->call.vm,
		                        err);
		*moved += now;
		/* One whose video has moved on, or that somebody else moved, is none of ours. */
		if (status == VM_ERR_CONFLICT || status == VM_ERR_NOT_FOUND)
			status = VM_OK;
	}
	free_letters(&letters);
	return status;
}

int api_redrive_dead_letters(struct exchange *exchange)
{
	static const char *const members[] = {"id", NULL};
	char id[VM_MESSAGE_ID_MAX];
	uint64_t moved = 0;
	struct vm_error err;
	int status;

	if ((status = api_check_members(exchange, members)) != 0)
		return status;
	if (json_get_text(exchange->json, "id", id, sizeof id, &err) != VM_OK)
		return reply_problem(exchange, 400, "%s", err.message);
	if (id[0] != '\0') {
		if ((status = check_letter(exchange, id, &err)) == VM_OK)
			status = videos_redrive(exchange->server, id, &moved, &exchange->call.vm, &err);
	} else if (exchange->owner != NULL) {
		status = redrive_own(exchange, &moved, &err);
	} else {
		status = videos_redrive(exchange->server, NULL, &moved, &exchange->call.vm, &err);
	}
	if (status != VM_OK)
		return reply_error(exchange, &err);
	return reply_json(exchange, 200, json_pack("{sI}", "moved", (json_int_t)moved));
}

int api_remove_dead_letter(struct exchange *exchange)
{
	const char *id = exchange->match.value;
	struct vm_error err;
	int status = check_letter(exchange, id, &err);

	if (status == VM_OK)
		status = queue_remove_dead(exchange->server->places.queue_unprocessed, id,
		                           &exchange->call.vm, &err);
	return status == VM_OK ? reply_empty(exchange, 204) : reply_error(exchange, &err);
}
