/* source_io.c - FFmpeg reads a vm_source through this, and nothing else. */
#include "source_io.h"

#include <string.h>

#include <libavutil/error.h>
#include <libavutil/mem.h>

#define BUFFER_BYTES (256 << 10)

static int read_packet(void *opaque, uint8_t *buffer, int length)
{
	struct source_io *io = opaque;
	size_t got = 0;

	if (io->failure.status != VM_OK)
		return AVERROR(EIO);
	if (io->source->read_at(io->source, io->position, buffer, (size_t)length, &got, io->call,
	                        &io->failure) != VM_OK)
		return AVERROR(EIO);
	if (got == 0)
		return AVERROR_EOF;
	io->position += got;
	return (int)got;
}

static int64_t seek(void *opaque, int64_t offset, int whence)
{
	struct source_io *io = opaque;
	int64_t base;

	switch (whence & ~AVSEEK_FORCE) {
	case AVSEEK_SIZE:
		return (int64_t)io->source->bytes;
	case SEEK_SET:
		base = 0;
		break;
	case SEEK_CUR:
		base = (int64_t)io->position;
		break;
	case SEEK_END:
		base = (int64_t)io->source->bytes;
		break;
	default:
		return AVERROR(EINVAL);
	}
	if (offset < -base || offset > INT64_MAX - base)
		return AVERROR(EINVAL);
	io->position = (uint64_t)(base + offset);
	return base + offset;
}

int source_io_init(struct source_io *io, struct vm_source *source, const struct vm_call *call,
                   struct vm_error *err)
{
	uint8_t *buffer;

	memset(io, 0, sizeof *io);
	io->source = source;
	io->call = call;
	if (source->bytes > INT64_MAX)
		return vm_fail(err, VM_ERR_BAD_DATA, "source: a length of %llu bytes",
		               (unsigned long long)source->bytes);
	if ((buffer = av_malloc(BUFFER_BYTES)) == NULL)
		return vm_fail_memory(err);
	io->avio = avio_alloc_context(buffer, BUFFER_BYTES, 0, io, read_packet, NULL, seek);
	if (io->avio == NULL) {
		av_free(buffer);
		return vm_fail_memory(err);
	}
	return VM_OK;
}

void source_io_finish(struct source_io *io)
{
	if (io->avio != NULL)
		av_freep(&io->avio->buffer);
	avio_context_free(&io->avio);
}
