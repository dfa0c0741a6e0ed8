/* config_check.c - what must hold between the options of a stage. */
#include <string.h>

#include "config.h"

/* Of a sprite sheet, which is in memory as a whole: 24 MB. */
#define SHEET_PIXELS_MAX (16 << 20)

/* Names become folders and files below the stage's outputs. */
static int check_name(const char *kind, const char *name, struct vm_error *err)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (length > 0 && length <= 32 && name[length] == '\0')
		return VM_OK;
	return vm_fail(err, VM_ERR_CONFIG,
	               "%s \"%s\": a name is 1 to 32 of the characters a-z, 0-9 and \"-\"", kind, name);
}

static int check_video(const struct config *config, struct vm_error *err)
{
	const struct video_option *video = config->video.items;
	int status;

	for (size_t i = 0; i < config->video.count; i++) {
		if ((status = check_name("video", video[i].name, err)) != VM_OK)
			return status;
		if (video[i].height % 2 != 0)
			return vm_fail(err, VM_ERR_CONFIG, "video \"%s\": height %lld must be even",
			               video[i].name, (long long)video[i].height);
	}
	return VM_OK;
}

static int check_rate(const struct config *config, struct vm_error *err)
{
	const struct video_option *video = config->video.items;

	if (config->peak.num < config->peak.den || config->peak.num > config->peak.den * 10)
		return vm_fail(err, VM_ERR_CONFIG, "peak must lie between 100%% and 1000%%");
	for (size_t i = 0; i < config->video.count; i++)
		if (config->rate == RATE_BITRATE && video[i].codec == VIDEO_AV1)
			return vm_fail(err, VM_ERR_CONFIG,
			               "video \"%s\": SVT-AV1 cannot hold a mean bit rate and begin segments "
			               "where it is told to; give rate = \"quality\", or another codec",
			               video[i].name);
	return VM_OK;
}

static bool within(struct vm_rational number, int64_t least, int64_t most)
{
	return number.den == 0 || (number.num >= least * number.den && number.num <= most * number.den);
}

static int check_audio(const struct config *config, struct vm_error *err)
{
	const struct video_option *video = config->video.items;
	const struct audio_option *audio = config->audio.items;
	int status;

	for (size_t i = 0; i < config->audio.count; i++) {
		if ((status = check_name("audio", audio[i].name, err)) != VM_OK)
			return status;
		for (size_t j = 0; j < config->video.count; j++)
			if (strcmp(audio[i].name, video[j].name) == 0)
				return vm_fail(err, VM_ERR_CONFIG,
				               "audio \"%s\": there is a video of that name; name it otherwise",
				               audio[i].name);
		if (audio[i].loudness.den != 0 && !within(audio[i].loudness, -50, -5))
			return vm_fail(err, VM_ERR_CONFIG,
			               "audio \"%s\": loudness must lie between -50 and -5 LUFS",
			               audio[i].name);
		if (!within(audio[i].true_peak, -20, 0))
			return vm_fail(err, VM_ERR_CONFIG,
			               "audio \"%s\": true_peak must lie between -20 and 0 dBTP",
			               audio[i].name);
		if (audio[i].channels == 7)
			return vm_fail(err, VM_ERR_CONFIG, "audio \"%s\": channels may be 1 to 6, or 8",
			               audio[i].name);
	}
	return VM_OK;
}

static int check_webm(const struct config *config, struct vm_error *err)
{
	const struct video_option *video = config->video.items;
	const struct audio_option *audio = config->audio.items;
	size_t seen = 0, heard = 0;

	for (size_t i = 0; i < config->video.count; i++)
		seen += config_is_webm_video(&video[i]);
	for (size_t i = 0; i < config->audio.count; i++)
		heard += config_is_webm_audio(&audio[i]);
	if (!config_wants(config, "webm"))
		return VM_OK;
	if (config->video.count > 0 && seen == 0)
		return vm_fail(err, VM_ERR_CONFIG,
		               "output \"webm\": give a video codec = \"vp9\" or \"av1\"");
	if (config->audio.count > 0 && heard == 0)
		return vm_fail(err, VM_ERR_CONFIG, "output \"webm\": give an audio codec = \"opus\"");
	return VM_OK;
}

static bool is_share(struct vm_rational share)
{
	return share.num > 0 && share.num <= share.den;
}

