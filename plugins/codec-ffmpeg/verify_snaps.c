/* verify_snaps.c - small pictures, opened again. */
#include "verify_snaps.h"

/* In the box of 16:9 of that height, lying or upright; a side is rounded to an even number. */
static bool fits(int width, int height, int64_t box)
{
	int64_t longer = width > height ? width : height, shorter = width > height ? height : width;

	return shorter <= box + 1 && longer <= (box * 16 + 8) / 9 + 1;
}

static int check_size(int width, int height, int64_t box, struct vm_error *err)
{
	if (fits(width, height, box))
		return VM_OK;
	return vm_fail(err, VM_ERR_BAD_DATA, "%dx%d, where a height of %lld was asked for", width,
	               height, (long long)box);
}

static int side(const json_t *facts, const char *name)
{
	return (int)json_integer_value(json_object_get(facts, name));
}

int verify_thumbnail(const struct verify_job *job, json_t *facts, struct vm_error *err)
{
	int status = verify_picture(job, facts, err);

	return status == VM_OK ? check_size(side(facts, "width"), side(facts, "height"),
	                                    job->config->thumbnail_height, err)
	                       : status;
}
