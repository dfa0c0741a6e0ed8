/* dash.c - the manifest of DASH over finished segments. */
#include "dash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec_string.h"

/* What all parts of one manifest need. */
struct manifest {
	FILE *stream;
	struct cmaf *const *pictures, *const *sounds;
	size_t n_pictures, n_sounds;
	const struct subtitles *subtitles;
	int64_t duration_us; /* the longest track's */
	unsigned sets;       /* so far: each has a number */
};

/* Text of the source may hold anything but ends neither an element nor an attribute. */
static void write_text(FILE *stream, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", stream);
			break;
		case '<':
			fputs("&lt;", stream);
			break;
		case '>':
			fputs("&gt;", stream);
			break;
		case '"':
			fputs("&quot;", stream);
			break;
		default:
			fputc((unsigned char)*text < ' ' ? ' ' : *text, stream);
		}
}

/* xs:duration, "PT6.006000S". */
static void write_duration(FILE *stream, const char *name, int64_t duration_us)
{
	fprintf(stream, " %s=\"PT%" PRId64 ".%06" PRId64 "S\"", name, duration_us / 1000000,
	        duration_us % 1000000);
}

/* The segments in their order; those of one length that follow each other are one entry. */
static void write_timeline(FILE *stream, const struct segments *segments)
{
	fputs("          <SegmentTimeline>\n", stream);
	for (size_t i = 0, next; i < segments->count; i = next) {
		int64_t duration_us = segments->items[i].duration_us;

		for (next = i + 1; next < segments->count; next++)
			if (segments->items[next].duration_us != duration_us)
				break;
		fputs("            <S", stream);
		if (i == 0)
			fprintf(stream, " t=\"%" PRId64 "\"", segments->items[0].start_us);
		fprintf(stream, " d=\"%" PRId64 "\"", duration_us);
		if (next > i + 1)
			fprintf(stream, " r=\"%zu\"", next - i - 1);
		fputs("/>\n", stream);
	}
	fputs("          </SegmentTimeline>\n", stream);
}

static void write_segments(FILE *stream, const struct cmaf *cmaf)
{
	const char *directory = cmaf_directory(cmaf);

	fprintf(stream,
	        "        <SegmentTemplate timescale=\"1000000\" startNumber=\"1\" "
	        "initialization=\"../%s/init.mp4\" media=\"../%s/segment-$Number%%05d$.m4s\">\n",
	        directory, directory);
	write_timeline(stream, cmaf_segments(cmaf));
	fputs("        </SegmentTemplate>\n", stream);
}

static void begin_representation(FILE *stream, const struct cmaf *cmaf)
{
	char codec[CODEC_STRING_MAX];

	codec_string(cmaf_track(cmaf), codec);
	fprintf(stream, "      <Representation id=\"%s\" bandwidth=\"%" PRIu64 "\" codecs=\"%s\"",
	        cmaf_name(cmaf), segments_peak(cmaf_segments(cmaf)), codec);
}

/* Those of television are 1000/1001 of a whole one. 0: it is not known. */
static void write_frame_rate(FILE *stream, uint64_t milli)
{
	uint64_t whole = (milli * 1001 + 500000) / 1000000;
	int64_t off = (int64_t)(milli * 1001) - (int64_t)(whole * 1000000);

	if (milli == 0)
		return;
	if (milli % 1000 == 0)
		fprintf(stream, " frameRate=\"%" PRIu64 "\"", milli / 1000);
	else if (off > -501 && off < 501)
		fprintf(stream, " frameRate=\"%" PRIu64 "/1001\"", whole * 1000);
	else
		fprintf(stream, " frameRate=\"%" PRIu64 "/1000\"", milli);
}

static void write_picture(FILE *stream, const struct cmaf *cmaf)
{
	const AVCodecParameters *parameters = cmaf_track(cmaf)->parameters;

	begin_representation(stream, cmaf);
	fprintf(stream, " width=\"%d\" height=\"%d\" sar=\"1:1\"", parameters->width,
	        parameters->height);
	write_frame_rate(stream, cmaf_frame_rate_milli(cmaf));
	fputs(">\n", stream);
	write_segments(stream, cmaf);
	fputs("      </Representation>\n", stream);
}

