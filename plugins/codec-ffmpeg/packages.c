/* packages.c - what is made of the encoded tracks: movies, segments, playlists. */
#include "packages.h"

#include <stdio.h>
#include <string.h>

#include "dash.h"
#include "hls.h"

static int open_movie(struct packages *packages, const struct plan *plan, bool webm,
                      const char *name, struct track *const *tracks, size_t count, size_t sounds,
                      struct out *out, struct log *log, struct vm_error *err)
{
	bool seen = count > sounds;
	struct movie_want want = {
	    .webm = webm,
	    .duration_ms = (uint64_t)plan->duration_ms,
	    .frame_rate = seen ? av_q2d(plan->frame_rate) : 0,
	    .even_rate = plan->even_rate,
	    .sounds = sounds,
	    .keyframe_ms = plan->segment_ms,
	};
	int status;

	if (webm)
		want.content_type = seen ? "video/webm" : "audio/webm";
	else
		want.content_type = seen ? "video/mp4" : "audio/mp4";
	snprintf(want.name, sizeof want.name, "%s.%s", name, webm ? "webm" : seen ? "mp4" : "m4a");
	status = movie_create(&want, tracks, count, out, log, &packages->movies[packages->n_movies],
	                      err);
	packages->n_movies += status == VM_OK;
	return status;
}

/* Pictures with all tracks of one sound; without pictures each sound by itself. */
static int open_movies(struct packages *packages, const struct plan *plan, bool webm,
                       const struct package_tracks *tracks, struct out *out, struct log *log,
                       struct vm_error *err)
{
	struct track *together[MOVIE_TRACKS_MAX];
	size_t first = plan_movie_sounds(plan, webm);
	size_t sounds = first < plan->n_sounds ? plan->n_tracks : 0;
	int status = VM_OK;

	memcpy(together + 1, tracks->sounds + first, sounds * sizeof *together);
	for (size_t i = 0; i < tracks->n_pictures && status == VM_OK; i++) {
		const struct video_option *option = plan->ladder.rungs[i].option;

		together[0] = tracks->pictures[i];
		if (!webm || config_is_webm_video(option))
			status = open_movie(packages, plan, webm, option->name, together, 1 + sounds, sounds,
			                    out, log, err);
	}
	for (size_t i = 0; tracks->n_pictures == 0 && i < tracks->n_sounds && status == VM_OK; i++)
		if (!webm || config_is_webm_audio(plan->sounds[i].option))
			status = open_movie(packages, plan, webm, plan->sounds[i].name, &tracks->sounds[i], 1,
			                    1, out, log, err);
	return status;
}

static int open_segments(struct track *track, const char *name, const struct plan *plan,
                         struct out *out, struct log *log, struct cmaf **cmaf, struct vm_error *err)
{
	char directory[OUT_NAME_MAX];

	snprintf(directory, sizeof directory, "%s/%s", plan->hls ? "hls" : "dash", name);
	return cmaf_create(track, directory, plan->segment_ms, out, log, cmaf, err);
}

/* The same for HLS and for DASH: they lie with the first of the two that is wanted. */
static int open_all_segments(struct packages *packages, const struct plan *plan,
                             const struct package_tracks *tracks, struct out *out, struct log *log,
                             struct vm_error *err)
{
	int status = VM_OK;

	for (size_t i = 0; i < tracks->n_pictures && status == VM_OK; i++) {
		status = open_segments(tracks->pictures[i], plan->ladder.rungs[i].option->name, plan, out,
		                       log, &packages->pictures[i], err);
		packages->n_pictures += status == VM_OK;
	}
	for (size_t i = 0; i < tracks->n_sounds && status == VM_OK; i++) {
		status = open_segments(tracks->sounds[i], plan->sounds[i].name, plan, out, log,
		                       &packages->sounds[i], err);
		packages->n_sounds += status == VM_OK;
	}
	return status;
}

int packages_open(struct packages *packages, const struct plan *plan,
                  const struct package_tracks *tracks, struct out *out, struct log *log,
                  struct vm_error *err)
{
	int status = VM_OK;

	if (plan->mp4)
		status = open_movies(packages, plan, false, tracks, out, log, err);
	if (plan->webm && status == VM_OK)
		status = open_movies(packages, plan, true, tracks, out, log, err);
	if ((plan->hls || plan->dash) && status == VM_OK)
		status = open_all_segments(packages, plan, tracks, out, log, err);
	packages->hls = plan->hls;
	packages->dash = plan->dash;
	return status;
}

int packages_close(struct packages *packages, const struct subtitles *subtitles, struct out *out,
                   struct vm_error *err)
{
	int status = VM_OK;

	if (packages->hls)
		status = hls_write(packages->pictures, packages->n_pictures, packages->sounds,
		                   packages->n_sounds, subtitles, out, err);
	if (packages->dash && status == VM_OK)
		status = dash_write(packages->pictures, packages->n_pictures, packages->sounds,
		                    packages->n_sounds, subtitles, out, err);
	return status;
}

void packages_finish(struct packages *packages)
{
	for (size_t i = 0; i < packages->n_movies; i++)
		movie_destroy(packages->movies[i]);
	for (size_t i = 0; i < packages->n_pictures; i++)
		cmaf_destroy(packages->pictures[i]);
	for (size_t i = 0; i < packages->n_sounds; i++)
		cmaf_destroy(packages->sounds[i]);
}
