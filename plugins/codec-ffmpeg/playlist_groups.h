/* playlist_groups.h - the choices of a master playlist: what its variants name must be there. */
#ifndef CODEC_FFMPEG_PLAYLIST_GROUPS_H
#define CODEC_FFMPEG_PLAYLIST_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include <vidmill/status.h>

enum { GROUPS_MEDIA_MAX = 128, GROUPS_TEXT_MAX = 128 };

struct playlist_media {
	char type[GROUPS_TEXT_MAX], group[GROUPS_TEXT_MAX], name[GROUPS_TEXT_MAX];
	bool is_default;
};

/* Zero is empty. */
struct playlist_groups {
	struct playlist_media media[GROUPS_MEDIA_MAX];
	size_t count;
};

/*
 * Pure. Takes one line of a master, EXT-X-MEDIA before what names it. VM_ERR_BAD_DATA for a choice
 * that is there twice, a second default of a group, and a variant's group that is not there.
 */
int playlist_groups_line(struct playlist_groups *groups, const char *line, size_t length,
                         struct vm_error *err);

#endif
