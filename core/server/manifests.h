/* manifests.h - manifests in storage: fetched, and adopted when their attempt cannot report. */
#ifndef SERVER_MANIFESTS_H
#define SERVER_MANIFESTS_H

#include "server/server.h"
#include "video/manifest.h"

/* Reads a whole manifest and says the hash of its bytes. `out` must be finished also after a
 * failure. */
int manifest_fetch(struct instance *storage, const char *key, char sha256[VIDEO_HASH_MAX],
                   struct manifest *out, const struct vm_call *call, struct vm_error *err);

/* True when the present attempt of the video has published a manifest: it is written last, so
 * all that it lists is there. */
bool manifest_adopt(struct instance *storage, const struct video *video, struct video_result *out,
                    const struct vm_call *call);

#endif
