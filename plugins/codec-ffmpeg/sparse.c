/* sparse.c - which packets are decoded where all pictures are copied: those of the small ones. */
#include "sparse.h"

bool sparse_wants(struct sparse *sparse, const AVPacket *packet)
{
	const struct plan_copy *copy = &sparse->plan->copy;
	int64_t time = packet->pts - copy->start;
	bool wanted = (!sparse->poster->chosen && time >= copy->poster_from) ||
	              (!sparse->snaps->preview.ended && time >= copy->preview_from);

	if ((packet->flags & AV_PKT_FLAG_KEY) == 0)
		return sparse->going = sparse->going && wanted;
	sparse->going = wanted;
	return sparse->going ||
	       snaps_want(sparse->snaps, av_rescale_q(time, sparse->plan->time_base, AV_TIME_BASE_Q));
}