static int check_watermark(const struct config *config, struct vm_error *err)
{
	const struct watermark_option *mark = config->watermark.items;

	if (config->watermark.count == 0)
		return VM_OK;
	if (config->watermark.count > 1)
		return vm_fail(err, VM_ERR_CONFIG, "watermark: one at most");
	if (mark->image[0] != '/')
		return vm_fail(err, VM_ERR_CONFIG,
		               "watermark: image must be a whole path, such as /etc/vidmill/logo.png");
	if (!is_share(mark->size) || !is_share(mark->opacity) || mark->margin.num < 0 ||
	    mark->margin.num * 4 > mark->margin.den)
		return vm_fail(err, VM_ERR_CONFIG,
		               "watermark: size and opacity must be above 0 and at most 100%%, margin at "
		               "most 25%%");
	return VM_OK;
}

static int check_clip(const struct config *config, struct vm_error *err)
{
	const struct clip_option *clip = config->clip.items;

	if (config->clip.count > 1)
		return vm_fail(err, VM_ERR_CONFIG, "clip: one at most; make each in a stage of its own");
	if (config->clip.count == 1 && clip->to_ms != 0 && clip->to_ms <= clip->from_ms)
		return vm_fail(err, VM_ERR_CONFIG, "clip: to must be later than from");
	return VM_OK;
}

static int check_share(const char *name, struct vm_rational share, struct vm_error *err)
{
	if (share.num >= 0 && share.num <= share.den)
		return VM_OK;
	return vm_fail(err, VM_ERR_CONFIG, "%s: it must lie between 0 and 100%%", name);
}

static int check_beside_pictures(const struct config *config, const char *option, uint64_t value,
                                 struct vm_error *err)
{
	if (value == 0 || config->video.count > 0)
		return VM_OK;
	return vm_fail(err, VM_ERR_CONFIG,
	               "%s: made beside renditions of the pictures: give video = ( { name = \"720p\"; "
	               "height = 720; bitrate = \"2500k\"; } )",
	               option);
}

static int check_sheet(const struct config *config, struct vm_error *err)
{
	int64_t tile = config->sprite_height * config->sprite_height * 16 / 9;
	int64_t sheet = tile * config->sprite_columns * config->sprite_rows;

	if (sheet <= SHEET_PIXELS_MAX)
		return VM_OK;
	return vm_fail(err, VM_ERR_CONFIG,
	               "sprite_columns, sprite_rows, sprite_height: a sheet of %lld megapixels is more "
	               "than the %d that players can be asked to load",
	               (long long)(sheet >> 20), SHEET_PIXELS_MAX >> 20);
}

static int check_small_pictures(const struct config *config, struct vm_error *err)
{
	int status;

	if ((status = check_beside_pictures(config, "thumbnails", config->thumbnails_ms, err)) !=
	        VM_OK ||
	    (status = check_beside_pictures(config, "sprites", config->sprites_ms, err)) != VM_OK ||
	    (status = check_beside_pictures(config, "preview", config->preview_ms, err)) != VM_OK ||
	    (status = check_share("poster", config->poster, err)) != VM_OK ||
	    (status = check_share("preview_from", config->preview_from, err)) != VM_OK)
		return status;
	return check_sheet(config, err);
}

int config_check(const void *self, struct vm_error *err)
{
	const struct config *config = self;
	int status;

	if (config->video.count == 0 && config->audio.count == 0)
		return vm_fail(err, VM_ERR_CONFIG,
		               "no renditions: give video = ( { name = \"720p\"; height = 720; "
		               "bitrate = \"2500k\"; } ), audio, or both");
	if (config->video.count > RENDITIONS_MAX || config->audio.count > RENDITIONS_MAX)
		return vm_fail(err, VM_ERR_CONFIG, "more than %d renditions of one kind", RENDITIONS_MAX);
	if (config->silence && config->audio.count == 0)
		return vm_fail(
		    err, VM_ERR_CONFIG,
		    "silence: give audio = ( { name = \"stereo\"; } ) to say what it is made as");
	if (config->output.count == 0)
		return vm_fail(err, VM_ERR_CONFIG,
		               "output is empty: give \"hls\", \"dash\", \"mp4\", \"webm\", or several of "
		               "them");
	if (config->frame_rate.den != 0 && !within(config->frame_rate, 1, 240))
		return vm_fail(err, VM_ERR_CONFIG, "frame_rate must lie between 1 and 240");
	if ((status = check_small_pictures(config, err)) != VM_OK ||
	    (status = check_clip(config, err)) != VM_OK ||
	    (status = check_watermark(config, err)) != VM_OK ||
	    (status = check_webm(config, err)) != VM_OK ||
	    (status = check_video(config, err)) != VM_OK || (status = check_rate(config, err)) != VM_OK)
		return status;
	return check_audio(config, err);
}
