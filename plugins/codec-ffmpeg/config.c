/* config.c - the options of a stage. */
#include "config.h"

#include <string.h>

const char *const config_video_codecs[] = {
    [VIDEO_H264] = "h264", [VIDEO_HEVC] = "hevc", [VIDEO_AV1] = "av1", [VIDEO_VP9] = "vp9", NULL};
const char *const config_audio_codecs[] = {[AUDIO_AAC] = "aac", [AUDIO_OPUS] = "opus", NULL};
const char *const config_presets[CONFIG_PRESETS + 1] = {
    "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", NULL};
static const char *const tracks[] = {[TRACKS_ALL] = "all", [TRACKS_DEFAULT] = "default", NULL};
static const char *const outputs[] = {"hls", "dash", "mp4", "webm", NULL};

bool config_wants(const struct config *config, const char *output)
{
	for (size_t i = 0; i < config->output.count; i++)
		if (strcmp(config->output.items[i], output) == 0)
			return true;
	return false;
}

bool config_is_webm_video(const struct video_option *video)
{
	return video->codec == VIDEO_VP9 || video->codec == VIDEO_AV1;
}

bool config_is_webm_audio(const struct audio_option *audio)
{
	return audio->codec == AUDIO_OPUS;
}

static const char *const rates[] = {
    [RATE_QUALITY] = "quality", [RATE_BITRATE] = "bitrate", [RATE_PER_TITLE] = "per-title", NULL};

static const struct vm_option video_options[] = {
    {.name = "name",
     VM_STRING(struct video_option, name),
     .flags = VM_REQUIRED | VM_UNIQUE,
     .doc = "Name of the rendition and of its outputs, of a-z, 0-9 and \"-\"."},
    {.name = "height",
     VM_INT(struct video_option, height),
     .flags = VM_REQUIRED,
     .min = 16,
     .max = 4320,
     .doc = "Height of the 16:9 box that the picture fits into, upright for upright sources: 720 "
            "is 1280x720, and 720x1280 for a clip from a telephone held upright; never scaled "
            "up."},
    {.name = "bitrate",
     VM_RATE(struct video_option, bitrate),
     .flags = VM_REQUIRED,
     .min = 10000,
     .max = 200000000,
     .doc = "The most that the picture may take over one and a half seconds, a quiet one takes "
            "less; with rate = \"bitrate\" what it takes in the mean."},
    {.name = "quality",
     VM_INT(struct video_option, quality),
     .fallback = "23",
     .min = 10,
     .max = 45,
     .doc = "The quality aimed at below the bit rate, as x264's constant rate factor: less is "
            "better. It means the same for the other codecs, which need fewer bits for it."},
    {.name = "codec",
     VM_CHOICE(struct video_option, codec),
     .fallback = "h264",
     .choices = config_video_codecs,
     .doc = "h264 plays everywhere. The others make smaller outputs with more work, and play in "
            "most places: hevc on what Apple makes, vp9 and av1 in browsers. What would be shorter "
            "of a side than 16 pixels for hevc, or 64 for av1, is left out."},
    {0},
};

static const struct vm_option audio_options[] = {
    {.name = "name",
     VM_STRING(struct audio_option, name),
     .flags = VM_REQUIRED | VM_UNIQUE,
     .doc = "Name of the rendition and of its outputs, of a-z, 0-9 and \"-\"."},
    {.name = "bitrate",
     VM_RATE(struct audio_option, bitrate),
     .fallback = "128k",
     .min = 16000,
     .max = 1024000,
     .doc = "Bit rate of the sound."},
    {.name = "channels",
     VM_INT(struct audio_option, channels),
     .fallback = "2",
     .min = 1,
     .max = 8,
     .doc = "The most channels that are kept; more are mixed down, fewer stay as they are, but for "
            "seven, which become six."},
    {.name = "codec",
     VM_CHOICE(struct audio_option, codec),
     .fallback = "aac",
     .choices = config_audio_codecs,
     .doc = "aac plays everywhere; opus is better at low bit rates, and what WebM holds."},
    {.name = "loudness",
     VM_RATIONAL(struct audio_option, loudness),
     .doc =
         "The loudness wished for in LUFS (EBU R 128), such as -23 or -16; the source's sound is "
         "read once more to measure it, and two to four times more where peaks must be limited."},
    {.name = "true_peak",
     VM_RATIONAL(struct audio_option, true_peak),
     .fallback = "-1",
     .doc = "What no peak may pass, in dBTP, when loudness is wished for: where one gain would do "
            "that, peaks are limited."},
    {0},
};