static void begin_set(struct manifest *manifest, const char *type, const char *mime)
{
	fprintf(manifest->stream,
	        "    <AdaptationSet id=\"%u\" contentType=\"%s\" mimeType=\"%s\" "
	        "segmentAlignment=\"true\" startWithSAP=\"1\"",
	        ++manifest->sets, type, mime);
}

static void write_property(FILE *stream, const char *element, const char *scheme, const char *value)
{
	fprintf(stream, "      <%s schemeIdUri=\"%s\"", element, scheme);
	if (value != NULL)
		fprintf(stream, " value=\"%s\"", value);
	fputs("/>\n", stream);
}

static enum AVCodecID codec_of(const struct cmaf *cmaf)
{
	return cmaf_track(cmaf)->parameters->codec_id;
}

/* All of one codec: a player does not change the decoder in the middle. */
static void write_pictures_of(struct manifest *manifest, size_t first)
{
	const struct cmaf *leader = manifest->pictures[first];
	FILE *stream = manifest->stream;

	begin_set(manifest, "video", "video/mp4");
	fputs(">\n", stream);
	/* Without a value: CC1, and its language is not known. */
	if (cmaf_track(leader)->captioned)
		write_property(stream, "Accessibility", "urn:scte:dash:cc:cea-608:2015", NULL);
	for (size_t i = first; i < manifest->n_pictures; i++)
		if (!cmaf_is_empty(manifest->pictures[i]) &&
		    codec_of(manifest->pictures[i]) == codec_of(leader))
			write_picture(stream, manifest->pictures[i]);
	fputs("    </AdaptationSet>\n", stream);
}

static bool is_first_of_codec(const struct manifest *manifest, size_t number)
{
	for (size_t i = 0; i < number; i++)
		if (!cmaf_is_empty(manifest->pictures[i]) &&
		    codec_of(manifest->pictures[i]) == codec_of(manifest->pictures[number]))
			return false;
	return !cmaf_is_empty(manifest->pictures[number]);
}

static void write_pictures(struct manifest *manifest)
{
	for (size_t i = 0; i < manifest->n_pictures; i++)
		if (is_first_of_codec(manifest, i))
			write_pictures_of(manifest, i);
}

/* Of a set, behind the attributes of its kind; in the order that the schema wants. */
static void write_label(FILE *stream, const struct label *label, bool described, const char *role)
{
	if (label->language[0] != '\0')
		fprintf(stream, " lang=\"%s\"", label->language);
	fputs(">\n      <Label>", stream);
	write_text(stream, label->name);
	fputs("</Label>\n", stream);
	/* Of the audio purposes of TV-Anytime 1 is for those who do not see. */
	if (described)
		write_property(stream, "Accessibility", "urn:tva:metadata:cs:AudioPurposeCS:2007", "1");
	write_property(stream, "Role", "urn:mpeg:dash:role:2011", role);
}

static const char *role_of_sound(const struct label *label)
{
	return label->roles & AV_DISPOSITION_COMMENT   ? "commentary"
	       : label->roles & AV_DISPOSITION_DEFAULT ? "main"
	                                               : "alternate";
}

static void write_sound(struct manifest *manifest, const struct cmaf *cmaf)
{
	const struct track *track = cmaf_track(cmaf);
	FILE *stream = manifest->stream;
	bool described = track->label->roles &
	                 (AV_DISPOSITION_VISUAL_IMPAIRED | AV_DISPOSITION_DESCRIPTIONS);
	char channels[16];

	snprintf(channels, sizeof channels, "%d", track->parameters->ch_layout.nb_channels);
	begin_set(manifest, "audio", "audio/mp4");
	write_label(stream, track->label, described, role_of_sound(track->label));
	begin_representation(stream, cmaf);
	fprintf(stream, " audioSamplingRate=\"%d\">\n  ", track->parameters->sample_rate);
	write_property(stream, "AudioChannelConfiguration",
	               "urn:mpeg:dash:23003:3:audio_channel_configuration:2011", channels);
	write_segments(stream, cmaf);
	fputs("      </Representation>\n    </AdaptationSet>\n", stream);
}

