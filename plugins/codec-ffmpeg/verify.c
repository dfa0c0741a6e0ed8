/* verify.c - the codec's verify operation: a finished output is opened again. */
#include "verify.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "boxes.h"
#include "codec.h"
#include "cues_read.h"
#include "describe.h"
#include "manifest_read.h"
#include "playlist.h"
#include "verify_contents.h"
#include "verify_media.h"
#include "verify_preview.h"
#include "verify_snaps.h"
#include "verify_witness.h"
#include "witness.h"

/* One track may well end before the other: only too long is wrong. */
static int check_end(const struct verify_job *job, int64_t end_ms, struct vm_error *err)
{
	if (job->source_ms > 0 &&
	    end_ms > (int64_t)job->source_ms + verify_tolerance_ms(job->source_ms))
		return vm_fail(err, VM_ERR_BAD_DATA, "%lld ms long, the source %llu ms", (long long)end_ms,
		               (unsigned long long)job->source_ms);
	return VM_OK;
}

static int check_duration(const struct verify_job *job, int64_t duration_us, json_t *facts,
                          struct vm_error *err)
{
	json_object_set_new(facts, "duration_ms", json_integer(duration_us / 1000));
	return check_end(job, duration_us / 1000, err);
}

static int verify_playlist(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	struct playlist_facts playlist;
	char *text = NULL;
	int status = verify_read_whole(job, VERIFY_TEXT_MAX, &text, err);

	if (status == VM_OK)
		status = playlist_read(text, (size_t)job->output->bytes, &playlist, err);
	if (status == VM_OK)
		status = playlist.is_master ? verify_names(job, text, err)
		                            : verify_segments(job, playlist.entries, err);
	free(text);
	if (status != VM_OK)
		return status;
	json_object_set_new(facts, "entries", json_integer((json_int_t)playlist.entries));
	if (playlist.is_master)
		return VM_OK;
	return check_duration(job, playlist.duration_us, facts, err);
}

static int verify_manifest(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	struct manifest_facts manifest;
	char *text = NULL;
	int status = verify_read_whole(job, VERIFY_TEXT_MAX, &text, err);

	if (status == VM_OK)
		status = manifest_read(text, (size_t)job->output->bytes, &manifest, err);
	free(text);
	if (status == VM_OK)
		status = verify_renditions(job, &manifest, err);
	if (status != VM_OK)
		return status;
	json_object_set_new(facts, "entries", json_integer((json_int_t)manifest.count));
	return check_duration(job, manifest.duration_us, facts, err);
}

static int verify_subtitles(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	struct cues_facts cues;
	char *text = NULL;
	int status = verify_read_whole(job, VERIFY_TEXT_MAX, &text, err);

	if (status == VM_OK)
		status = cues_read(text, (size_t)job->output->bytes, &cues, err);
	free(text);
	if (status != VM_OK)
		return status;
	json_object_set_new(facts, "cues", json_integer((json_int_t)cues.cues));
	json_object_set_new(facts, "end_ms", json_integer(cues.end_ms));
	return check_end(job, cues.end_ms, err);
}

static int verify_boxes(const struct verify_job *job, const char *wanted, struct vm_error *err)
{
	char boxes[128];
	int status = boxes_list(job->output, boxes, sizeof boxes, job->call, err);

	if (status == VM_OK && strcmp(boxes, wanted) != 0)
		return vm_fail(err, VM_ERR_BAD_DATA, "boxes \"%s\" instead of \"%s\"", boxes, wanted);
	return status;
}

static int verify_segment(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	int status = verify_boxes(job, "moof mdat", err);

	(void)facts;
	return status == VM_OK ? verify_segment_witness(job, err) : status;
}

static int verify_init(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	int status = verify_boxes(job, "ftyp moov", err);

	return status == VM_OK ? verify_header(job, facts, err) : status;
}

/* The first that fits: by the names that this plugin gives. */
static const struct {
	const char *pattern;
	int (*verify)(const struct verify_job *job, json_t *facts, struct vm_error *err);
} kinds[] = {
    {"*.m3u8", verify_playlist},
    {"dash/manifest.mpd", verify_manifest},
    {"sprites/sprites.vtt", verify_tiles},
    {"*.vtt", verify_subtitles},
    {"preview.webp", verify_preview},
    {"*.m4s", verify_segment},
    {"*/init.mp4", verify_init},
    {"*.mp4", verify_mp4},
    {"*.m4a", verify_mp4},
    {"*.webm", verify_movie},
    {"thumbnails/*.jpg", verify_thumbnail},
    {"sprites/*.jpg", verify_sheet},
    {"*.jpg", verify_picture},
};

static int verify(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (fnmatch(kinds[i].pattern, job->name, 0) == 0)
			return kinds[i].verify(job, facts, err);
	return vm_fail(err, VM_ERR_UNSUPPORTED, "not an output of this plugin");
}

int verify_output(void *self, const char *name, const char *content_type, struct vm_source *output,
                  uint64_t source_ms, struct vm_sink *json, const struct vm_call *call,
                  struct vm_error *err)
{
	struct codec *codec = self;
	struct witness *witness = witness_place_hold(&codec->witness);
	struct vm_error why;
	struct log log;
	struct verify_job job = {name, output, codec->config, source_ms, witness, &log, call};
	json_t *facts = json_object();
	int status;

	log_init(&log, codec->host);
	if ((status = verify(&job, facts, &why)) == VM_OK) {
		json_object_set_new(facts, "content_type", json_string(content_type));
		status = describe_write(facts, json, err);
	} else {
		json_decref(facts);
		vm_fail(err, status, "verify %s: %s", name, why.message);
	}
	log_finish(&log);
	witness_drop(witness);
	return status;
}
