/* profile.c - one value of the shared files, read line by line. */
#include "aws/profile.h"

#include <ctype.h>
#include <errno.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/provider.h"

static char *trimmed(char *text)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	length = strlen(text);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	return text;
}

/* "[default]", "[name]", and in the config file "[profile name]". */
static bool names_profile(char *line, const char *profile)
{
	static const char prefix[] = "profile";
	char *end = strchr(line, ']'), *name;

	if (end == NULL)
		return false;
	*end = '\0';
	name = trimmed(line + 1);
	if (strncmp(name, prefix, strlen(prefix)) == 0 && isspace((unsigned char)name[strlen(prefix)]))
		name = trimmed(name + strlen(prefix));
	return strcmp(name, profile) == 0;
}

/* The value in this line of "key = value"; NULL when it is another key's. */
static const char *value_in(char *line, const char *key)
{
	char *equals = strchr(line, '=');

	/* An indented line belongs to a nested setting. */
	if (equals == NULL || line[0] == '#' || line[0] == ';' || isspace((unsigned char)line[0]))
		return NULL;
	*equals = '\0';
	return strcmp(trimmed(line), key) == 0 ? trimmed(equals + 1) : NULL;
}

static int find_in(FILE *file, const char *path, const char *profile, const char *key, char *value,
                   size_t size, struct vm_error *err)
{
	char *line = NULL;
	const char *found = NULL;
	size_t capacity = 0;
	bool inside = false;
	int status = VM_ERR_NOT_FOUND;

	while (found == NULL && getline(&line, &capacity, file) >= 0) {
		if (line[0] == '[')
			inside = names_profile(line, profile);
		else if (inside)
			found = value_in(line, key);
	}
	if (found != NULL && strlen(found) < size) {
		memcpy(value, found, strlen(found) + 1);
		status = VM_OK;
	} else if (found != NULL) {
		status = vm_fail(err, VM_ERR_CONFIG, "%s: profile %s: %s is too long", path, profile, key);
	}
	if (line != NULL)
		OPENSSL_cleanse(line, capacity);
	free(line);
	return status;
}

static int look_in(const char *variable, const char *name, const char *profile, const char *key,
                   char *value, size_t size, struct vm_error *err)
{
	const char *given = aws_environment(variable), *home = aws_environment("HOME");
	char path[4096];
	FILE *file;
	int status;

	if (given == NULL && home == NULL)
		return VM_ERR_NOT_FOUND;
	if (given != NULL)
		snprintf(path, sizeof path, "%s", given);
	else
		snprintf(path, sizeof path, "%s/.aws/%s", home, name);
	file = fopen(path, "re");
	if (file == NULL && errno != ENOENT && errno != ENOTDIR)
		return vm_fail(err, VM_ERR_CONFIG, "%s: %s", path, strerror(errno));
	if (file == NULL)
		return VM_ERR_NOT_FOUND;
	/* No copy of a secret stays behind in a buffer of the library's. */
	setvbuf(file, NULL, _IONBF, 0);
	status = find_in(file, path, profile, key, value, size, err);
	fclose(file);
	return status;
}

int aws_profile_get(const char *profile, const char *key, char *value, size_t size,
                    struct vm_error *err)
{
	int status;

	if (profile == NULL)
		profile = aws_environment("AWS_PROFILE");
	if (profile == NULL)
		profile = "default";
	status = look_in("AWS_SHARED_CREDENTIALS_FILE", "credentials", profile, key, value, size, err);
	if (status == VM_ERR_NOT_FOUND)
		status = look_in("AWS_CONFIG_FILE", "config", profile, key, value, size, err);
	if (status == VM_ERR_NOT_FOUND)
		return vm_fail(err, status, "profile %s has no %s", profile, key);
	return status;
}
