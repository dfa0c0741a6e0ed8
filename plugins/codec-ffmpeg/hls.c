/* hls.c - the playlists over finished segments. */
#include "hls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec_string.h"
#include "plan_sound.h"
#include "playlist.h"

static const char content_type[] = "application/vnd.apple.mpegurl";

/* What a line of the master says of one track, and the texts that it borrows. */
struct entry {
	char uri[OUT_NAME_MAX + 16];
	char codec[CODEC_STRING_MAX];
};

static int put_text(struct out *out, const char *name, char *text, struct vm_error *err)
{
	int status;

	if (text == NULL)
		return vm_fail_memory(err);
	status = out_put(out, name, content_type, text, strlen(text), err);
	free(text);
	return status;
}

/* The last part of "hls/720p" is the rendition's name, and the way to it from the master. */
static void describe(const struct cmaf *cmaf, struct entry *entry)
{
	const char *slash = strrchr(cmaf_directory(cmaf), '/');

	snprintf(entry->uri, sizeof entry->uri, "%s/playlist.m3u8", slash + 1);
	codec_string(cmaf_track(cmaf)->parameters, entry->codec);
}

static int put_media(const struct cmaf *cmaf, struct out *out, struct vm_error *err)
{
	char name[OUT_NAME_MAX + 16];

	snprintf(name, sizeof name, "%s/playlist.m3u8", cmaf_directory(cmaf));
	return put_text(out, name, playlist_media(cmaf_segments(cmaf)), err);
}

static struct playlist_picture picture_of(const struct cmaf *cmaf, const struct entry *entry)
{
	const struct segments *segments = cmaf_segments(cmaf);
	const struct track *track = cmaf_track(cmaf);
	int64_t duration_us = segments_duration_us(segments);

	return (struct playlist_picture){
	    .uri = entry->uri,
	    .width = track->parameters->width,
	    .height = track->parameters->height,
	    .codec = entry->codec,
	    .peak = segments_peak(segments),
	    .average = segments_average(segments),
	    .captioned = track->captioned,
	    .frame_rate_milli = duration_us > 0
	                            ? (uint64_t)((double)track->packets * 1e9 / (double)duration_us +
	                                         0.5)
	                            : 0,
	};
}

static struct playlist_sound sound_of(const struct cmaf *cmaf, const struct entry *entry)
{
	const struct segments *segments = cmaf_segments(cmaf);
	const struct track *track = cmaf_track(cmaf);

	return (struct playlist_sound){
	    .group = track->group,
	    .label = track->label,
	    .uri = entry->uri,
	    .channels = track->parameters->ch_layout.nb_channels,
	    .codec = entry->codec,
	    .peak = segments_peak(segments),
	    .average = segments_average(segments),
	};
}

static struct playlist_text text_of(const struct plan_text *plan)
{
	struct playlist_text text = {.label = &plan->label};

	snprintf(text.uri, sizeof text.uri, "../subtitles/%s.m3u8", plan->name);
	return text;
}

int hls_write(struct cmaf *const *pictures, size_t n_pictures, struct cmaf *const *sounds,
              size_t n_sounds, const struct subtitles *subtitles, struct out *out,
              struct vm_error *err)
{
	struct entry picture_entries[RENDITIONS_MAX], sound_entries[SOUNDS_MAX];
	struct playlist_picture seen[RENDITIONS_MAX];
	struct playlist_sound heard[SOUNDS_MAX];
	struct playlist_text read[TEXT_STREAMS_MAX];
	size_t n_seen = 0, n_heard = 0, n_read = 0;
	int status = VM_OK;

	for (size_t i = 0; i < n_pictures && status == VM_OK; i++) {
		if (cmaf_segments(pictures[i])->count == 0)
			continue;
		describe(pictures[i], &picture_entries[n_seen]);
		seen[n_seen] = picture_of(pictures[i], &picture_entries[n_seen]);
		n_seen++;
		status = put_media(pictures[i], out, err);
	}
	for (size_t i = 0; i < n_sounds && status == VM_OK; i++) {
		if (cmaf_segments(sounds[i])->count == 0)
			continue;
		describe(sounds[i], &sound_entries[n_heard]);
		heard[n_heard] = sound_of(sounds[i], &sound_entries[n_heard]);
		n_heard++;
		status = put_media(sounds[i], out, err);
	}
	if (status != VM_OK || n_seen + n_heard == 0)
		return status;
	for (size_t i = 0; i < subtitles->count; i++)
		if (subtitles->tracks[i].cues.count > 0)
			read[n_read++] = text_of(subtitles->tracks[i].plan);
	return put_text(out, "hls/master.m3u8",
	                playlist_master(seen, n_seen, heard, n_heard, read, n_read), err);
}
