/* verify_contents.c - a table of contents names all that was made. */
#include "verify_contents.h"

#include <stdio.h>
#include <string.h>

#include "witness.h"

const struct witness_track *verify_track(const struct verify_job *job)
{
	const char *end = strrchr(job->name, '/'), *begin = end;

	if (job->witness == NULL || end == NULL)
		return NULL;
	while (begin > job->name && begin[-1] != '/')
		begin--;
	return witness_find(job->witness, begin, (size_t)(end - begin));
}

static int check_count(const struct witness_track *track, size_t segments, struct vm_error *err)
{
	if (segments == track->n_segments)
		return VM_OK;
	return vm_fail(err, VM_ERR_BAD_DATA, "%zu segments of %s, where %zu were made", segments,
	               track->name, track->n_segments);
}

/* As a line, or between quotes. */
static int find_name(const char *master, const char *track, const char *file, struct vm_error *err)
{
	char name[SOUND_NAME_MAX + 32];

	snprintf(name, sizeof name, "%s/%s", track, file);
	for (const char *at = strstr(master, name); at != NULL; at = strstr(at + 1, name))
		if (at > master && (at[-1] == '\n' || at[-1] == '"'))
			return VM_OK;
	return vm_fail(err, VM_ERR_BAD_DATA, "%s was made and is not named", name);
}

int verify_names(const struct verify_job *job, const char *master, struct vm_error *err)
{
	const struct witness *witness = job->witness;
	int status = VM_OK;

	for (size_t i = 0; witness != NULL && i < witness->count && status == VM_OK; i++) {
		const struct witness_track *track = &witness->tracks[i];

		if (track->n_segments == 0)
			continue;
		status = find_name(master, track->name, "playlist.m3u8", err);
		if (status == VM_OK && i < witness->n_pictures)
			status = find_name(master, track->name, "keyframes.m3u8", err);
	}
	return status;
}

int verify_segments(const struct verify_job *job, size_t segments, struct vm_error *err)
{
	const struct witness_track *track = verify_track(job);

	/* Subtitles have none, whatever a rendition is called. */
	return track == NULL || strncmp(job->name, "hls/", 4) != 0 ? VM_OK
	                                                           : check_count(track, segments, err);
}

static int find_rendition(const struct manifest_facts *manifest, const struct witness_track *track,
                          struct vm_error *err)
{
	for (size_t i = 0; i < manifest->count; i++)
		if (strcmp(manifest->renditions[i].name, track->name) == 0)
			return check_count(track, manifest->renditions[i].segments, err);
	return vm_fail(err, VM_ERR_BAD_DATA, "%s was made and is not named", track->name);
}

int verify_renditions(const struct verify_job *job, const struct manifest_facts *manifest,
                      struct vm_error *err)
{
	const struct witness *witness = job->witness;
	int status = VM_OK;

	for (size_t i = 0; witness != NULL && i < witness->count && status == VM_OK; i++)
		if (witness->tracks[i].n_segments > 0)
			status = find_rendition(manifest, &witness->tracks[i], err);
	return status;
}
