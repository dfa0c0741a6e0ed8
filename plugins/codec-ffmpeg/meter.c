/* meter.c - how loud a sound is (EBU R 128), by libavfilter's own meter. */
#include "meter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>

#include "error.h"

/* What the meter says of silence; it tells peaks in thousandths. */
#define NOTHING_LUFS (-70.0)
#define PEAK_STEP 0.001

static const char what[] = "measure sound";

static int open_graph(struct meter *meter, const AVFrame *like)
{
	char gain[GAIN_FILTERS_MAX] = "anull", filters[GAIN_FILTERS_MAX + 64];

	if (meter->gain != NULL)
		gain_filters(meter->gain, like->sample_rate, gain);
	snprintf(filters, sizeof filters, "%s,ebur128=metadata=1:peak=%s", gain,
	         meter->peaks ? "true" : "none");
	meter->loudness.integrated = NOTHING_LUFS;
	if ((meter->out = av_frame_alloc()) == NULL)
		return AVERROR(ENOMEM);
	return graph_open(&meter->graph, like, filters);
}

static double read_number(const AVFrame *frame, const char *name, double otherwise)
{
	const AVDictionaryEntry *entry = av_dict_get(frame->metadata, name, NULL, 0);
	double value = entry != NULL ? strtod(entry->value, NULL) : otherwise;

	return isfinite(value) ? value : otherwise;
}

/* Each frame says what all before it come to. */
static int drain(struct meter *meter, struct vm_error *err)
{
	struct loudness *loudness = &meter->loudness;
	int code;

	while ((code = av_buffersink_get_frame(meter->graph.sink, meter->out)) >= 0) {
		loudness->integrated = read_number(meter->out, "lavfi.r128.I", loudness->integrated);
		loudness->range = read_number(meter->out, "lavfi.r128.LRA", loudness->range);
		loudness->true_peak = read_number(meter->out, "lavfi.r128.true_peak", loudness->true_peak);
		av_frame_unref(meter->out);
	}
	if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
		return VM_OK;
	return error_of_ours(err, code, what, meter->log);
}

int meter_push(void *ctx, const AVFrame *frame, struct vm_error *err)
{
	struct meter *meter = ctx;
	int code;

	if (meter->graph.graph == NULL && (code = open_graph(meter, frame)) < 0)
		return error_of_ours(err, code, what, meter->log);
	code = av_buffersrc_write_frame(meter->graph.source, frame);
	return code < 0 ? error_of_ours(err, code, what, meter->log) : drain(meter, err);
}

struct loudness meter_read(const struct meter *meter)
{
	struct loudness loudness = meter->loudness;

	if (meter->graph.graph == NULL)
		loudness.integrated = NOTHING_LUFS;
	loudness.true_peak = 20 * log10(loudness.true_peak + PEAK_STEP / 2);
	return loudness;
}

void meter_finish(struct meter *meter)
{
	graph_finish(&meter->graph);
	av_frame_free(&meter->out);
}
