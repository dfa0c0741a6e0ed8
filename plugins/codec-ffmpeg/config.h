/* config.h - what a stage of the pipeline file asks of this plugin. */
#ifndef CODEC_FFMPEG_CONFIG_H
#define CODEC_FFMPEG_CONFIG_H

#include <vidmill/option.h>
#include <vidmill/status.h>

enum { RENDITIONS_MAX = 16 }; /* of pictures, and as many of sound */

struct video_option {
	const char *name;
	int64_t height;
	uint64_t bitrate; /* see enum rate */
	int64_t quality;  /* x264's constant rate factor, whatever the codec */
	int codec;        /* enum video_codec */
};

/* What a rendition's bit rate means; in the order of the option's choices. */
enum rate {
	RATE_QUALITY =
	    0, /* never passed for longer than the encoder's buffer; a quiet picture takes less */
	RATE_BITRATE = 1,  /* the mean, whatever is seen */
	RATE_PER_TITLE = 2 /* the most that a look at the source may decide on */
};

/* In the order of the option's choices. */
enum video_codec { VIDEO_H264 = 0, VIDEO_HEVC = 1, VIDEO_AV1 = 2, VIDEO_VP9 = 3 };
enum audio_codec { AUDIO_AAC = 0, AUDIO_OPUS = 1 };

struct audio_option {
	const char *name;
	uint64_t bitrate;
	int64_t channels; /* at most */
	int codec;        /* enum audio_codec */
	/* In LUFS, and dBTP; without a denominator the loudness stays what it is. */
	struct vm_rational loudness, true_peak;
};

/* In the order of the option's choices. */
enum position {
	POSITION_TOP_LEFT = 0,
	POSITION_TOP_RIGHT = 1,
	POSITION_BOTTOM_LEFT = 2,
	POSITION_BOTTOM_RIGHT = 3,
	POSITION_CENTER = 4
};

struct watermark_option {
	const char *image;                        /* path of a PNG */
	int position;                             /* enum position */
	struct vm_rational size, margin, opacity; /* the first two are shares of the height */
};

/* Which part of the source is made. */
struct clip_option {
	uint64_t from_ms;
	uint64_t to_ms; /* 0: its end */
};

/* Of the source's sound, in the order of the option's choices. */
enum tracks { TRACKS_ALL = 0, TRACKS_DEFAULT = 1 };

struct config {
	struct vm_groups video; /* struct video_option */
	struct vm_groups audio; /* struct audio_option */
	int rate;               /* enum rate */
	struct vm_rational peak;
	bool score;
	int tracks;   /* enum tracks */
	bool silence; /* for sources without sound */
	bool subtitles;
	struct vm_strings output;
	struct vm_rational frame_rate; /* without a denominator the source's own distances */
	struct vm_rational poster;     /* a share of the duration */
	uint64_t thumbnails_ms;        /* their distance; 0: none are wanted */
	int64_t thumbnail_height, thumbnails_max;
	uint64_t sprites_ms; /* the distance of their tiles; 0: none are wanted */
	int64_t sprite_height, sprite_columns, sprite_rows, sprites_max;
	uint64_t preview_ms; /* its duration; 0: none is wanted */
	struct vm_rational preview_from;
	int64_t preview_height, preview_rate;
	uint64_t segment_ms;
	struct vm_groups clip;      /* struct clip_option, one at most */
	struct vm_groups watermark; /* struct watermark_option, one at most */
	bool copy;                  /* what fits already */
	int preset;
};

enum { CONFIG_PRESETS = 8 };

extern const char *const config_presets[CONFIG_PRESETS + 1];
extern const char *const config_video_codecs[];
extern const char *const config_audio_codecs[];
extern const struct vm_option config_options[];

/* The plugin's check operation, over a struct config. */
int config_check(const void *self, struct vm_error *err);

bool config_wants(const struct config *config, const char *output);

/* Whether a WebM can hold it. */
bool config_is_webm_video(const struct video_option *video);
bool config_is_webm_audio(const struct audio_option *audio);

#endif
