/* part_buffer.c - growing buffers that wait for each other's memory. */
#include "worker/part_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "worker/kept.h"

enum { FIRST_CAPACITY = 64 << 10 };

void part_budget_init(struct part_budget *budget, size_t most)
{
	*budget = (struct part_budget){.most = most};
	budget->newest = &budget->oldest;
	pthread_mutex_init(&budget->lock, NULL);
	pthread_cond_init(&budget->returned, NULL);
}

void part_budget_finish(struct part_budget *budget)
{
	pthread_cond_destroy(&budget->returned);
	pthread_mutex_destroy(&budget->lock);
}

static int take(struct part_budget *budget, size_t bytes, struct vm_error *err)
{
	bool fits;

	pthread_mutex_lock(&budget->lock);
	while (budget->used + bytes > budget->most) {
		if (kept_give_up_oldest(budget))
			continue;
		if (budget->leaving == 0 && budget->held == 0)
			break;
		pthread_cond_wait(&budget->returned, &budget->lock);
	}
	fits = budget->used + bytes <= budget->most;
	if (fits)
		budget->used += bytes;
	if (budget->used > budget->used_most)
		budget->used_most = budget->used;
	pthread_mutex_unlock(&budget->lock);
	if (!fits)
		return vm_fail(err, VM_ERR_LIMIT, "outputs open at once need more than %zu MiB of memory",
		               budget->most >> 20);
	return VM_OK;
}

static void give_back(struct part_budget *budget, size_t bytes, bool was_leaving)
{
	pthread_mutex_lock(&budget->lock);
	budget->used -= bytes;
	budget->leaving -= was_leaving ? bytes : 0;
	pthread_cond_broadcast(&budget->returned);
	pthread_mutex_unlock(&budget->lock);
}

int part_buffer_append(struct part_buffer *buffer, struct part_budget *budget, const void *bytes,
                       size_t length, struct vm_error *err)
{
	size_t capacity = buffer->capacity > 0 ? buffer->capacity : FIRST_CAPACITY;
	unsigned char *grown;
	int status;

	while (capacity < buffer->length + length)
		capacity *= 2;
	if (capacity > buffer->capacity) {
		if ((status = take(budget, capacity - buffer->capacity, err)) != VM_OK)
			return status;
		grown = realloc(buffer->bytes, capacity);
		if (grown == NULL) {
			give_back(budget, capacity - buffer->capacity, false);
			return vm_fail_memory(err);
		}
		buffer->bytes = grown;
		buffer->capacity = capacity;
	}
	memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	return VM_OK;
}

void part_buffer_leave(struct part_buffer *buffer, struct part_budget *budget)
{
	pthread_mutex_lock(&budget->lock);
	budget->leaving += buffer->capacity;
	pthread_mutex_unlock(&budget->lock);
	buffer->leaving = true;
}

void part_buffer_finish(struct part_buffer *buffer, struct part_budget *budget)
{
	free(buffer->bytes);
	give_back(budget, buffer->capacity, buffer->leaving);
	*buffer = (struct part_buffer){0};
}
