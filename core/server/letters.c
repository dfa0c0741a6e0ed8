/* letters.c - the dead letters of the unprocessed queue: redriven, or told to their videos. */
#include "server/letters.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/queue.h"
#include "plugin/storage.h"
#include "server/videos.h"
#include "support/crash_point.h"
#include "support/log.h"
#include "video/keys.h"

#define LETTERS_MAX 1000

struct letter {
	char id[VM_MESSAGE_ID_MAX];
	char video[VIDEO_ID_MAX]; /* empty: no video of ours */
	int64_t died_ms;
};

struct letters {
	struct server *server;
	const char *wanted; /* NULL: all */
	struct letter *items;
	size_t count;
	bool no_memory;
};

static enum vm_more find_video(void *ctx, const struct vm_storage_event *event)
{
	return event->key != NULL && key_read_source(event->key, ctx) ? VM_STOP : VM_MORE;
}

bool letter_video(struct server *server, const struct vm_dead_letter *letter,
                  char video[VIDEO_ID_MAX])
{
	int status;

	video[0] = '\0';
	status = task_message_read(letter->body, letter->length, video, NULL);
	if (status == VM_ERR_BAD_DATA)
		status = storage_decode_event(server->places.storage_unprocessed, letter->body,
		                              letter->length, find_video, video, NULL);
	return status != VM_ERR_NO_MEMORY;
}

static enum vm_more add_letter(void *ctx, const struct vm_dead_letter *found)
{
	struct letters *letters = ctx;
	struct letter letter = {.died_ms = found->died_ms}, *items;

	if (letters->wanted != NULL && strcmp(letters->wanted, found->id) != 0)
		return VM_MORE;
	snprintf(letter.id, sizeof letter.id, "%s", found->id);
	letters->no_memory = !letter_video(letters->server, found, letter.video);
	items = letters->no_memory ? NULL
	                           : realloc(letters->items, (letters->count + 1) * sizeof *items);
	if (items == NULL) {
		letters->no_memory = true;
		return VM_STOP;
	}
	letters->items = items;
	items[letters->count++] = letter;
	return VM_MORE;
}

static int list_letters(struct letters *letters, const struct vm_call *call, struct vm_error *err)
{
	int status = queue_list_dead(letters->server->places.queue_unprocessed, LETTERS_MAX, add_letter,
	                             letters, call, err);

	if (status == VM_OK && letters->no_memory)
		status = vm_fail_memory(err);
	return status;
}

/* Back among the messages, and then off the video's debts. */
static int move(struct server *server, const struct letter *letter, uint64_t *moved,
                const struct vm_call *call, struct vm_error *err)
{
	struct input input = {.type = INPUT_LETTER_MOVED};
	struct effects effects;
	int status = queue_redrive(server->places.queue_unprocessed, letter->id, moved, call, err);

	if (status != VM_OK || letter->video[0] == '\0')
		return status;
	CRASH_POINT(SERVER_LETTER_MOVED);
	return videos_step(server, letter->video, &input, NULL, &effects, call, err);
}

void letters_sweep(struct server *server, const struct vm_call *call)
{
	struct letters letters = {.server = server};
	struct vm_error err;

	if (list_letters(&letters, call, &err) != VM_OK)
		log_warning("listing the dead letters: %s", err.message);
	for (size_t i = 0; i < letters.count; i++) {
		const struct letter *letter = &letters.items[i];
		struct input input = {.type = INPUT_LETTER_FOUND, .at_ms = letter->died_ms};
		struct effects effects;
		uint64_t moved;

		if (letter->video[0] == '\0' ||
		    videos_step(server, letter->video, &input, NULL, &effects, call, NULL) != VM_OK)
			continue;
		/* Whoever redrove the video was killed before it could move the letter. */
		if (effects.redrive && move(server, letter, &moved, call, &err) != VM_OK)
			log_warning("moving a dead letter: %s", err.message);
	}
	free(letters.items);
}

/* The video first: a letter that arrives at one that has failed would be removed. */
static int redrive(struct server *server, const struct letter *letter, uint64_t *moved,
                   const struct vm_call *call, struct vm_error *err)
{
	struct input input = {.type = INPUT_REDRIVE};
	struct effects effects = {0};
	struct video video;
	int status;

	if (letter->video[0] == '\0')
		return move(server, letter, moved, call, err);
	status = videos_step(server, letter->video, &input, &video, &effects, call, err);
	if (status == VM_ERR_NOT_FOUND)
		return vm_fail(err, VM_ERR_CONFLICT, "dead letter %s: its video is gone", letter->id);
	if (status != VM_OK)
		return status;
	/* Asked again after a redrive that broke off: the letter is still to be moved. */
	if (effects.refused && !video.redrive_owed)
		return vm_fail(err, VM_ERR_CONFLICT, "dead letter %s: its video %s is %s", letter->id,
		               letter->video, video_state_name(video.state));
	status = move(server, letter, moved, call, err);
	if (status != VM_ERR_NOT_FOUND)
		return status;
	*moved = 1; /* by the sweeper, which was faster */
	return VM_OK;
}

int videos_redrive(struct server *server, const char *letter, uint64_t *moved,
                   const struct vm_call *call, struct vm_error *err)
{
	struct letters letters = {.server = server, .wanted = letter};
	int status = list_letters(&letters, call, err);

	*moved = 0;
	if (status == VM_OK && letter != NULL && letters.count == 0)
		status = vm_fail(err, VM_ERR_NOT_FOUND, "there is no dead letter %s", letter);
	for (size_t i = 0; status == VM_OK && i < letters.count; i++) {
		uint64_t now = 0;

		status = redrive(server, &letters.items[i], &now, call, err);
		*moved += now;
		/* One of all whose video has moved on stays where it is, for a person to read. */
		if (letter == NULL && status == VM_ERR_CONFLICT) {
			log_info("%s", err->message);
			status = VM_OK;
		}
	}
	free(letters.items);
	return status;
}
