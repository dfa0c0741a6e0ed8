/* client_print.c - tables and details of videos. */
#include "cli/client_print.h"

#include <stdlib.h>
#include <string.h>

#include "cli/progress.h"
#include "support/clock.h"
#include "support/escape.h"
#include "support/json.h"

const char *video_text(const json_t *video, const char *name)
{
	const char *text = json_string_value(json_object_get(video, name));

	return text != NULL ? text : "";
}

int64_t video_number(const json_t *video, const char *name)
{
	return json_integer_value(json_object_get(video, name));
}

bool video_is_final(const json_t *video)
{
	static const char *const states[] = {"processed", "failed", "expired", "canceled"};
	const char *state = video_text(video, "state");

	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (strcmp(state, states[i]) == 0)
			return true;
	return false;
}

void print_safe(const char *text, FILE *out)
{
	size_t length = strlen(text);

	while (length > 0) {
		char escaped[ESCAPE_MAX];
		size_t written;
		size_t read = escape_next(text, length, false, escaped, &written);

		fwrite(escaped, 1, written, out);
		text += read;
		length -= read;
	}
}

void print_json(const json_t *value)
{
	char *text = json_write(value);

	puts(text != NULL ? text : "null");
	free(text);
}

void print_outcome(const json_t *video, FILE *out)
{
	fputs(video_text(video, "state"), out);
	if (video_text(video, "error")[0] != '\0')
		fprintf(out, ": %s", video_text(video, "error"));
	if (video_text(video, "reason")[0] != '\0') {
		fputs(": ", out);
		print_safe(video_text(video, "reason"), out);
	}
}

/* "42 %", or "" when nobody knows. */
static const char *progress_text(const json_t *video, char text[16])
{
	const json_t *progress = json_object_get(video, "progress");
	int64_t total = video_number(progress, "total_ms");

	text[0] = '\0';
	if (strcmp(video_text(video, "state"), "processing") == 0 && total > 0)
		snprintf(text, 16, "%d %%", (int)(100 * video_number(progress, "done_ms") / total));
	return text;
}

void describe_progress(const json_t *video, char *text, size_t size)
{
	const json_t *progress = json_object_get(video, "progress");
	double speed = json_number_value(json_object_get(progress, "speed"));
	int64_t left_ms = video_number(progress, "left_ms"), stages = video_number(progress, "stages");
	char left[CLOCK_TEXT_MAX];

	snprintf(text, size, "%.64s", video_text(progress, "stage"));
	if (stages > 1)
		snprintf(text + strlen(text), size - strlen(text), " (%lld of %lld)",
		         (long long)video_number(progress, "number"), (long long)stages);
	if (speed > 0)
		snprintf(text + strlen(text), size - strlen(text), ", %.1fx", speed);
	if (left_ms > 0)
		snprintf(text + strlen(text), size - strlen(text), ", %s left",
		         clock_duration_text(left_ms, left));
}

#define ROW "%-32s  %-15s  %5s  %-24s  "

void print_heading(void)
{
	printf(ROW "%s\n", "ID", "STATE", "DONE", "CREATED", "NAME");
}

void print_row(const json_t *video)
{
	char created[CLOCK_TEXT_MAX];
	char progress[16];

	printf(ROW, video_text(video, "id"), video_text(video, "state"), progress_text(video, progress),
	       clock_text(video_number(video, "created_ms"), created));
	print_safe(video_text(video, "name"), stdout);
	putchar('\n');
}

static void print_field(const char *name, const char *text)
{
	if (text[0] == '\0')
		return;
	printf("%-12s", name);
	print_safe(text, stdout);
	putchar('\n');
}

static void print_time(const char *name, int64_t unix_ms)
{
	char text[CLOCK_TEXT_MAX];

	if (unix_ms != 0)
		print_field(name, clock_text(unix_ms, text));
}

static void print_history(const json_t *history)
{
	const json_t *attempt;
	size_t i;

	json_array_foreach(history, i, attempt)
	{
		char text[CLOCK_TEXT_MAX];
		int64_t lasted_ms = video_number(attempt, "ended_ms") - video_number(attempt, "started_ms");

		printf("%-12s%s", i == 0 ? "attempts" : "", video_text(attempt, "end"));
		if (video_number(attempt, "started_ms") != 0)
			printf(" after %s", clock_duration_text(lasted_ms, text));
		if (video_text(attempt, "error")[0] != '\0')
			printf(", %s", video_text(attempt, "error"));
		if (video_text(attempt, "reason")[0] != '\0') {
			fputs(": ", stdout);
			print_safe(video_text(attempt, "reason"), stdout);
		}
		putchar('\n');
	}
}

void print_video(const json_t *video, const json_t *outputs)
{
	bool works = strcmp(video_text(video, "state"), "processing") == 0;
	char progress[16], pace[PROGRESS_WORDS_MAX] = "";

	if (works)
		describe_progress(video, pace, sizeof pace);
	print_field("id", video_text(video, "id"));
	print_field("name", video_text(video, "name"));
	print_field("state", video_text(video, "state"));
	print_field("error", video_text(video, "error"));
	print_field("reason", video_text(video, "reason"));
	print_field("done", progress_text(video, progress));
	print_field("stage", pace);
	print_time("created", video_number(video, "created_ms"));
	print_time("due", video_number(video, "due_ms"));
	print_time("finished", video_number(video, "finished_ms"));
	printf("%-12s%lld\n", "generation", (long long)video_number(video, "generation"));
	print_history(json_object_get(video, "history"));
	if (outputs != NULL)
		print_outputs(outputs);
}

/* A piece of a stream: nobody opens one by itself, and there are hundreds. */
static bool is_segment(const char *name)
{
	static const char *const ends[] = {".m4s", ".ts", "/init.mp4"};
	size_t length = strlen(name);

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (length > strlen(ends[i]) && strcmp(name + length - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

void print_outputs(const json_t *outputs)
{
	const json_t *output;
	uint64_t segment_bytes = 0;
	size_t segments = 0;
	size_t i;
	char size[PROGRESS_TEXT_MAX];

	json_array_foreach(outputs, i, output)
	{
		uint64_t bytes = (uint64_t)video_number(output, "bytes");

		if (is_segment(video_text(output, "name"))) {
			segments++;
			segment_bytes += bytes;
			continue;
		}
		printf("%10s  ", progress_bytes(bytes, size));
		print_safe(video_text(output, "url"), stdout);
		putchar('\n');
	}
	if (segments > 0)
		printf("%10s  in %zu segments\n", progress_bytes(segment_bytes, size), segments);
}
