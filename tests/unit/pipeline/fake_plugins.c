/* fake_plugins.c - plugins that exist as tables only, so that files can be read without any .so. */
#include "fake_plugins.h"

#include <string.h>

static const struct vm_option storage_options[] = {
    {.name = "root",
     VM_STRING(struct fake_storage_config, root),
     .fallback = "objects",
     .doc = "Where they lie."},
    {.name = "part_size",
     VM_SIZE(struct fake_storage_config, part_size),
     .fallback = "8MiB",
     .min = 5 << 20,
     .max = INT64_C(5) << 30,
     .doc = "Bytes in one part."},
    {.name = NULL},
};

static const struct vm_option meta_options[] = {
    {.name = "uri",
     VM_STRING(struct fake_meta_config, uri),
     .flags = VM_SECRET,
     .doc = "Where the documents are."},
    {.name = NULL},
};

static const struct vm_option rendition_options[] = {
    {.name = "name",
     VM_STRING(struct fake_rendition, name),
     .flags = VM_REQUIRED | VM_UNIQUE,
     .doc = "Names it."},
    {.name = "height",
     VM_INT(struct fake_rendition, height),
     .min = 16,
     .max = 8192,
     .doc = "Lines."},
    {.name = NULL},
};

static const char *const outputs[] = {"hls", "dash", "mp4", NULL};

static const struct vm_option codec_options[] = {
    {.name = "video",
     VM_GROUPS(struct fake_codec_config, video, rendition_options, struct fake_rendition),
     .doc = "Ladder."},
    {.name = "output",
     VM_STRINGS(struct fake_codec_config, output),
     .choices = outputs,
     .doc = "Forms."},
    {.name = NULL},
};

static int check_storage(const void *config, struct vm_error *err)
{
	const struct fake_storage_config *storage = config;

	if (storage->root[0] == '\0')
		return vm_fail(err, VM_ERR_CONFIG, "root is empty");
	return VM_OK;
}

static int check_nothing(const void *config, struct vm_error *err)
{
	(void)config;
	return vm_fail(err, VM_ERR_CONFIG, "nothing is right");
}

static struct plugin fakes[] = {
    {.entry = {.name = "storage-fake",
               .kind = VM_KIND_STORAGE,
               .options = storage_options,
               .config_size = sizeof(struct fake_storage_config),
               .check = check_storage}},
    {.entry = {.name = "queue-fake", .kind = VM_KIND_QUEUE}},
    {.entry = {.name = "queue-unhappy", .kind = VM_KIND_QUEUE, .check = check_nothing}},
    {.entry = {.name = "compute-fake", .kind = VM_KIND_COMPUTE}},
    {.entry = {.name = "meta-fake",
               .kind = VM_KIND_META,
               .options = meta_options,
               .config_size = sizeof(struct fake_meta_config)}},
    {.entry = {.name = "codec-fake",
               .kind = VM_KIND_CODEC,
               .options = codec_options,
               .config_size = sizeof(struct fake_codec_config)}},
};

/* These two stand in for those of core/plugin/find.c, which is then not linked. */
int plugins_find(struct plugins *plugins, const char *name, struct plugin **out,
                 struct vm_error *err)
{
	(void)plugins;
	for (size_t i = 0; i < sizeof fakes / sizeof fakes[0]; i++) {
		if (strcmp(fakes[i].entry.name, name) == 0) {
			*out = &fakes[i];
			return VM_OK;
		}
	}
	return vm_fail(err, VM_ERR_CONFIG, "no plugin \"%s\"", name);
}

int plugins_load(const struct plugin *plugin, struct vm_error *err)
{
	(void)plugin;
	(void)err;
	return VM_OK;
}
