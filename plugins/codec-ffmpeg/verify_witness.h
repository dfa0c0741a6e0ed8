/* verify_witness.h - outputs held against what went into the encoders. */
#ifndef CODEC_FFMPEG_VERIFY_WITNESS_H
#define CODEC_FFMPEG_VERIFY_WITNESS_H

#include "input.h"
#include "verify_media.h"

/*
 * What is said with VM_ERR_BAD_DATA: pictures that are not those that were
 * encoded, such as black ones, or are shown at another time; a segment that does
 * not begin with a keyframe, or where those of the other renditions do not; sound
 * that is silent where it should not be, noisy where it should, or out of step.
 *
 * What was copied is not held against anything: that it can be decoded is enough.
 */

/* A segment: its first picture, or all of its sound. VM_OK when there is no witness. */
int verify_segment_witness(const struct verify_job *job, struct vm_error *err);

/* An opened file: a picture at its start, in its middle and near its end, and sound there. */
int verify_file_witness(const struct verify_job *job, struct input *input, struct vm_error *err);

#endif
