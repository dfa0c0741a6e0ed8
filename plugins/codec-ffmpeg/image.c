/* image.c - a small file that an option names, read before there are no files any more. */
#include "image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX (4 << 20)

static int read_stream(struct image *image, FILE *file, const char *path, struct vm_error *err)
{
	/* One byte more shows that it is too large. */
	if ((image->bytes = malloc(BYTES_MAX + 1)) == NULL)
		return vm_fail_memory(err);
	errno = 0;
	image->length = fread(image->bytes, 1, BYTES_MAX + 1, file);
	if (ferror(file))
		return vm_fail(err, VM_ERR_CONFIG, "watermark: read %s: %s", path, strerror(errno));
	if (image->length > BYTES_MAX)
		return vm_fail(err, VM_ERR_CONFIG, "watermark: %s has more than %d MiB", path,
		               BYTES_MAX >> 20);
	return VM_OK;
}

int image_read(struct image *image, const char *path, struct vm_error *err)
{
	FILE *file = fopen(path, "rbe");
	int status;

	if (file == NULL)
		return vm_fail(err, VM_ERR_CONFIG, "watermark: open %s: %s", path, strerror(errno));
	status = read_stream(image, file, path, err);
	fclose(file);
	return status;
}

void image_finish(struct image *image)
{
	free(image->bytes);
	*image = (struct image){0};
}
