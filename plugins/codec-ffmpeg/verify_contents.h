/* verify_contents.h - a table of contents names all that was made. */
#ifndef CODEC_FFMPEG_VERIFY_CONTENTS_H
#define CODEC_FFMPEG_VERIFY_CONTENTS_H

#include "manifest_read.h"
#include "verify_media.h"

struct witness_track;

/* The rendition in whose folder an output lies: "720p" of "hls/720p/segment-00001.m4s". NULL: none
 * that is known. */
const struct witness_track *verify_track(const struct verify_job *job);

/*
 * What is said with VM_ERR_BAD_DATA: a rendition that was made and is not named, or of which there
 * are not as many segments as were written. VM_OK when nothing is known of the job.
 */

/* A master playlist, ended by a 0: the playlist of each, and of pictures that of the keyframes. */
int verify_names(const struct verify_job *job, const char *master, struct vm_error *err);

/* A playlist of one rendition. */
int verify_segments(const struct verify_job *job, size_t segments, struct vm_error *err);

/* The manifest of DASH. */
int verify_renditions(const struct verify_job *job, const struct manifest_facts *manifest,
                      struct vm_error *err);

#endif
