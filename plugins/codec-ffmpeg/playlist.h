/* playlist.h - HLS playlists (RFC 8216) as text, written and read again. */
#ifndef CODEC_FFMPEG_PLAYLIST_H
#define CODEC_FFMPEG_PLAYLIST_H

#include <stdbool.h>

#include <libavutil/pixfmt.h>

#include "label.h"
#include "segments.h"

/* A rendition of sound, by itself or beside pictures. Those of a group stand together. */
struct playlist_sound {
	const char *group;
	const struct label *label;
	const char *uri;
	int channels;
	const char *codec;
	uint64_t peak, average; /* bits per second */
};

/* Subtitles beside pictures. */
struct playlist_text {
	const struct label *label;
	char uri[80];
};

struct playlist_picture {
	const char *uri;
	int width, height;
	const char *codec;
	uint64_t peak, average;
	uint64_t frame_rate_milli; /* pictures in 1,000 seconds; 0: not known */
	bool captioned;            /* CC1 of CEA-608 is inside */
	enum AVColorTransferCharacteristic transfer;
	/* Its keyframes alone, to look for a place by; NULL: no such playlist. */
	const char *keyframes_uri;
	uint64_t keyframes_peak, keyframes_average;
};

/*
 * Pure: text to be freed by the caller, NULL when out of memory. Of the media
 * playlist the segments are named segment-00001.m4s and so on, beside init.mp4.
 */
char *playlist_media(const struct segments *segments);

/* The same, of the first picture of each segment alone. */
char *playlist_keyframes(const struct segments *segments);

/* Every rendition of pictures with every group of sound; with sound alone each is a variant. */
char *playlist_master(const struct playlist_picture *pictures, size_t n_pictures,
                      const struct playlist_sound *sounds, size_t n_sounds,
                      const struct playlist_text *texts, size_t n_texts);

/* Subtitles as one segment, <name>.vtt beside the playlist: RFC 8216 (6.2.4) lets them have a
 * target duration of their own. */
char *playlist_text(const char *name, int64_t duration_us);

/* What a playlist says; read back to find out whether a player could use it. */
struct playlist_facts {
	bool is_master;
	size_t entries; /* segments, or variants */
	int64_t duration_us;
};

/* VM_ERR_BAD_DATA says what is wrong with it. */
int playlist_read(const char *text, size_t length, struct playlist_facts *out,
                  struct vm_error *err);

#endif
