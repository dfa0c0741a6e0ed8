/* read_policy.c - the sections name and policy, which are the host's own. */
#include "pipeline/reading.h"

#include <string.h>

#include "plugin/option_value.h"

#define PIXELS_MAX 65536

/* Without a name of its own a pipeline is called like its file. */
static void name_after_file(struct reading *reading)
{
	const char *path = reading->pipeline->path, *slash = strrchr(path, '/');
	const char *start = slash != NULL ? slash + 1 : path;
	char *name = read_copy(reading, start, strcspn(start, "."));

	if (name != NULL && !read_is_word(name))
		read_error(reading, NULL,
		           "the file's name does not serve as the pipeline's; write name = \"…\"");
	reading->pipeline->name = name;
}

void read_name(struct reading *reading, const config_setting_t *section)
{
	const char *name;

	if (section == NULL) {
		name_after_file(reading);
		return;
	}
	name = config_setting_get_string(section);
	if (name == NULL || !read_is_word(name))
		read_error(reading, section,
		           "name must be 1 to 32 small letters, digits and '-' in quotes");
	else
		reading->pipeline->name = read_copy(reading, name, strlen(name));
}

/* "7680x4320" */
static bool read_pixels(const char *text, uint32_t *width, uint32_t *height)
{
	const char *x = strchr(text, 'x');
	char left[16];
	int64_t w, h;

	if (x == NULL || (size_t)(x - text) >= sizeof left)
		return false;
	memcpy(left, text, (size_t)(x - text));
	left[x - text] = '\0';
	if (!option_parse_int(left, &w) || !option_parse_int(x + 1, &h) || w < 1 || w > PIXELS_MAX ||
	    h < 1 || h > PIXELS_MAX)
		return false;
	*width = (uint32_t)w;
	*height = (uint32_t)h;
	return true;
}

static void read_limits(struct reading *reading, const config_setting_t *section)
{
	struct limit_settings *limits = &reading->pipeline->policy.limits;
	struct vm_limits *codec = &reading->pipeline->policy.codec_limits;

	read_options(reading, section, "policy.limits", limit_options, NULL, limits);
	*codec = (struct vm_limits){
	    .size = sizeof *codec,
	    .streams = (uint32_t)limits->streams,
	    .duration_ms = limits->duration_ms,
	    .frames = (uint64_t)limits->frames,
	    .output_bytes = limits->output_bytes,
	};
	if (limits->pixels != NULL && !read_pixels(limits->pixels, &codec->width, &codec->height))
		read_error(reading, read_find(section, "pixels"),
		           "policy.limits: pixels is \"%s\"; it must be a width and a height such as "
		           "\"7680x4320\"",
		           limits->pixels);
}

void read_policy(struct reading *reading, const config_setting_t *section)
{
	static const char *const reserved[] = {"limits", NULL};
	struct policy *policy = &reading->pipeline->policy;
	size_t errors = reading->found.errors;

	read_options(reading, section, "policy", policy_options, reserved, policy);
	if (reading->found.errors == errors && policy->backoff_max_ms < policy->backoff_ms)
		read_error(reading, section, "policy: backoff_max must be at least as long as backoff");
	read_limits(reading, read_find(section, "limits"));
}
