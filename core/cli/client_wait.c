/* client_wait.c - the work on one video, shown until it ends. */
#include "cli/client_wait.h"

#include <inttypes.h>
#include <string.h>

#include "cli/client_print.h"
#include "support/clock.h"

struct waiting {
	struct progress *progress;
	bool as_json;
	json_t *last;
};

static void show(struct progress *progress, const json_t *video)
{
	const json_t *work = json_object_get(video, "progress");
	const char *state = video_text(video, "state");
	char detail[PROGRESS_WORDS_MAX] = "";

	if (strcmp(state, "processing") == 0) {
		describe_progress(video, detail, sizeof detail);
		progress_show(progress, state, (uint64_t)video_number(work, "done_ms"),
		              (uint64_t)video_number(work, "total_ms"), detail);
	} else {
		progress_show(progress, state, 0, 0, video_text(video, "reason"));
	}
}

static enum vm_more take_change(void *ctx, const json_t *video)
{
	struct waiting *waiting = ctx;

	json_decref(waiting->last);
	waiting->last = json_deep_copy(video);
	if (waiting->as_json) {
		print_json(video);
		fflush(stdout);
	}
	if (video_is_final(video))
		return VM_STOP;
	if (!waiting->as_json)
		show(waiting->progress, video);
	return VM_MORE;
}

int client_wait(struct client *client, const char *id, bool as_json, struct progress *progress,
                json_t **out, struct vm_error *err)
{
	struct waiting waiting = {.progress = progress, .as_json = as_json};
	int status = client_follow(client, id, take_change, &waiting, err);

	progress_clear(progress);
	if (status == VM_OK && waiting.last == NULL)
		status = vm_fail_memory(err);
	if (status != VM_OK) {
		json_decref(waiting.last);
		return status;
	}
	*out = waiting.last;
	return VM_OK;
}

int client_tell_end(const struct command *command, struct client *client, const json_t *video,
                    bool as_json)
{
	json_t *answer = NULL;
	struct vm_error err;
	char path[512];

	if (strcmp(video_text(video, "state"), "processed") != 0) {
		fprintf(stderr, "vidmill %s: %s: ", command->name, video_text(video, "id"));
		print_outcome(video, stderr);
		fputc('\n', stderr);
		return EXIT_FAILED;
	}
	if (as_json)
		return EXIT_OK;
	if (!client_video_path(video_text(video, "id"), "/outputs", path, sizeof path))
		return client_no_video(command, video_text(video, "id"));
	if (client_ask(client, "GET", path, NULL, &answer, &err) != VM_OK)
		return client_fail(command, &err);
	print_outputs(json_object_get(answer, "outputs"));
	json_decref(answer);
	return EXIT_OK;
}
