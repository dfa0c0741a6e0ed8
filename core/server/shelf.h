/* shelf.h - the manifests asked for last: a player does not fetch one for each segment. */
#ifndef SERVER_SHELF_H
#define SERVER_SHELF_H

#include "plugin/instance.h"
#include "video/manifest.h"

/*
 * A manifest is known by its key and its hash and never changes, so one that is
 * kept cannot be out of date: which one a video points at is read from its
 * document each time. Keeps at most 8, of at most 8,192 outputs each (30 MB in
 * all); larger ones are fetched each time. [any thread]
 */
struct shelf;

int shelf_create(struct shelf **out, struct vm_error *err);
void shelf_destroy(struct shelf *shelf); /* accepts NULL; nothing of it is in use */

/*
 * The manifest that the video's result names, from the shelf or from storage.
 * To be given back by shelf_give, and not to be changed. VM_ERR_BAD_DATA when
 * storage has another one under its key.
 */
int shelf_take(struct shelf *shelf, struct instance *storage, const struct video_result *result,
               const struct manifest **out, const struct vm_call *call, struct vm_error *err);
void shelf_give(struct shelf *shelf, const struct manifest *manifest); /* accepts NULL */

#endif