static const char *const positions[] = {
    [POSITION_TOP_LEFT] = "top-left",       [POSITION_TOP_RIGHT] = "top-right",
    [POSITION_BOTTOM_LEFT] = "bottom-left", [POSITION_BOTTOM_RIGHT] = "bottom-right",
    [POSITION_CENTER] = "center",           NULL};

static const struct vm_option watermark_options[] = {
    {.name = "image",
     VM_STRING(struct watermark_option, image),
     .flags = VM_REQUIRED,
     .doc =
         "The whole path of a PNG, on the machine or in the image that vidmill work runs in; its "
         "transparency is kept."},
    {.name = "position",
     VM_CHOICE(struct watermark_option, position),
     .fallback = "bottom-right",
     .choices = positions,
     .doc = "Where it lies."},
    {.name = "size",
     VM_RATIONAL(struct watermark_option, size),
     .fallback = "10%",
     .doc = "Its height, as a share of the picture's."},
    {.name = "margin",
     VM_RATIONAL(struct watermark_option, margin),
     .fallback = "4%",
     .doc = "How far it stays from the edges, as a share of the picture's height."},
    {.name = "opacity",
     VM_RATIONAL(struct watermark_option, opacity),
     .fallback = "100%",
     .doc = "How much of it is seen, above its own transparency."},
    {0},
};

static const struct vm_option clip_options[] = {
    {.name = "from",
     VM_DURATION(struct clip_option, from_ms),
     .fallback = "0s",
     .doc = "Where it begins, to the picture and to the sample."},
    {.name = "to",
     VM_DURATION(struct clip_option, to_ms),
     .fallback = "0s",
     .doc = "Where it ends; 0s is the source's end."},
    {0},
};

