/* thumbnails.c - small pictures at even distances, a JPEG each. */
#include "thumbnails.h"

#include <stdio.h>
#include <stdlib.h>

int thumbnails_open(struct thumbnails *thumbnails, const struct snap_series *want,
                    enum AVColorSpace space, struct out *out, struct log *log, struct vm_error *err)
{
	*thumbnails = (struct thumbnails){.want = want,
	                                  .out = out,
	                                  .log = log,
	                                  .scaler = jpeg_scaler(&want->size, space),
	                                  .grid.segment_ms = want->every_ms};
	if (want->every_ms > 0 &&
	    (thumbnails->times_us = calloc(want->most, sizeof *thumbnails->times_us)) == NULL)
		return vm_fail_memory(err);
	return VM_OK;
}

bool thumbnails_want(const struct thumbnails *thumbnails, int64_t time_us)
{
	return thumbnails->want->every_ms > 0 && thumbnails->count < thumbnails->want->most &&
	       (!thumbnails->grid.begun || time_us >= thumbnails->grid.next_us);
}

int thumbnails_offer(struct thumbnails *thumbnails, const AVFrame *frame, int64_t time_us,
                     struct vm_error *err)
{
	AVFrame *scaled = NULL;
	char name[48];
	int status;

	if (!thumbnails_want(thumbnails, time_us) ||
	    !grid_crosses(&thumbnails->grid, time_us, AV_TIME_BASE_Q))
		return VM_OK;
	thumbnails->times_us[thumbnails->count++] = time_us;
	snprintf(name, sizeof name, "thumbnails/thumbnail-%05zu.jpg", thumbnails->count);
	if ((status = scaler_scale(&thumbnails->scaler, frame, &scaled, err)) == VM_OK)
		status = jpeg_put(scaled, name, thumbnails->out, thumbnails->log, err);
	av_frame_free(&scaled);
	return status;
}

void thumbnails_finish(struct thumbnails *thumbnails)
{
	scaler_finish(&thumbnails->scaler);
	free(thumbnails->times_us);
}
