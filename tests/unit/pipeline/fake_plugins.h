/* fake_plugins.h - plugins that exist as tables only, so that files can be read without any .so. */
#ifndef TESTS_UNIT_PIPELINE_FAKE_PLUGINS_H
#define TESTS_UNIT_PIPELINE_FAKE_PLUGINS_H

#include "plugin/load.h"

struct fake_storage_config {
	const char *root;
	uint64_t part_size;
};

struct fake_meta_config {
	const char *uri; /* secret */
};

struct fake_rendition {
	const char *name;
	int64_t height;
};

struct fake_codec_config {
	struct vm_groups video;
	struct vm_strings output;
};

#endif
