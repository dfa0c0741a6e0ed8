/* hls.c - the playlists over finished segments. */
#include "hls.h"

#include <stdio.h>
#include <string.h>

#include "codec_string.h"
#include "plan_sound.h"
#include "playlist.h"

static const char content_type[] = "application/vnd.apple.mpegurl";

/* What a line of the master says of one track, and the texts that it borrows. */
struct entry {
	char uri[OUT_NAME_MAX + 16], keyframes_uri[OUT_NAME_MAX + 16];
	char codec[CODEC_STRING_MAX];
};

static void describe(const struct cmaf *cmaf, struct entry *entry)
{
	snprintf(entry->uri, sizeof entry->uri, "%s/playlist.m3u8", cmaf_name(cmaf));
	snprintf(entry->keyframes_uri, sizeof entry->keyframes_uri, "%s/keyframes.m3u8",
	         cmaf_name(cmaf));
	codec_string(cmaf_track(cmaf), entry->codec);
}

static int put_playlist(const struct cmaf *cmaf, const char *playlist, char *text, struct out *out,
                        struct vm_error *err)
{
	char name[OUT_NAME_MAX + 16];

	snprintf(name, sizeof name, "%s/%s", cmaf_directory(cmaf), playlist);
	return out_put_text(out, name, content_type, text, err);
}

static int put_media(const struct cmaf *cmaf, struct out *out, struct vm_error *err)
{
	return put_playlist(cmaf, "playlist.m3u8", playlist_media(cmaf_segments(cmaf)), out, err);
}

static int put_keyframes(const struct cmaf *cmaf, const struct entry *entry,
                         struct playlist_picture *picture, struct out *out, struct vm_error *err)
{
	struct segments keyframes = {0};
	int status = segments_first_samples(cmaf_segments(cmaf), &keyframes, err);

	if (status == VM_OK) {
		picture->keyframes_uri = entry->keyframes_uri;
		picture->keyframes_peak = segments_peak(&keyframes);
		picture->keyframes_average = segments_average(&keyframes);
		status = put_playlist(cmaf, "keyframes.m3u8", playlist_keyframes(&keyframes), out, err);
	}
	segments_finish(&keyframes);
	return status;
}

static struct playlist_picture picture_of(const struct cmaf *cmaf, const struct entry *entry)
{
	const struct segments *segments = cmaf_segments(cmaf);
	const struct track *track = cmaf_track(cmaf);

	return (struct playlist_picture){
	    .uri = entry->uri,
	    .width = track->parameters->width,
	    .height = track->parameters->height,
	    .codec = entry->codec,
	    .peak = segments_peak(segments),
	    .average = segments_average(segments),
	    .captioned = track->captioned,
	    .transfer = track->parameters->color_trc,
	    .frame_rate_milli = cmaf_frame_rate_milli(cmaf),
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
		if (cmaf_is_empty(pictures[i]))
			continue;
		describe(pictures[i], &picture_entries[n_seen]);
		seen[n_seen] = picture_of(pictures[i], &picture_entries[n_seen]);
		status = put_media(pictures[i], out, err);
		if (status == VM_OK)
			status = put_keyframes(pictures[i], &picture_entries[n_seen], &seen[n_seen], out, err);
		n_seen++;
	}
	for (size_t i = 0; i < n_sounds && status == VM_OK; i++) {
		if (cmaf_is_empty(sounds[i]))
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
	return out_put_text(out, "hls/master.m3u8", content_type,
	                    playlist_master(seen, n_seen, heard, n_heard, read, n_read), err);
}
