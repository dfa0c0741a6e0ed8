/* label.h - what people call a track of the source, and whom it is for. */
#ifndef CODEC_FFMPEG_LABEL_H
#define CODEC_FFMPEG_LABEL_H

#include <libavformat/avformat.h>

#include "language.h"

enum { LABEL_NAME_MAX = 100 };

struct label {
	char language[LANGUAGE_TAG_MAX]; /* BCP 47; "": not known */
	char language3[4];               /* the same in three letters, for MP4; "": not known */
	char name[LABEL_NAME_MAX];       /* for a menu: the title, or else the language; never empty */
	int roles;                       /* AV_DISPOSITION_ flags, DEFAULT among them */
};

/* From the stream's metadata. `kind` is the name of what has neither title nor language. */
void label_read(const AVStream *stream, const char *kind, struct label *out);

/* Gives a name that an earlier one has already a number: "English 2". */
void label_make_unique(struct label *labels, size_t count);

#endif
