/* playlist.c - HLS playlists (RFC 8216) as text. */
#include "playlist.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_GROUP "subtitles"
#define CAPTIONS_GROUP "captions"

/* Closes the stream over *text and hands the text out, unless something did not fit in memory. */
static char *finish(FILE *stream, char **text)
{
	bool failed = ferror(stream) != 0;

	if (fclose(stream) != 0 || failed) {
		free(*text);
		return NULL;
	}
	return *text;
}

/* Version 7: fragmented MP4 with EXT-X-MAP, as all players of it expect. */
static void write_head(FILE *stream)
{
	fputs("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n", stream);
}

static char *list(const struct segments *segments, bool keyframes)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	if (stream == NULL)
		return NULL;
	write_head(stream);
	fprintf(stream,
	        "#EXT-X-TARGETDURATION:%" PRId64 "\n"
	        "#EXT-X-MEDIA-SEQUENCE:1\n"
	        "#EXT-X-PLAYLIST-TYPE:VOD\n"
	        "%s"
	        "#EXT-X-MAP:URI=\"init.mp4\"\n",
	        segments_target_s(segments), keyframes ? "#EXT-X-I-FRAMES-ONLY\n" : "");
	for (size_t i = 0; i < segments->count; i++) {
		const struct segment *segment = &segments->items[i];

		fprintf(stream, "#EXTINF:%" PRId64 ".%06" PRId64 ",\n", segment->duration_us / 1000000,
		        segment->duration_us % 1000000);
		if (keyframes)
			fprintf(stream, "#EXT-X-BYTERANGE:%" PRIu64 "@0\n", segment->first_bytes);
		fprintf(stream, "segment-%05zu.m4s\n", i + 1);
	}
	fputs("#EXT-X-ENDLIST\n", stream);
	return finish(stream, &text);
}

char *playlist_media(const struct segments *segments)
{
	return list(segments, false);
}

char *playlist_keyframes(const struct segments *segments)
{
	return list(segments, true);
}

char *playlist_text(const char *name, int64_t duration_us)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	if (stream == NULL)
		return NULL;
	fprintf(stream,
	        "#EXTM3U\n"
	        "#EXT-X-VERSION:7\n"
	        "#EXT-X-TARGETDURATION:%" PRId64 "\n"
	        "#EXT-X-MEDIA-SEQUENCE:1\n"
	        "#EXT-X-PLAYLIST-TYPE:VOD\n"
	        "#EXTINF:%" PRId64 ".%06" PRId64 ",\n%s.vtt\n"
	        "#EXT-X-ENDLIST\n",
	        FFMAX((duration_us + 500000) / 1000000, 1), duration_us / 1000000,
	        duration_us % 1000000, name);
	return finish(stream, &text);
}

/* Nothing of the source's own text may end the attribute it stands in. */
static void write_quoted(FILE *stream, const char *name, const char *value)
{
	fprintf(stream, ",%s=\"", name);
	for (; *value != '\0'; value++)
		fputc(*value == '"' || (unsigned char)*value < ' ' ? ' ' : *value, stream);
	fputc('"', stream);
}

/* What a player chooses by: language, whether it may by itself, and whom the track is for. */
static void write_label(FILE *stream, const struct label *label, int roles,
                        const char *characteristics)
{
	write_quoted(stream, "NAME", label->name);
	if (label->language[0] != '\0')
		write_quoted(stream, "LANGUAGE", label->language);
	if (label->roles & AV_DISPOSITION_DEFAULT)
		fputs(",DEFAULT=YES", stream);
	if (!(label->roles & AV_DISPOSITION_COMMENT))
		fputs(",AUTOSELECT=YES", stream);
	if (label->roles & roles)
		write_quoted(stream, "CHARACTERISTICS", characteristics);
}

static void write_text(FILE *stream, const struct playlist_text *text)
{
	fputs("#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"" TEXT_GROUP "\"", stream);
	write_label(stream, text->label, AV_DISPOSITION_HEARING_IMPAIRED,
	            "public.accessibility.transcribes-spoken-dialog,"
	            "public.accessibility.describes-music-and-sound");
	if (text->label->roles & AV_DISPOSITION_FORCED)
		fputs(",FORCED=YES", stream);
	write_quoted(stream, "URI", text->uri);
	fputc('\n', stream);
}

static void write_sound(FILE *stream, const struct playlist_sound *sound)
{
	fputs("#EXT-X-MEDIA:TYPE=AUDIO", stream);
	write_quoted(stream, "GROUP-ID", sound->group);
	write_label(stream, sound->label, AV_DISPOSITION_VISUAL_IMPAIRED | AV_DISPOSITION_DESCRIPTIONS,
	            "public.accessibility.describes-video");
	fprintf(stream, ",CHANNELS=\"%d\"", sound->channels);
	write_quoted(stream, "URI", sound->uri);
	fputc('\n', stream);
}

