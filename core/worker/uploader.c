/* uploader.c - opens outputs, keeps count of them and of what is stored. */
#include <stdlib.h>
#include <string.h>

#include "support/log.h"
#include "video/output_name.h"
#include "worker/output.h"

enum {
	SENDERS = 4,
	SENDS_WAITING = 16, /* a writer waits when so many parts wait for a sender */
	PART_BYTES = 8 << 20
};

uint64_t uploader_part_bytes(const struct vm_storage_traits *traits, uint32_t number)
{
	uint64_t bytes = traits->part_bytes_min > PART_BYTES ? traits->part_bytes_min : PART_BYTES;
	uint32_t eighth = traits->parts_max >= 8 ? traits->parts_max / 8 : 1;

	/* Twice as large after each eighth of them: 10,000 parts from 8 MiB on hold 2.4 TiB. */
	for (uint32_t past = (number - 1) / eighth; past > 0 && bytes < traits->part_bytes_max; past--)
		bytes *= 2;
	return bytes < traits->part_bytes_max ? bytes : traits->part_bytes_max;
}

uint64_t uploader_hashing_bytes_most(void)
{
	return SENDERS * (uint64_t)OUTPUT_READ_BACK_BYTES;
}

/* A name is noted when it is given, and what it became when it is stored. */
uint64_t uploader_lists_bytes_most(void)
{
	const struct manifest_output *output = NULL;

	return UPLOADER_OPEN_MOST * (uint64_t)sizeof(struct output) +
	       UPLOADER_OUTPUTS_MOST * (uint64_t)(sizeof(struct stored_output) + sizeof output->name);
}

int uploader_create(const struct uploader_want *want, struct uploader **out, struct vm_error *err)
{
	struct uploader *uploader = calloc(1, sizeof *uploader);
	int status = VM_OK;

	if (uploader == NULL)
		return vm_fail_memory(err);
	uploader->storage = want->storage;
	uploader->prefix = want->prefix;
	uploader->output_bytes_most = want->output_bytes_most > 0 ? want->output_bytes_most
	                                                          : UINT64_MAX;
	uploader->cancel = want->cancel;
	uploader->traits.size = sizeof uploader->traits;
	storage_traits(want->storage, &uploader->traits);
	part_budget_init(&uploader->budget, want->memory_bytes);
	pthread_mutex_init(&uploader->lock, NULL);
	pthread_cond_init(&uploader->ended, NULL);
	uploader->names = json_object();
	if (uploader->names == NULL)
		status = vm_fail_memory(err);
	else if (uploader->traits.parts_max == 0 || uploader->traits.part_bytes_max == 0)
		status = vm_fail(err, VM_ERR_BUG, "%s allows no parts at all", want->storage->role);
	else
		status = pool_create(SENDERS, SENDS_WAITING, &uploader->senders, err);
	if (status != VM_OK) {
		uploader_destroy(uploader);
		return status;
	}
	log_info("outputs take up to %zu MiB of memory, in parts of %llu MiB, %d sent at once",
	         want->memory_bytes >> 20,
	         (unsigned long long)uploader_part_bytes(&uploader->traits, 1) >> 20, SENDERS);
	*out = uploader;
	return VM_OK;
}

void uploader_destroy(struct uploader *uploader)
{
	if (uploader == NULL)
		return;
	uploader_drain(uploader, NULL);
	pool_destroy(uploader->senders);
	for (size_t i = 0; i < uploader->n_stored; i++)
		kept_destroy(uploader->stored[i].kept);
	json_decref(uploader->names);
	free(uploader->stored);
	pthread_cond_destroy(&uploader->ended);
	pthread_mutex_destroy(&uploader->lock);
	part_budget_finish(&uploader->budget);
	free(uploader);
}

int uploader_fail(struct uploader *uploader, int status, const struct vm_error *error)
{
	pthread_mutex_lock(&uploader->lock);
	if (!uploader->failed) {
		uploader->failed = true;
		uploader->error = *error;
	}
	pthread_mutex_unlock(&uploader->lock);
	return status;
}

bool uploader_has_failed(struct uploader *uploader)
{
	bool failed;

	pthread_mutex_lock(&uploader->lock);
	failed = uploader->failed;
	pthread_mutex_unlock(&uploader->lock);
	return failed;
}

/* Under lock: whether one more may be opened under this name, which is then taken. */
static int admit(struct uploader *uploader, const char *name, struct vm_error *err)
{
	if (uploader->failed) {
		*err = uploader->error;
		return err->status;
	}
	if (json_object_get(uploader->names, name) != NULL)
		return vm_fail(err, VM_ERR_BAD_DATA, "output %s: opened a second time", name);
	if (uploader->n_outputs >= UPLOADER_OUTPUTS_MOST)
		return vm_fail(err, VM_ERR_LIMIT, "more than %d outputs", UPLOADER_OUTPUTS_MOST);
	if (uploader->n_open >= UPLOADER_OPEN_MOST)
		return vm_fail(err, VM_ERR_LIMIT, "more than %d outputs open at once", UPLOADER_OPEN_MOST);
	if (json_object_set_new(uploader->names, name, json_true()) != 0)
		return vm_fail_memory(err);
	uploader->n_outputs++;
	uploader->n_open++;
	return VM_OK;
}