static const char *role_of_text(const struct label *label)
{
	return label->roles & AV_DISPOSITION_FORCED             ? "forced-subtitle"
	       : label->roles & AV_DISPOSITION_HEARING_IMPAIRED ? "caption"
	                                                        : "subtitle";
}

/* One file, which a player loads whole. */
static void write_subtitle(struct manifest *manifest, const struct plan_text *text)
{
	FILE *stream = manifest->stream;

	fprintf(stream, "    <AdaptationSet id=\"%u\" contentType=\"text\" mimeType=\"text/vtt\"",
	        ++manifest->sets);
	write_label(stream, &text->label, false, role_of_text(&text->label));
	fprintf(stream,
	        "      <Representation id=\"subtitles-%s\" bandwidth=\"1000\">\n"
	        "        <BaseURL>../subtitles/%s.vtt</BaseURL>\n"
	        "      </Representation>\n    </AdaptationSet>\n",
	        text->name, text->name);
}

static void write_all(struct manifest *manifest, int64_t longest_us)
{
	FILE *stream = manifest->stream;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"\n"
	      "     profiles=\"urn:mpeg:dash:profile:isoff-live:2011,"
	      "urn:mpeg:dash:profile:cmaf:2019\"\n    ",
	      stream);
	write_duration(stream, "mediaPresentationDuration", manifest->duration_us);
	write_duration(stream, "minBufferTime", longest_us);
	fputs(">\n  <Period id=\"1\" start=\"PT0S\">\n", stream);
	write_pictures(manifest);
	for (size_t i = 0; i < manifest->n_sounds; i++)
		if (!cmaf_is_empty(manifest->sounds[i]))
			write_sound(manifest, manifest->sounds[i]);
	for (size_t i = 0; i < manifest->subtitles->count; i++)
		if (manifest->subtitles->tracks[i].cues.count > 0)
			write_subtitle(manifest, manifest->subtitles->tracks[i].plan);
	fputs("  </Period>\n</MPD>\n", stream);
}

/* A bandwidth holds for whoever has loaded as much before as the longest segment lasts. */
static void measure(struct cmaf *const *cmafs, size_t count, int64_t *duration_us,
                    int64_t *longest_us)
{
	for (size_t i = 0; i < count; i++) {
		const struct segments *segments = cmaf_segments(cmafs[i]);

		*duration_us = FFMAX(*duration_us, segments_duration_us(segments));
		*longest_us = FFMAX(*longest_us, segments_longest_us(segments));
	}
}

int dash_write(struct cmaf *const *pictures, size_t n_pictures, struct cmaf *const *sounds,
               size_t n_sounds, const struct subtitles *subtitles, struct out *out,
               struct vm_error *err)
{
	struct manifest manifest = {.pictures = pictures,
	                            .n_pictures = n_pictures,
	                            .sounds = sounds,
	                            .n_sounds = n_sounds,
	                            .subtitles = subtitles};
	int64_t longest_us = 0;
	char *text = NULL;
	size_t length;

	measure(pictures, n_pictures, &manifest.duration_us, &longest_us);
	measure(sounds, n_sounds, &manifest.duration_us, &longest_us);
	if (manifest.duration_us == 0)
		return VM_OK;
	if ((manifest.stream = open_memstream(&text, &length)) == NULL)
		return vm_fail_memory(err);
	write_all(&manifest, longest_us);
	if (fclose(manifest.stream) != 0) {
		free(text);
		text = NULL;
	}
	return out_put_text(out, "dash/manifest.mpd", "application/dash+xml", text, err);
}
