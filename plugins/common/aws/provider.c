/* provider.c - what the providers share. */
#include "aws/provider.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *aws_environment(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool set(char *field, size_t size, const char *text)
{
	size_t length = strlen(text);

	if (length >= size || strpbrk(text, "\r\n") != NULL)
		return false;
	memcpy(field, text, length + 1);
	return true;
}

int aws_keys_set(struct aws_keys *keys, const char *id, const char *secret, const char *token,
                 struct vm_error *err)
{
	if (set(keys->id, sizeof keys->id, id) && set(keys->secret, sizeof keys->secret, secret) &&
	    set(keys->token, sizeof keys->token, token != NULL ? token : ""))
		return VM_OK;
	aws_keys_wipe(keys);
	return vm_fail(err, VM_ERR_CONFIG, "keys that are too long, or have a line break in them");
}

int64_t aws_time_read(const char *text)
{
	struct tm parts = {0};
	int end = 0;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
	           &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &end) != 6)
		return 0;
	if (text[end] == '.')
		end += 1 + (int)strspn(text + end + 1, "0123456789");
	if (strcmp(text + end, "Z") != 0 && strcmp(text + end, "+00:00") != 0)
		return 0;
	parts.tm_year -= 1900;
	parts.tm_mon -= 1;
	return (int64_t)timegm(&parts) * 1000;
}

int aws_keys_read_json(const struct kit_buffer *body, const char *where, struct aws_keys *out,
                       struct vm_error *err)
{
	json_t *root = json_loadb(body->bytes != NULL ? body->bytes : "", body->length, 0, NULL);
	const char *id = json_string_value(json_object_get(root, "AccessKeyId"));
	const char *secret = json_string_value(json_object_get(root, "SecretAccessKey"));
	const char *token = json_string_value(json_object_get(root, "Token"));
	const char *expires = json_string_value(json_object_get(root, "Expiration"));
	int status;

	if (id == NULL || secret == NULL)
		status = vm_fail(err, VM_ERR_UNAVAILABLE, "%s: an answer without keys", where);
	else
		status = aws_keys_set(out, id, secret, token, err);
	if (status == VM_OK)
		out->expires_ms = expires != NULL ? aws_time_read(expires) : 0;
	json_decref(root);
	return status;
}

int aws_file_read_line(const char *path, char *text, size_t size, struct vm_error *err)
{
	FILE *file = fopen(path, "re");
	bool read, over;

	if (file == NULL)
		return vm_fail(err, VM_ERR_CONFIG, "%s: %s", path, strerror(errno));
	setvbuf(file, NULL, _IONBF, 0);
	read = fgets(text, (int)size, file) != NULL;
	over = fgetc(file) == EOF;
	fclose(file);
	if (read && over && strlen(text) < size - 1) {
		text[strcspn(text, "\n")] = '\0';
		if (text[0] != '\0' && text[strlen(text) - 1] == '\r')
			text[strlen(text) - 1] = '\0';
		if (text[0] != '\0' && strchr(text, '\r') == NULL)
			return VM_OK;
	}
	OPENSSL_cleanse(text, size);
	return vm_fail(err, VM_ERR_CONFIG, "%s: not one line of 1 to %zu bytes", path, size - 2);
}
