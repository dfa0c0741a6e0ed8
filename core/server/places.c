/* places.c - the instances that a pipeline names, made and ended together. */
#include "server/places.h"

static int create_one(const struct pipeline *pipeline, const struct role *role,
                      const char *state_dir, struct instance **out, struct vm_error *err)
{
	return instance_create(role->plugin, role->config, role->name, state_dir, pipeline->name, out,
	                       err);
}

int places_create(const struct pipeline *pipeline, const char *state_dir, struct places *places,
                  struct vm_error *err)
{
	struct places made = {0};
	bool is_one_storage = pipeline->storage_processed == pipeline->storage_unprocessed;
	int status;

	if ((status = create_one(pipeline, pipeline->storage_unprocessed, state_dir,
	                         &made.storage_unprocessed, err)) != VM_OK)
		goto fail;
	if (is_one_storage)
		made.storage_processed = made.storage_unprocessed;
	else if ((status = create_one(pipeline, pipeline->storage_processed, state_dir,
	                              &made.storage_processed, err)) != VM_OK)
		goto fail;
	if ((status = create_one(pipeline, pipeline->queue_unprocessed, state_dir,
	                         &made.queue_unprocessed, err)) != VM_OK ||
	    (status = create_one(pipeline, pipeline->queue_processed, state_dir, &made.queue_processed,
	                         err)) != VM_OK ||
	    (status = create_one(pipeline, pipeline->compute, state_dir, &made.compute, err)) !=
	        VM_OK ||
	    (status = create_one(pipeline, pipeline->meta, state_dir, &made.meta, err)) != VM_OK)
		goto fail;
	*places = made;
	return VM_OK;

fail:
	places_destroy(&made);
	return status;
}

void places_destroy(struct places *places)
{
	instance_destroy(places->meta);
	instance_destroy(places->compute);
	instance_destroy(places->queue_processed);
	instance_destroy(places->queue_unprocessed);
	if (places->storage_processed != places->storage_unprocessed)
		instance_destroy(places->storage_processed);
	instance_destroy(places->storage_unprocessed);
	*places = (struct places){0};
}
