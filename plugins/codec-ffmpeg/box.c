/* box.c - boxes of MP4 (ISO/IEC 14496-12) that lie in memory. */
#include "box.h"

#include <string.h>

#include <libavutil/intreadwrite.h>

struct span box_find(struct span in, const char *type)
{
	while (in.length >= BOX_HEAD) {
		size_t bytes = AV_RB32(in.bytes);

		if (bytes < BOX_HEAD || bytes > in.length)
			break;
		if (memcmp(in.bytes + 4, type, 4) == 0)
			return (struct span){in.bytes, bytes};
		in.bytes += bytes;
		in.length -= bytes;
	}
	return (struct span){0};
}

struct span box_inside(struct span box, size_t head)
{
	return box.length < head ? (struct span){0}
	                         : (struct span){box.bytes + head, box.length - head};
}

struct span box_find_at(struct span in, const char *path)
{
	for (const char *type = path; type != NULL; type = strchr(type, '/')) {
		type += *type == '/';
		in = box_inside(box_find(in, type), BOX_HEAD);
	}
	return in;
}
