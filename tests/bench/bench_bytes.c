/* bench_bytes.c - a file to and from a storage plugin, on the way that a worker's bytes take. */

/*
 * The reader and the uploader are the worker's own, with its threads and its memory; what stands
 * on their other side is a file instead of a codec.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "cli/subject.h"
#include "plugin/storage.h"
#include "support/call.h"
#include "support/log.h"
#include "worker/reader.h"
#include "worker/uploader.h"

#define PIECE_BYTES (1u << 20) /* what a demuxer reads, or a muxer writes, is less */

static _Noreturn void give_up(const char *path)
{
	perror(path);
	exit(EXIT_FAILURE);
}

static void write_all(int fd, const char *path, const unsigned char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0)
			give_up(path);
		bytes += written;
		length -= (size_t)written;
	}
}

static void download(struct instance *storage, const char *key, const char *path)
{
	static unsigned char piece[PIECE_BYTES];
	struct reader_want want = {.storage = storage, .key = key};
	struct vm_object object;
	struct reader *reader;
	struct vm_source *source;
	struct vm_error err;
	struct call call;
	size_t got;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		give_up(path);
	call_init(&call, NULL, 0);
	bench_expect(storage_stat(storage, key, &object, &call.vm, &err), &err);
	want.etag = object.etag;
	want.bytes = object.bytes;
	bench_expect(cancel_create(NULL, &want.cancel, &err), &err);
	bench_expect(pool_create(READER_FETCHERS, READER_FETCHES_MOST, &want.fetchers, &err), &err);
	bench_expect(reader_create(&want, &reader, &err), &err);
	source = reader_source(reader);
	for (uint64_t offset = 0; offset < object.bytes; offset += got) {
		bench_expect(source->read_at(source, offset, piece, sizeof piece, &got, &call.vm, &err),
		             &err);
		write_all(fd, path, piece, got);
	}
	reader_destroy(reader);
	pool_destroy(want.fetchers);
	cancel_destroy(want.cancel);
	if (close(fd) != 0)
		give_up(path);
}

static void upload(struct instance *storage, const char *prefix, const char *path)
{
	static unsigned char piece[PIECE_BYTES];
	struct uploader_want want = {
	    .storage = storage, .prefix = prefix, .memory_bytes = UPLOADER_MEMORY_BYTES};
	struct uploader *uploader;
	struct output *output;
	struct vm_error err;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		give_up(path);
	bench_expect(cancel_create(NULL, &want.cancel, &err), &err);
	bench_expect(uploader_create(&want, &uploader, &err), &err);
	bench_expect(uploader_open(uploader, "web", "video.mp4", "video/mp4", 0, &output, &err), &err);
	while ((got = read(fd, piece, sizeof piece)) > 0)
		bench_expect(output_write(output, piece, (size_t)got, &err), &err);
	if (got < 0)
		give_up(path);
	output_close(output);
	bench_expect(uploader_drain(uploader, &err), &err);
	uploader_destroy(uploader);
	cancel_destroy(want.cancel);
	close(fd);
}

int main(int argc, char **argv)
{
	const struct arguments none = {0};
	struct instance *storage = NULL;
	struct subject subject;
	struct vm_error err;

	if (argc != 6 || (strcmp(argv[3], "download") != 0 && strcmp(argv[3], "upload") != 0)) {
		fputs("usage: bench-bytes FILE.so FILE.cfg download KEY FILE\n"
		      "       bench-bytes FILE.so FILE.cfg upload PREFIX/ FILE\n",
		      stderr);
		return EXIT_USAGE;
	}
	log_setup(VM_LOG_ERROR, LOG_TEXT);
	if (subject_open(&none, argv[1], argv[2], &subject) != EXIT_OK)
		return EXIT_FAILED;
	bench_expect(instance_create(subject.plugin, subject.config, "storage", "/nonexistent", "bench",
	                             &storage, &err),
	             &err);
	if (argv[3][0] == 'd')
		download(storage, argv[4], argv[5]);
	else
		upload(storage, argv[4], argv[5]);
	instance_destroy(storage);
	subject_close(&subject);
	return EXIT_OK;
}