const struct vm_option config_options[] = {
    {.name = "video",
     VM_GROUPS(struct config, video, video_options, struct video_option),
     .doc = "Renditions of the picture; those larger than the source are left out."},
    {.name = "audio",
     VM_GROUPS(struct config, audio, audio_options, struct audio_option),
     .doc =
         "Renditions of the sound, of each of the source's tracks; the first one is also in every "
         "MP4."},
    {.name = "rate",
     VM_CHOICE(struct config, rate),
     .fallback = "quality",
     .choices = rates,
     .doc = "How bits are given out. quality: each picture gets what `quality` needs, below the "
            "cap `bitrate`. bitrate: `bitrate` in the mean, below the cap `peak`. per-title: as "
            "quality, but samples of the source are encoded first; they decide on a cap for each "
            "rendition, at most `bitrate`, and leave out a rendition that would save hardly any "
            "bits."},
    {.name = "peak",
     VM_RATIONAL(struct config, peak),
     .fallback = "150%",
     .doc = "With rate = \"bitrate\": the most that the picture may take over one and a half "
            "seconds, as a share of `bitrate`; 100% keeps the rate constant."},
    {.name = "score",
     VM_BOOL(struct config, score),
     .fallback = "false",
     .doc = "Whether the report says how like its source each encoded rendition is: SSIM and PSNR "
            "of two pictures in a second, against the picture that was encoded."},
    {.name = "tracks",
     VM_CHOICE(struct config, tracks),
     .fallback = "all",
     .choices = tracks,
     .doc = "Which of the source's tracks of sound are made: all of them (up to 16), or only the "
            "one that the source calls its default."},
    {.name = "silence",
     VM_BOOL(struct config, silence),
     .fallback = "false",
     .doc =
         "Whether pictures without sound get a silent track as long as they are, for players and "
         "editors that want one."},
    {.name = "subtitles",
     VM_BOOL(struct config, subtitles),
     .fallback = "true",
     .doc = "Whether the source's tracks of text become WebVTT: subtitles/<language>.vtt, and "
            "renditions in HLS."},
    {.name = "output",
     VM_STRINGS(struct config, output),
     .fallback = "[ \"hls\", \"dash\", \"mp4\" ]",
     .choices = outputs,
     .doc =
         "What is made: hls/master.m3u8 and dash/manifest.mpd, each with all renditions and over "
         "the same segments, and one <rendition>.mp4 each, or <rendition>.webm of those that are "
         "vp9 or av1, with sound that is opus; without pictures one <rendition>.m4a each, or "
         "<rendition>.webm."},
    {.name = "frame_rate",
     VM_RATIONAL(struct config, frame_rate),
     .doc =
         "Pictures in a second, such as 25 or \"30000/1001\", all of one distance; a source of an "
         "even rate is never raised. Without it they are as far apart as in the source."},
    {.name = "poster",
     VM_RATIONAL(struct config, poster),
     .fallback = "10%",
     .doc =
         "From where in the video on the picture of poster.jpg is looked for, 0 being the first."},
    {.name = "thumbnails",
     VM_DURATION(struct config, thumbnails_ms),
     .min = 100,
     .max = 3600000,
     .doc = "Distance of the pictures thumbnails/thumbnail-00001.jpg and so on; without it there "
            "are none."},
    {.name = "thumbnail_height",
     VM_INT(struct config, thumbnail_height),
     .fallback = "180",
     .min = 16,
     .max = 1080,
     .doc = "Height of the 16:9 box that a thumbnail fits into, upright for upright sources."},
    {.name = "thumbnails_max",
     VM_INT(struct config, thumbnails_max),
     .fallback = "1000",
     .min = 1,
     .max = 20000,
     .doc = "The most thumbnails of one video: of a longer one they are farther apart."},
    {.name = "sprites",
     VM_DURATION(struct config, sprites_ms),
     .min = 100,
     .max = 3600000,
     .doc = "Distance of the tiles in sprites/sheet-001.jpg and so on, with sprites/sprites.vtt "
            "for the player; without it there are none."},
    {.name = "sprite_height",
     VM_INT(struct config, sprite_height),
     .fallback = "90",
     .min = 16,
     .max = 360,
     .doc = "Height of the 16:9 box that a tile fits into, upright for upright sources."},
    {.name = "sprite_columns",
     VM_INT(struct config, sprite_columns),
     .fallback = "10",
     .min = 1,
     .max = 20,
     .doc = "Tiles in a row of a sheet."},
    {.name = "sprite_rows",
     VM_INT(struct config, sprite_rows),
     .fallback = "10",
     .min = 1,
     .max = 20,
     .doc = "Rows of a sheet."},
    {.name = "sprites_max",
     VM_INT(struct config, sprites_max),
     .fallback = "20",
     .min = 1,
     .max = 200,
     .doc = "The most sheets of one video: of a longer one the tiles are farther apart."},
    {.name = "preview",
     VM_DURATION(struct config, preview_ms),
     .min = 500,
     .max = 15000,
     .doc = "Duration of the moving picture preview.webp; without it there is none."},
    {.name = "preview_from",
     VM_RATIONAL(struct config, preview_from),
     .fallback = "10%",
     .doc = "Where in the video the preview begins."},
    {.name = "preview_height",
     VM_INT(struct config, preview_height),
     .fallback = "180",
     .min = 16,
     .max = 480,
     .doc = "Height of the 16:9 box that the preview fits into, upright for upright sources."},
    {.name = "preview_rate",
     VM_INT(struct config, preview_rate),
     .fallback = "10",
     .min = 1,
     .max = 30,
     .doc = "The most pictures in a second of the preview."},
    {.name = "segment",
     VM_DURATION(struct config, segment_ms),
     .fallback = "4s",
     .min = 1000,
     .max = 30000,
     .doc = "Duration of a segment, and the distance of keyframes in all outputs."},
    {.name = "clip",
     VM_GROUPS(struct config, clip, clip_options, struct clip_option),
     .doc = "A part of the source, such as { from = \"5s\"; to = \"10s\"; }, instead of all of it; "
            "where the source can be searched no more than that is read."},
    {.name = "watermark",
     VM_GROUPS(struct config, watermark, watermark_options, struct watermark_option),
     .doc = "A picture laid over those of every rendition, such as { image = "
            "\"/etc/vidmill/logo.png\"; }; not over poster.jpg and the small pictures."},
    {.name = "copy",
     VM_BOOL(struct config, copy),
     .fallback = "true",
     .doc = "Whether pictures (H.264) and sounds (AAC) of the source that already are what a "
            "rendition would become are taken as they are, instead of being encoded again: "
            "metadata.json says why or why not."},
    {.name = "preset",
     VM_CHOICE(struct config, preset),
     .fallback = "veryfast",
     .choices = config_presets,
     .doc = "How much work the encoder puts into a smaller output of the same quality, in x264's "
            "words; the others are set to about the same place of their own range."},
    {0},
};