static void link_output(struct uploader *uploader, struct output *output)
{
	output->next = uploader->first;
	output->link = &uploader->first;
	if (output->next != NULL)
		output->next->link = &output->next;
	uploader->first = output;
}

static int fill_in(struct output *output, const char *stage, const char *name,
                   const char *content_type, struct vm_error *err)
{
	struct manifest_output *manifest = &output->manifest;
	int length;

	length = snprintf(manifest->name, sizeof manifest->name, "%s/%s", stage, name);
	if (length < 0 || (size_t)length >= sizeof manifest->name)
		return vm_fail(err, VM_ERR_BAD_DATA, "output %s of stage %s: too long a name", name, stage);
	length = snprintf(output->key, sizeof output->key, "%s%s", output->uploader->prefix,
	                  manifest->name);
	if (length < 0 || (size_t)length >= sizeof output->key)
		return vm_fail(err, VM_ERR_BAD_DATA, "output %s: too long a key", manifest->name);
	snprintf(manifest->content_type, sizeof manifest->content_type, "%s",
	         content_type[0] != '\0' ? content_type : "application/octet-stream");
	return VM_OK;
}

/* What `name` may become; the output is not known to the uploader yet. */
static int make_output(struct uploader *uploader, const char *stage, const char *name,
                       const char *content_type, uint64_t head_bytes, struct output **out,
                       struct vm_error *err)
{
	uint64_t part_bytes = uploader_part_bytes(&uploader->traits, 1);
	struct output *output;
	int status;

	if (head_bytes > part_bytes)
		return vm_fail(err, VM_ERR_UNSUPPORTED,
		               "output %s: a head of %llu bytes does not fit into a part of %llu", name,
		               (unsigned long long)head_bytes, (unsigned long long)part_bytes);
	output = calloc(1, sizeof *output);
	if (output == NULL)
		return vm_fail_memory(err);
	output->uploader = uploader;
	output->head_bytes = head_bytes;
	output->state = OUTPUT_OPEN;
	output->pending = 1;
	status = fill_in(output, stage, name, content_type, err);
	if (status == VM_OK && head_bytes == 0)
		status = hash_create(&output->hash, err);
	if (status == VM_OK && uploader->traits.distant)
		status = kept_create(&uploader->budget, &output->kept, err);
	if (status != VM_OK) {
		hash_destroy(output->hash);
		free(output);
		return status;
	}
	*out = output;
	return VM_OK;
}

int uploader_open(struct uploader *uploader, const char *stage, const char *name,
                  const char *content_type, uint64_t head_bytes, struct output **out,
                  struct vm_error *err)
{
	struct output *output = NULL;
	struct vm_error error;
	int status;

	if ((status = output_name_check(name, OUTPUT_NAME_MOST, err)) != VM_OK ||
	    (status = output_type_check(content_type, err)) != VM_OK)
		return status;
	status = make_output(uploader, stage, name, content_type, head_bytes, &output, &error);
	if (status == VM_OK) {
		pthread_mutex_lock(&uploader->lock);
		status = admit(uploader, output->manifest.name, &error);
		if (status == VM_OK)
			link_output(uploader, output);
		pthread_mutex_unlock(&uploader->lock);
	}
	if (status == VM_OK) {
		*out = output;
		return VM_OK;
	}
	if (output != NULL) {
		kept_destroy(output->kept);
		hash_destroy(output->hash);
	}
	free(output);
	/* An output is missing now, whatever the codec makes of the error. A name that may not be
	 * given is another matter: whoever asked for it is ended. */
	if (status != VM_ERR_BAD_DATA)
		uploader_fail(uploader, status, &error);
	if (err != NULL)
		*err = error;
	return status;
}

static int compare_names(const void *a, const void *b)
{
	const struct stored_output *left = a, *right = b;

	return strcmp(left->manifest.name, right->manifest.name);
}

/* Under lock: an output that nobody closed. */
static struct output *find_open(struct uploader *uploader)
{
	struct output *output = uploader->first;

	while (output != NULL && output->state != OUTPUT_OPEN)
		output = output->next;
	return output;
}

int uploader_drain(struct uploader *uploader, struct vm_error *err)
{
	struct output *output;
	int status = VM_OK;

	pthread_mutex_lock(&uploader->lock);
	while ((output = find_open(uploader)) != NULL) {
		output->state = OUTPUT_DROPPED;
		pthread_mutex_unlock(&uploader->lock);
		output_release(output);
		pthread_mutex_lock(&uploader->lock);
	}
	while (uploader->first != NULL)
		pthread_cond_wait(&uploader->ended, &uploader->lock);
	if (uploader->failed) {
		status = uploader->error.status;
		if (err != NULL)
			*err = uploader->error;
	}
	pthread_mutex_unlock(&uploader->lock);
	if (uploader->n_stored > 0)
		qsort(uploader->stored, uploader->n_stored, sizeof *uploader->stored, compare_names);
	return status;
}

const struct stored_output *uploader_stored(const struct uploader *uploader, size_t *count)
{
	*count = uploader->n_stored;
	return uploader->stored;
}

size_t uploader_memory_most(struct uploader *uploader)
{
	return uploader->budget.used_most;
}
