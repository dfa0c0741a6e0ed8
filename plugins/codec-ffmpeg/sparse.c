/* sparse.c - which packets are decoded where all pictures are copied: those of the small ones. */
#include "sparse.h"

bool sparse_wants(struct sparse *sparse, const AVPacket *packet)
{
	const struct plan_copy *copy = &sparse->plan->copy;
	int64_t time = packet->pts - copy->start;
	bool poster_wants = !sparse->poster->chosen && time >= copy->poster_from;

	if ((packet->flags & AV_PKT_FLAG_KEY) == 0)
		return sparse->going = sparse->going && poster_wants;
	sparse->going = poster_wants;
	return sparse->going ||
	       snaps_want(sparse->snaps, av_rescale_q(time, sparse->plan->time_base, AV_TIME_BASE_Q));
}
