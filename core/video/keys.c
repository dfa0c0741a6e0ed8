/* keys.c - where the objects of a video lie. */
#include "video/keys.h"

#include <inttypes.h>
#include <string.h>

#define SOURCE_PREFIX "unprocessed/"
#define SOURCE_NAME "/source"

const char *key_source(const char *video, char *key)
{
	snprintf(key, VM_KEY_MAX, SOURCE_PREFIX "%s" SOURCE_NAME, video);
	return key;
}

const char *key_of_source(const struct video *video, char *key)
{
	if (video->source.key[0] == '\0')
		return key_source(video->id, key);
	snprintf(key, VM_KEY_MAX, "%s", video->source.key);
	return key;
}

const char *key_processed(const char *video, char *key)
{
	snprintf(key, VM_KEY_MAX, "processed/%s/", video);
	return key;
}

const char *key_attempt(const char *video, uint64_t generation, uint64_t epoch, const char *nonce,
                        char *key)
{
	snprintf(key, VM_KEY_MAX, "processed/%s/%" PRIu64 "-%" PRIu64 "-%s/", video, generation, epoch,
	         nonce);
	return key;
}

const char *key_manifest(const char *video, uint64_t generation, uint64_t epoch, const char *nonce,
                         char *key)
{
	snprintf(key, VM_KEY_MAX, "processed/%s/%" PRIu64 "-%" PRIu64 "-%s/manifest.json", video,
	         generation, epoch, nonce);
	return key;
}

bool video_id_is_valid(const char *id)
{
	return strlen(id) == VIDEO_ID_MAX - 1 && strspn(id, "0123456789abcdef") == VIDEO_ID_MAX - 1;
}

bool key_read_source(const char *key, char id[VIDEO_ID_MAX])
{
	const size_t prefix = sizeof SOURCE_PREFIX - 1;
	char found[VIDEO_ID_MAX];

	if (strncmp(key, SOURCE_PREFIX, prefix) != 0 || strlen(key) < prefix + VIDEO_ID_MAX - 1)
		return false;
	memcpy(found, key + prefix, VIDEO_ID_MAX - 1);
	found[VIDEO_ID_MAX - 1] = '\0';
	if (!video_id_is_valid(found) || strcmp(key + prefix + VIDEO_ID_MAX - 1, SOURCE_NAME) != 0)
		return false;
	memcpy(id, found, sizeof found);
	return true;
}
