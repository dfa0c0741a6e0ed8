/* kept.c - copies of outputs, in the order in which they are given up. */
#include "worker/kept.h"

#include <stdlib.h>
#include <string.h>

struct kept {
	struct vm_source source; /* first */
	struct part_budget *budget;

	/* under the budget's lock */
	struct part_buffer *parts;
	uint32_t n_parts; /* as far as the highest number that came */
	bool given_up;
	unsigned held;
	struct kept *next, **link;
};

/* [held, so nothing changes] */
static int read_at(struct vm_source *source, uint64_t offset, void *buffer, size_t length,
                   size_t *got, const struct vm_call *call, struct vm_error *err)
{
	const struct kept *kept = (const struct kept *)source;
	size_t done = 0;

	(void)call, (void)err;
	for (uint32_t i = 0; i < kept->n_parts && done < length; i++) {
		const struct part_buffer *part = &kept->parts[i];
		size_t here;

		if (offset >= part->length) {
			offset -= part->length;
			continue;
		}
		here = part->length - (size_t)offset;
		here = here < length - done ? here : length - done;
		memcpy((char *)buffer + done, part->bytes + offset, here);
		done += here;
		offset = 0;
	}
	*got = done;
	return VM_OK;
}

int kept_create(struct part_budget *budget, struct kept **out, struct vm_error *err)
{
	struct kept *kept = calloc(1, sizeof *kept);

	if (kept == NULL)
		return vm_fail_memory(err);
	kept->source.read_at = read_at;
	kept->budget = budget;
	pthread_mutex_lock(&budget->lock);
	kept->link = budget->newest;
	*kept->link = kept;
	budget->newest = &kept->next;
	pthread_mutex_unlock(&budget->lock);
	*out = kept;
	return VM_OK;
}

/* Under lock. */
static void give_up(struct kept *kept)
{
	struct part_budget *budget = kept->budget;

	for (uint32_t i = 0; i < kept->n_parts; i++) {
		budget->used -= kept->parts[i].capacity;
		free(kept->parts[i].bytes);
	}
	free(kept->parts);
	kept->parts = NULL;
	kept->n_parts = 0;
	kept->given_up = true;
	pthread_cond_broadcast(&budget->returned);
}

void kept_destroy(struct kept *kept)
{
	struct part_budget *budget;

	if (kept == NULL)
		return;
	budget = kept->budget;
	pthread_mutex_lock(&budget->lock);
	give_up(kept);
	*kept->link = kept->next;
	if (kept->next != NULL)
		kept->next->link = kept->link;
	else
		budget->newest = kept->link;
	pthread_mutex_unlock(&budget->lock);
	free(kept);
}

/* Under lock: whether there is a place for part `number`. */
static bool make_place(struct kept *kept, uint32_t number)
{
	struct part_buffer *parts;

	if (kept->given_up || number <= kept->n_parts)
		return !kept->given_up;
	parts = realloc(kept->parts, number * sizeof *parts);
	if (parts == NULL) {
		give_up(kept);
		return false;
	}
	memset(parts + kept->n_parts, 0, (number - kept->n_parts) * sizeof *parts);
	kept->parts = parts;
	kept->n_parts = number;
	return true;
}

/* A part grows by doubling; what it did not use is for others. */
static void trim(struct part_buffer *buffer)
{
	unsigned char *bytes = realloc(buffer->bytes, buffer->length);

	if (bytes == NULL)
		return;
	buffer->bytes = bytes;
	buffer->capacity = buffer->length;
}

void kept_take(struct kept *kept, uint32_t number, struct part_buffer *buffer)
{
	struct part_budget *budget;
	size_t was = buffer->capacity;

	if (kept == NULL || buffer->length == 0)
		return;
	budget = kept->budget;
	pthread_mutex_lock(&budget->lock);
	if (make_place(kept, number)) {
		trim(buffer);
		budget->used -= was - buffer->capacity;
		budget->leaving -= buffer->leaving ? was : 0;
		kept->parts[number - 1] = *buffer;
		*buffer = (struct part_buffer){0};
		pthread_cond_broadcast(&budget->returned);
	}
	pthread_mutex_unlock(&budget->lock);
}

/* Under lock: a part that did not come leaves a hole. */
static bool is_whole(const struct kept *kept, uint64_t bytes)
{
	uint64_t together = 0;

	for (uint32_t i = 0; i < kept->n_parts; i++) {
		if (kept->parts[i].length == 0)
			return false;
		together += kept->parts[i].length;
	}
	return !kept->given_up && together == bytes;
}

struct vm_source *kept_hold(struct kept *kept, uint64_t bytes)
{
	struct vm_source *source = NULL;

	if (kept == NULL)
		return NULL;
	pthread_mutex_lock(&kept->budget->lock);
	if (is_whole(kept, bytes)) {
		kept->source.bytes = bytes;
		kept->held++;
		kept->budget->held++;
		source = &kept->source;
	}
	pthread_mutex_unlock(&kept->budget->lock);
	return source;
}

void kept_let_go(struct kept *kept)
{
	pthread_mutex_lock(&kept->budget->lock);
	kept->held--;
	kept->budget->held--;
	pthread_cond_broadcast(&kept->budget->returned);
	pthread_mutex_unlock(&kept->budget->lock);
}

bool kept_give_up_oldest(struct part_budget *budget)
{
	struct kept *kept = budget->oldest;

	while (kept != NULL && (kept->held > 0 || kept->n_parts == 0))
		kept = kept->next;
	if (kept == NULL)
		return false;
	give_up(kept);
	return true;
}
