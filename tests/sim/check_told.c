/* check_told.c - what leaves the server: notifications are owed, secrets are not. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "known.h"
#include "parts.h"
#include "support/json.h"

static const char *searched;

static void find_ticket(const struct video *video)
{
	if (video->attempt.ticket[0] != '\0' && strstr(searched, video->attempt.ticket) != NULL)
		broken(NO_SECRET, "the ticket of video %s: %s", video->id, searched);
}

void check_logged(const char *line)
{
	searched = line;
	documents_each(find_ticket);
}

void check_told(const struct video *video)
{
	struct known *known = know(video->id);
	json_t *json = video_to_public_json(video);
	char *text = json != NULL ? json_write(json) : NULL;

	if (text == NULL)
		abort();
	check_logged(text);
	free(text);
	json_decref(json);
	/* An older version may be told behind a newer one, which stays told. */
	if (video->version < known->told_version)
		return;
	known->told_version = video->version;
	memcpy(known->told, video->outbox_event, sizeof known->told);
}

void check_notification(const struct video *before, const struct video *after)
{
	if (before->finished_ms != 0 && before->finished_ms == after->finished_ms &&
	    before->outbox_event[0] != '\0' && strcmp(before->outbox_event, after->outbox_event) != 0)
		broken(NOTIFICATIONS, "video %s: one outcome has two event ids", after->id);
	if (before->outbox_sent_ms == 0 && after->outbox_sent_ms != 0 &&
	    strcmp(know(after->id)->told, after->outbox_event) != 0)
		broken(NOTIFICATIONS, "video %s: the outcome counts as told and was not", after->id);
}
