/* source_io.h - FFmpeg reads a vm_source through this, and nothing else. */
#ifndef CODEC_FFMPEG_SOURCE_IO_H
#define CODEC_FFMPEG_SOURCE_IO_H

#include <libavformat/avio.h>

#include <vidmill/stream.h>

/* [one thread] Borrows the source and the call. */
struct source_io {
	AVIOContext *avio;
	struct vm_source *source;
	const struct vm_call *call;
	uint64_t position;
	/* Why the source could not be read, which FFmpeg calls a broken file; VM_OK: it could. */
	struct vm_error failure;
};

int source_io_init(struct source_io *io, struct vm_source *source, const struct vm_call *call,
                   struct vm_error *err);
void source_io_finish(struct source_io *io);

#endif
