/* pace.c - how fast a stage is made, and how long it will still take. */
#include "worker/pace.h"

void pace_tell(struct pace *pace, int64_t now_ms, struct video_progress *progress)
{
	int64_t passed_ms = now_ms - pace->from_ms;
	uint64_t done_ms = progress->done_ms;

	progress->speed = 0;
	progress->left_ms = 0;
	if (!pace->moving || done_ms < pace->from_done_ms) {
		*pace = (struct pace){done_ms > 0, now_ms, done_ms};
		return;
	}
	if (passed_ms <= 0 || done_ms == pace->from_done_ms)
		return;
	progress->speed = (double)(done_ms - pace->from_done_ms) / (double)passed_ms;
	if (progress->total_ms > done_ms)
		progress->left_ms = (uint64_t)((double)(progress->total_ms - done_ms) / progress->speed);
}
