/* keys.h - where the objects of a video lie. */
#ifndef VIDEO_KEYS_H
#define VIDEO_KEYS_H

#include "video/video.h"

/* Each writes a key (VM_KEY_MAX) and returns it. */
const char *key_source(const char *video, char *key); /* unprocessed/<video>/source */
/* Where the source of this video is: the key we issued, or where a stranger put it. */
const char *key_of_source(const struct video *video, char *key);
const char *key_processed(const char *video, char *key); /* processed/<video>/ */
/* processed/<video>/<generation>-<epoch>-<nonce>/ */
const char *key_attempt(const char *video, uint64_t generation, uint64_t epoch, const char *nonce,
                        char *key);
/* …manifest.json under that */
const char *key_manifest(const char *video, uint64_t generation, uint64_t epoch, const char *nonce,
                         char *key);

/* True, with the id, when `key` is exactly a source's key that we could have issued. */
bool key_read_source(const char *key, char id[VIDEO_ID_MAX]);

/* 32 lower-case hexadecimal digits. */
bool video_id_is_valid(const char *id);

#endif
