/* rules.c - what the state machine must know: the policy, and the traits of the parts. */
#include "server/rules.h"

#include "plugin/compute.h"
#include "plugin/queue.h"
#include "plugin/storage.h"

void rules_of(const struct server *server, struct rules *out)
{
	const struct policy *policy = &server->pipeline->policy;
	struct vm_storage_traits storage;
	struct vm_queue_traits queue;
	struct vm_compute_traits compute;

	storage_traits(server->places.storage_unprocessed, &storage);
	queue_traits(server->places.queue_unprocessed, &queue);
	compute_traits(server->places.compute, &compute);
	*out = (struct rules){
	    .attempts_most = (uint64_t)policy->attempts,
	    .releases_most = (uint64_t)policy->releases,
	    .backoff_ms = policy->backoff_ms,
	    .backoff_max_ms = policy->backoff_max_ms,
	    .lease_ms = policy->lease_ms,
	    .start_ms = compute.start_ms,
	    .visibility_ms = queue.visibility_ms,
	    .unheard_ms = compute.watch_ms,
	    .extend_max_ms = queue.extend_max_ms,
	    .store_announces = storage.announces,
	    .keep_source = policy->keep_source,
	};
}
