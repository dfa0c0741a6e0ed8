/* plan_sound.c - which sounds are made of which tracks, and what their outputs are called. */
#include "plan_sound.h"

#include <stdio.h>
#include <string.h>

#include "layout.h"
#include "number.h"
#include "plan.h"

/* Rates that players and encoders know; any other becomes the most common one, and Opus' only. */
static int sound_rate(const struct audio_option *option, int source)
{
	static const int known[] = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

	if (option->codec == AUDIO_OPUS)
		return 48000;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (source == known[i])
			return source;
	return source == 88200 ? 44100 : 48000;
}

static bool taken(const struct config *config, const struct plan *plan, const char *name)
{
	const struct video_option *videos = config->video.items;
	const struct audio_option *audios = config->audio.items;

	for (size_t i = 0; i < config->video.count; i++)
		if (strcmp(videos[i].name, name) == 0)
			return true;
	for (size_t i = 0; i < config->audio.count; i++)
		if (strcmp(audios[i].name, name) == 0)
			return true;
	for (size_t i = 0; i < plan->n_sounds; i++)
		if (strcmp(plan->sounds[i].name, name) == 0)
			return true;
	return false;
}

/* "stereo", "stereo-de", "stereo-de-2": the option, then the track unless it is the default. */
static void name_sound(const struct config *config, const struct plan *plan,
                       struct plan_sound *sound)
{
	const char *language = plan->tracks[sound->track].label.language;
	char base[sizeof sound->name - 4];

	snprintf(sound->name, sizeof sound->name, "%s", sound->option->name);
	if (sound->track == 0)
		return;
	snprintf(base, sizeof base, language[0] != '\0' ? "%s-%s" : "%s", sound->option->name,
	         language);
	snprintf(sound->name, sizeof sound->name, "%s", base);
	for (unsigned number = 2; taken(config, plan, sound->name); number++)
		snprintf(sound->name, sizeof sound->name, "%s-%u", base, number % 1000);
}

static void plan_tracks(const struct config *config, const struct input *input, struct plan *plan)
{
	struct label labels[SOUND_STREAMS_MAX];
	size_t most = config->tracks == TRACKS_ALL ? SOUNDS_MAX / config->audio.count : 1;

	plan->n_tracks = FFMIN(input->streams.n_sounds, most);
	plan->tracks_left_out = input->streams.n_sounds + input->streams.sounds_left_out -
	                        plan->n_tracks;
	for (size_t i = 0; i < plan->n_tracks; i++) {
		label_read(input->streams.sounds[i], "Audio", &labels[i]);
		labels[i].roles &= ~AV_DISPOSITION_DEFAULT;
	}
	labels[0].roles |= AV_DISPOSITION_DEFAULT;
	label_make_unique(labels, plan->n_tracks);
	for (size_t i = 0; i < plan->n_tracks; i++)
		plan->tracks[i] = (struct plan_track){input->streams.sounds[i], labels[i]};
}

static void plan_track(const struct config *config, const struct audio_option *option, size_t track,
                       struct plan *plan)
{
	static const AVCodecParameters silence = {.sample_rate = 48000, .ch_layout.nb_channels = 2};
	const AVStream *stream = plan->tracks[track].stream;
	const AVCodecParameters *source = stream != NULL ? stream->codecpar : &silence;
	int has = source->ch_layout.nb_channels, most = (int)option->channels;
	struct plan_sound sound = {.option = option,
	                           .track = track,
	                           .rate = sound_rate(option, source->sample_rate),
	                           .channels = layout_channels(has > 0 && has < most ? has : most),
	                           .level.step = LEVEL_DONE};

	if (stream != NULL && option->loudness.den != 0)
		sound.level = (struct level){.wanted = true,
		                             .target = number_of(option->loudness),
		                             .true_peak = number_of(option->true_peak),
		                             .step = LEVEL_MEASURE};
	name_sound(config, plan, &sound);
	plan->sounds[plan->n_sounds++] = sound;
}

void plan_sounds(const struct config *config, const struct input *input, struct plan *plan)
{
	const struct audio_option *options = config->audio.items;
	struct label nothing = {.name = "Audio", .roles = AV_DISPOSITION_DEFAULT};

	if (input->streams.n_sounds > 0 && config->audio.count > 0)
		plan_tracks(config, input, plan);
	plan->silent = config->silence && input->streams.n_sounds == 0 && plan->ladder.count > 0 &&
	               config->audio.count > 0;
	if (plan->silent)
		plan->tracks[plan->n_tracks++] = (struct plan_track){NULL, nothing};
	for (size_t i = 0; i < config->audio.count; i++)
		for (size_t track = 0; track < plan->n_tracks; track++)
			plan_track(config, &options[i], track, plan);
}

size_t plan_movie_sounds(const struct plan *plan, bool webm)
{
	size_t first = 0;

	while (webm && first < plan->n_sounds && !config_is_webm_audio(plan->sounds[first].option))
		first++;
	return first;
}
