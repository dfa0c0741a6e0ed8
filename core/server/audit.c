/* audit.c - the parts of an audit in their order, and what they tell. */
#include "server/audit.h"

#include <string.h>

#include "plugin/meta.h"
#include "server/audit_parts.h"
#include "server/documents.h"
#include "support/call.h"
#include "support/clock.h"

static const char *const names[FINDING_END] = {
    [FINDING_UNCHECKED] = "unchecked",
    [FINDING_DOCUMENT] = "document",
    [FINDING_RESULT] = "result",
    [FINDING_SOURCE] = "source",
    [FINDING_STUCK] = "stuck",
    [FINDING_ARRIVAL] = "arrival",
    [FINDING_STRAY_SOURCE] = "stray_source",
    [FINDING_ORPHAN] = "orphan",
    [FINDING_UPLOAD] = "upload",
    [FINDING_DEAD_LETTER] = "dead_letter",
};

const char *finding_name(enum finding_kind kind)
{
	return names[kind];
}

void audit_found(struct audit *audit, enum finding_kind kind, const char *video, bool repaired,
                 const char *remedy, const char *format, ...)
{
	struct finding finding = {.kind = kind, .repaired = repaired};
	va_list arguments;

	snprintf(finding.video, sizeof finding.video, "%s", video != NULL ? video : "");
	snprintf(finding.remedy, sizeof finding.remedy, "%s", remedy);
	va_start(arguments, format);
	vsnprintf(finding.what, sizeof finding.what, format, arguments);
	va_end(arguments);
	if (kind == FINDING_UNCHECKED)
		audit->sums->unchecked++;
	else
		audit->sums->findings++;
	audit->sums->repaired += repaired;
	audit->options->found(audit->options->ctx, &finding);
}

void audit_unchecked(struct audit *audit, const char *video, const char *what,
                     const struct vm_error *err)
{
	audit_found(audit, FINDING_UNCHECKED, video, false, "run it again when everything answers",
	            "%s: %s", what, err->message);
}

void audit_progress(const struct audit *audit, const char *label, uint64_t done, uint64_t total)
{
	audit->options->progress(audit->options->ctx, label, done, total);
}

int audit_owner(struct audit *audit, struct audit_owner *owner, const char *id,
                struct vm_error *err)
{
	struct call call;

	if (strcmp(owner->id, id) == 0 && owner->status == VM_OK)
		return VM_OK;
	call_init(&call, audit->server->abort, AUDIT_CALL_MS);
	snprintf(owner->id, sizeof owner->id, "%s", id);
	owner->status = document_read(audit->server->places.meta, id, &owner->video, &call.vm, err);
	return owner->status;
}

int audit_run(struct server *server, const struct audit_options *options, struct audit_sums *sums,
              struct vm_error *err)
{
	struct audit audit = {
	    .server = server, .options = options, .sums = sums, .now_ms = clock_unix_ms()};
	struct call call;
	int status;

	*sums = (struct audit_sums){0};
	call_init(&call, server->abort, AUDIT_CALL_MS);
	if ((status = meta_index(server->places.meta, video_fields, n_video_fields, &call.vm, err)) !=
	        VM_OK ||
	    (status = audit_videos(&audit, err)) != VM_OK ||
	    (status = audit_sources(&audit, err)) != VM_OK ||
	    (status = audit_orphans(&audit, err)) != VM_OK)
		return status;
	return audit_letters(&audit, err);
}