static const char *range_name(enum AVColorTransferCharacteristic transfer)
{
	return transfer == AVCOL_TRC_SMPTE2084      ? "PQ"
	       : transfer == AVCOL_TRC_ARIB_STD_B67 ? "HLG"
	                                            : "SDR";
}

static void write_keyframes(FILE *stream, const struct playlist_picture *picture)
{
	if (picture->keyframes_uri == NULL)
		return;
	fprintf(stream,
	        "#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=%" PRIu64 ",AVERAGE-BANDWIDTH=%" PRIu64
	        ",CODECS=\"%s\",RESOLUTION=%dx%d,VIDEO-RANGE=%s",
	        picture->keyframes_peak, picture->keyframes_average, picture->codec, picture->width,
	        picture->height, range_name(picture->transfer));
	write_quoted(stream, "URI", picture->keyframes_uri);
	fputc('\n', stream);
}

static void write_variant(FILE *stream, const struct playlist_picture *picture,
                          const struct playlist_sound *sound, bool texts)
{
	fprintf(stream, "#EXT-X-STREAM-INF:BANDWIDTH=%" PRIu64 ",AVERAGE-BANDWIDTH=%" PRIu64,
	        picture->peak + (sound != NULL ? sound->peak : 0),
	        picture->average + (sound != NULL ? sound->average : 0));
	fprintf(stream, ",CODECS=\"%s%s%s\",RESOLUTION=%dx%d", picture->codec, sound != NULL ? "," : "",
	        sound != NULL ? sound->codec : "", picture->width, picture->height);
	if (picture->frame_rate_milli > 0)
		fprintf(stream, ",FRAME-RATE=%" PRIu64 ".%03" PRIu64, picture->frame_rate_milli / 1000,
		        picture->frame_rate_milli % 1000);
	fprintf(stream, ",VIDEO-RANGE=%s", range_name(picture->transfer));
	if (sound != NULL)
		write_quoted(stream, "AUDIO", sound->group);
	if (texts)
		write_quoted(stream, "SUBTITLES", TEXT_GROUP);
	fprintf(stream, ",CLOSED-CAPTIONS=%s\n%s\n",
	        picture->captioned ? "\"" CAPTIONS_GROUP "\"" : "NONE", picture->uri);
}

static void write_sound_variant(FILE *stream, const struct playlist_sound *sound)
{
	fprintf(stream,
	        "#EXT-X-STREAM-INF:BANDWIDTH=%" PRIu64 ",AVERAGE-BANDWIDTH=%" PRIu64
	        ",CODECS=\"%s\"\n%s\n",
	        sound->peak, sound->average, sound->codec, sound->uri);
}

/* A player may take any of the group: the largest is what it must be able to load. */
static struct playlist_sound group_of(const struct playlist_sound *sounds, size_t count,
                                      size_t first, size_t *next)
{
	struct playlist_sound group = sounds[first];
	size_t i = first + 1;

	for (; i < count && strcmp(sounds[i].group, group.group) == 0; i++) {
		group.peak = FFMAX(group.peak, sounds[i].peak);
		group.average = FFMAX(group.average, sounds[i].average);
	}
	*next = i;
	return group;
}

char *playlist_master(const struct playlist_picture *pictures, size_t n_pictures,
                      const struct playlist_sound *sounds, size_t n_sounds,
                      const struct playlist_text *texts, size_t n_texts)
{
	char *text = NULL;
	size_t length;
	FILE *stream = open_memstream(&text, &length);

	if (stream == NULL)
		return NULL;
	write_head(stream);
	for (size_t i = 0; i < n_sounds; i++) {
		if (n_pictures > 0)
			write_sound(stream, &sounds[i]);
		else
			write_sound_variant(stream, &sounds[i]);
	}
	for (size_t i = 0; n_pictures > 0 && i < n_texts; i++)
		write_text(stream, &texts[i]);
	if (n_pictures > 0 && pictures[0].captioned)
		fputs("#EXT-X-MEDIA:TYPE=CLOSED-CAPTIONS,GROUP-ID=\"" CAPTIONS_GROUP
		      "\",NAME=\"CC1\",INSTREAM-ID=\"CC1\"\n",
		      stream);
	for (size_t i = 0; n_sounds == 0 && i < n_pictures; i++)
		write_variant(stream, &pictures[i], NULL, n_texts > 0);
	for (size_t first = 0, next; first < n_sounds; first = next) {
		struct playlist_sound group = group_of(sounds, n_sounds, first, &next);

		for (size_t i = 0; i < n_pictures; i++)
			write_variant(stream, &pictures[i], &group, n_texts > 0);
	}
	for (size_t i = 0; i < n_pictures; i++)
		write_keyframes(stream, &pictures[i]);
	return finish(stream, &text);
}
