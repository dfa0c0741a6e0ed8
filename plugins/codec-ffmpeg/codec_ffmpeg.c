/* codec_ffmpeg.c - transcodes videos through FFmpeg's libraries: instance and descriptor. */
#include <stdlib.h>

#include <jansson.h>

#include <vidmill/plugin.h>

#include "codec.h"
#include "probe.h"
#include "transcode.h"
#include "verify.h"

static int codec_load(struct vm_error *err)
{
	(void)err;
	/* It reads the system's random numbers once, which a sandbox may not allow later. */
	json_object_seed(0);
	/* SVT-AV1 tells of all that it does on the process' error output, unless it finds this. */
	setenv("SVT_LOG", "0", 0);
	log_install();
	return VM_OK;
}

static void codec_destroy(void *self)
{
	struct codec *codec = self;

	if (codec == NULL)
		return;
	witness_place_finish(&codec->witness);
	image_finish(&codec->mark);
	free(codec);
}

/* Later there are no files. */
static int codec_create(const struct vm_host *host, const void *config, void **self,
                        struct vm_error *err)
{
	struct codec *codec = calloc(1, sizeof *codec);

	if (codec == NULL)
		return vm_fail_memory(err);
	codec->host = host;
	codec->config = config;
	witness_place_init(&codec->witness);
	if (codec->config->watermark.count > 0) {
		const struct watermark_option *mark = codec->config->watermark.items;
		int status = image_read(&codec->mark, mark->image, err);

		if (status != VM_OK) {
			codec_destroy(codec);
			return status;
		}
	}
	*self = codec;
	return VM_OK;
}

static const struct vm_codec_ops ops = {
    .size = sizeof ops,
    .probe = probe_source,
    .run = transcode_run,
    .verify = verify_output,
};

const struct vm_plugin vm_plugin_entry = {
    VM_PLUGIN(VM_KIND_CODEC),
    .name = "codec-ffmpeg",
    .version = "0.1.0",
    .summary = "Makes renditions for HLS, DASH and MP4 through FFmpeg's libraries.",
    .threads = VM_THREADS_PARALLEL,
    .options = config_options,
    .config_size = sizeof(struct config),
    .ops.codec = &ops,
    .load = codec_load,
    .check = config_check,
    .create = codec_create,
    .destroy = codec_destroy,
};
