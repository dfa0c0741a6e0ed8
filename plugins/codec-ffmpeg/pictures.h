/* pictures.h - the thread that decodes the pictures once, for renditions, poster, small ones. */
#ifndef CODEC_FFMPEG_PICTURES_H
#define CODEC_FFMPEG_PICTURES_H

#include "cadence.h"
#include "clock.h"
#include "decode.h"
#include "grid.h"
#include "interlace.h"
#include "plan.h"
#include "poster.h"
#include "rendition.h"
#include "silence.h"
#include "snaps.h"
#include "sparse.h"
#include "upright.h"

struct pictures {
	struct decode decode;
	struct frame_count little_count; /* of what is decoded of copied pictures: those were counted */
	const struct plan *plan;
	struct rendition *largest; /* that is encoded; NULL: all are copied */
	struct picture_clock clock;
	struct interlace interlace;
	struct upright upright;
	struct cadence cadence; /* where one distance is wished for */
	struct grid grid;
	int64_t length;  /* of the part, INT64_MAX: until the end */
	size_t next_cut; /* of the plan's copy */
	struct poster poster;
	struct snaps snaps;
	struct sparse sparse; /* where all are copied */
	struct queue packets;
	struct silence *silence; /* follows them; NULL: nobody wants it */
	bool captioned;          /* some carry captions */
	uint64_t damaged;        /* pictures that show what was broken */
};

/* Pure. What is done to every picture, before anybody has seen whether the source has combs. */
struct upright_want pictures_want(const struct plan *plan, const AVStream *video);

int pictures_open(struct pictures *pictures, const struct plan *plan, struct input *input,
                  struct rendition *largest, struct frame_count *count, uint32_t processors,
                  struct out *out, struct crew *crew, struct vm_error *err);

/* A crew_work_fn over a struct pictures. */
int pictures_run(void *ctx, struct vm_error *err);
void pictures_finish(struct pictures *pictures);

#endif
