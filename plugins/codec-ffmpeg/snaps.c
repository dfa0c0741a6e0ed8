/* snaps.c - small pictures taken of the frames in passing. */
#include "snaps.h"

int snaps_open(struct snaps *snaps, const struct snaps_plan *plan, enum AVColorSpace space,
               struct out *out, struct log *log, struct vm_error *err)
{
	int status = thumbnails_open(&snaps->thumbnails, &plan->thumbnails, space, out, log, err);

	preview_open(&snaps->preview, plan, space, out, log);
	return status == VM_OK ? sprites_open(&snaps->sprites, plan, space, out, log, err) : status;
}

bool snaps_want(const struct snaps *snaps, int64_t time_us)
{
	return thumbnails_want(&snaps->thumbnails, time_us) || sprites_want(&snaps->sprites, time_us);
}

int snaps_offer(struct snaps *snaps, const AVFrame *frame, int64_t time_us, bool still,
                struct vm_error *err)
{
	int status = preview_offer(&snaps->preview, frame, time_us, err);

	if (status == VM_OK && still)
		status = thumbnails_offer(&snaps->thumbnails, frame, time_us, err);
	if (status == VM_OK && still)
		status = sprites_offer(&snaps->sprites, frame, time_us, err);
	return status;
}

int snaps_end(struct snaps *snaps, int64_t end_us, struct vm_error *err)
{
	int status = preview_end(&snaps->preview, err);

	return status == VM_OK ? sprites_end(&snaps->sprites, end_us, err) : status;
}

void snaps_finish(struct snaps *snaps)
{
	thumbnails_finish(&snaps->thumbnails);
	sprites_finish(&snaps->sprites);
	preview_finish(&snaps->preview);
}
