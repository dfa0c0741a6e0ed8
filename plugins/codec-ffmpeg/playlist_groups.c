/* playlist_groups.c - the choices of a master playlist: what its variants name must be there. */
#include "playlist_groups.h"

#include <string.h>

static bool begins(const char *line, size_t length, const char *with)
{
	size_t wanted = strlen(with);

	return length >= wanted && memcmp(line, with, wanted) == 0;
}

/* The end of an attribute's value: a comma, but none between quotes. */
static const char *value_end(const char *value, const char *end)
{
	bool quoted = false;

	for (; value < end && (quoted || *value != ','); value++)
		quoted = quoted != (*value == '"');
	return value;
}

/* An attribute of the list, without its quotes; "" when it is not there. */
static void read_attribute(const char *list, const char *end, const char *name,
                           char out[GROUPS_TEXT_MAX])
{
	out[0] = '\0';
	while (list < end) {
		const char *equals = memchr(list, '=', (size_t)(end - list));
		const char *value = equals != NULL ? equals + 1 : end, *stop = value_end(value, end);

		if (equals != NULL && (size_t)(equals - list) == strlen(name) &&
		    memcmp(list, name, strlen(name)) == 0) {
			size_t length = (size_t)(stop - value);

			if (length >= 2 && value[0] == '"' && value[length - 1] == '"') {
				value++;
				length -= 2;
			}
			if (length >= GROUPS_TEXT_MAX)
				length = GROUPS_TEXT_MAX - 1;
			memcpy(out, value, length);
			out[length] = '\0';
			return;
		}
		list = stop + 1;
	}
}

static bool same_group(const struct playlist_media *one, const struct playlist_media *other)
{
	return strcmp(one->type, other->type) == 0 && strcmp(one->group, other->group) == 0;
}

static int add_media(struct playlist_groups *groups, const char *list, const char *end,
                     struct vm_error *err)
{
	struct playlist_media *media = &groups->media[groups->count];
	char is_default[GROUPS_TEXT_MAX];

	if (groups->count == GROUPS_MEDIA_MAX)
		return vm_fail(err, VM_ERR_BAD_DATA, "playlist: more than %d choices", GROUPS_MEDIA_MAX);
	read_attribute(list, end, "TYPE", media->type);
	read_attribute(list, end, "GROUP-ID", media->group);
	read_attribute(list, end, "NAME", media->name);
	read_attribute(list, end, "DEFAULT", is_default);
	media->is_default = strcmp(is_default, "YES") == 0;
	if (media->type[0] == '\0' || media->group[0] == '\0' || media->name[0] == '\0')
		return vm_fail(err, VM_ERR_BAD_DATA, "playlist: a choice without type, group or name");
	for (size_t i = 0; i < groups->count; i++) {
		const struct playlist_media *other = &groups->media[i];

		if (same_group(media, other) && strcmp(media->name, other->name) == 0)
			return vm_fail(err, VM_ERR_BAD_DATA, "playlist: \"%s\" twice in \"%s\"", media->name,
			               media->group);
		if (same_group(media, other) && media->is_default && other->is_default)
			return vm_fail(err, VM_ERR_BAD_DATA, "playlist: two defaults in \"%s\"", media->group);
	}
	groups->count++;
	return VM_OK;
}

static int check_variant(const struct playlist_groups *groups, const char *list, const char *end,
                         struct vm_error *err)
{
	static const char *const kinds[] = {"AUDIO", "SUBTITLES", "CLOSED-CAPTIONS"};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char group[GROUPS_TEXT_MAX];
		bool found = false;

		read_attribute(list, end, kinds[i], group);
		for (size_t j = 0; j < groups->count; j++)
			found = found || (strcmp(groups->media[j].type, kinds[i]) == 0 &&
			                  strcmp(groups->media[j].group, group) == 0);
		if (group[0] != '\0' && strcmp(group, "NONE") != 0 && !found)
			return vm_fail(err, VM_ERR_BAD_DATA, "playlist: no group \"%s\" for %s", group,
			               kinds[i]);
	}
	return VM_OK;
}

int playlist_groups_line(struct playlist_groups *groups, const char *line, size_t length,
                         struct vm_error *err)
{
	static const char media[] = "#EXT-X-MEDIA:", variant[] = "#EXT-X-STREAM-INF:";

	if (begins(line, length, media))
		return add_media(groups, line + sizeof media - 1, line + length, err);
	if (begins(line, length, variant))
		return check_variant(groups, line + sizeof variant - 1, line + length, err);
	return VM_OK;
}
