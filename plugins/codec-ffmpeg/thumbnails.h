/* thumbnails.h - small pictures at even distances, a JPEG each. */
#ifndef CODEC_FFMPEG_THUMBNAILS_H
#define CODEC_FFMPEG_THUMBNAILS_H

#include "grid.h"
#include "jpeg.h"
#include "snaps_plan.h"

/* [one thread] */
struct thumbnails {
	const struct snap_series *want;
	struct out *out;
	struct log *log;
	struct scaler scaler;
	struct grid grid;
	int64_t *times_us; /* of those made */
	size_t count;
};

int thumbnails_open(struct thumbnails *thumbnails, const struct snap_series *want,
                    enum AVColorSpace space, struct out *out, struct log *log,
                    struct vm_error *err);

/* Whether a picture of this time would become one; times come in order. */
bool thumbnails_want(const struct thumbnails *thumbnails, int64_t time_us);

/* The first picture of every distance becomes thumbnails/thumbnail-00001.jpg and so on, at once. */
int thumbnails_offer(struct thumbnails *thumbnails, const AVFrame *frame, int64_t time_us,
                     struct vm_error *err);
void thumbnails_finish(struct thumbnails *thumbnails);

#endif
