/* client.c - one server by libcurl: where it is, who asks, one request and its answer. */
#include "cli/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/client_internal.h"
#include "support/json.h"
#include "video/keys.h"

#define SERVER_DEFAULT "http://127.0.0.1:8080"

enum { CONNECT_MS = 10000, ANSWER_MS = 90000, ANSWER_BYTES_MAX = 64 << 20 };

static int choose_server(const char *given, struct client *client, struct vm_error *err)
{
	const char *server = given != NULL ? given : getenv("VIDMILL_SERVER");
	size_t length;

	if (server == NULL || server[0] == '\0')
		server = SERVER_DEFAULT;
	length = strlen(server);
	while (length > 0 && server[length - 1] == '/')
		length--;
	if ((strncmp(server, "http://", 7) != 0 && strncmp(server, "https://", 8) != 0) ||
	    length >= sizeof client->server)
		return vm_fail(err, VM_ERR_CONFIG,
		               "the server \"%.200s\" is no URL: write it like " SERVER_DEFAULT, server);
	memcpy(client->server, server, length);
	return VM_OK;
}

/* It becomes a header, so it may hold nothing that ends one. */
static int set_token(struct client *client, const char *from, const char *token,
                     struct vm_error *err)
{
	size_t length = strcspn(token, "\r\n");

	if (length == 0 || strspn(token + length, "\r\n") != strlen(token + length) || length > 900)
		return vm_fail(err, VM_ERR_CONFIG, "%s: holds no token, which is one line", from);
	snprintf(client->authorization, sizeof client->authorization, "Authorization: Bearer %.*s",
	         (int)length, token);
	return VM_OK;
}

static int read_token_file(struct client *client, const char *path, struct vm_error *err)
{
	char text[1024];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
	int status;

	if (fd >= 0)
		close(fd);
	if (got < 0)
		return vm_fail(err, VM_ERR_CONFIG, "%s: %s", path, strerror(errno));
	text[got] = '\0';
	status = set_token(client, path, text, err);
	explicit_bzero(text, sizeof text);
	return status;
}

int client_create(const struct arguments *arguments, struct client **out, struct vm_error *err)
{
	const char *token_file = arguments->values[CLIENT_TOKEN_FILE];
	const char *token = getenv("VIDMILL_TOKEN");
	struct client *client = calloc(1, sizeof *client);
	int status = VM_OK;

	if (client == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (client->easy = curl_easy_init()) == NULL)
		status = vm_fail_memory(err);
	if (status == VM_OK)
		status = choose_server(arguments->values[CLIENT_SERVER], client, err);
	if (status == VM_OK && token_file != NULL)
		status = read_token_file(client, token_file, err);
	else if (status == VM_OK && token != NULL && token[0] != '\0')
		status = set_token(client, "$VIDMILL_TOKEN", token, err);
	if (status != VM_OK) {
		client_destroy(client);
		return status;
	}
	*out = client;
	return VM_OK;
}

void client_destroy(struct client *client)
{
	if (client == NULL)
		return;
	curl_easy_cleanup(client->easy);
	explicit_bzero(client->authorization, sizeof client->authorization);
	free(client);
	curl_global_cleanup();
}

struct curl_slist *client_add_header(struct curl_slist *headers, const char *line)
{
	struct curl_slist *longer = curl_slist_append(headers, line);

	if (longer == NULL)
		curl_slist_free_all(headers);
	return longer;
}

void client_prepare(struct client *client, const char *method, const char *url,
                    struct curl_slist *headers)
{
	curl_easy_reset(client->easy);
	curl_easy_setopt(client->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(client->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(client->easy, CURLOPT_USERAGENT, "vidmill/" VIDMILL_VERSION);
	curl_easy_setopt(client->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(client->easy, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(client->easy, CURLOPT_URL, url);
	curl_easy_setopt(client->easy, CURLOPT_HTTPHEADER, headers);
}

size_t client_collect(char *bytes, size_t size, size_t count, void *buffer)
{
	return buffer_append(buffer, bytes, size * count, NULL) == VM_OK ? size * count : 0;
}

int client_unreachable(const struct client *client, CURLcode code, struct vm_error *err)
{
	if (code == CURLE_COULDNT_CONNECT)
		return vm_fail(err, VM_ERR_UNAVAILABLE,
		               "no vidmill answers at %s: start one with `vidmill serve`", client->server);
	return vm_fail(err, VM_ERR_UNAVAILABLE, "no vidmill answers at %s: %s", client->server,
	               curl_easy_strerror(code));
}

int client_problem(long http_status, const char *body, struct vm_error *err)
{
	static const struct {
		long http;
		int status;
	} known[] = {{401, VM_ERR_DENIED},    {403, VM_ERR_DENIED},   {404, VM_ERR_NOT_FOUND},
	             {409, VM_ERR_CONFLICT},  {412, VM_ERR_CONFLICT}, {413, VM_ERR_LIMIT},
	             {429, VM_ERR_THROTTLED}, {503, VM_ERR_THROTTLED}};
	json_t *json = body != NULL ? json_loads(body, 0, NULL) : NULL;
	const char *detail = json_string_value(json_object_get(json, "detail"));
	int status = http_status >= 500 ? VM_ERR_UNAVAILABLE : VM_ERR_BAD_DATA;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (known[i].http == http_status)
			status = known[i].status;
	if (detail != NULL)
		vm_fail(err, status, "%s", detail);
	else
		vm_fail(err, status, "the server answers with status %ld", http_status);
	err->native = (int32_t)http_status;
	json_decref(json);
	return status;
}

/* Sends what is prepared and reads the answer. */
static int perform(struct client *client, struct buffer *answer, json_t **out, struct vm_error *err)
{
	long http_status = 0;
	CURLcode code;

	curl_easy_setopt(client->easy, CURLOPT_TIMEOUT_MS, (long)ANSWER_MS);
	curl_easy_setopt(client->easy, CURLOPT_WRITEFUNCTION, client_collect);
	curl_easy_setopt(client->easy, CURLOPT_WRITEDATA, answer);
	if ((code = curl_easy_perform(client->easy)) != CURLE_OK)
		return client_unreachable(client, code, err);
	curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &http_status);
	if (http_status < 200 || http_status > 299)
		return client_problem(http_status, answer->bytes, err);
	if (out == NULL || answer->length == 0)
		return VM_OK;
	if (json_read_object(answer->bytes, answer->length, out, err) != VM_OK)
		return vm_fail(err, VM_ERR_BAD_DATA, "what answers at %s is no vidmill", client->server);
	return VM_OK;
}

int client_ask(struct client *client, const char *method, const char *path, const json_t *body,
               json_t **out, struct vm_error *err)
{
	char *text = body != NULL ? json_write(body) : NULL;
	struct curl_slist *headers = client_add_header(NULL, "Accept: application/json");
	struct buffer url, answer;
	int status;

	if (out != NULL)
		*out = NULL;
	buffer_init(&url, 4096);
	buffer_init(&answer, ANSWER_BYTES_MAX);
	if (headers != NULL && client->authorization[0] != '\0')
		headers = client_add_header(headers, client->authorization);
	if (headers != NULL && body != NULL)
		headers = client_add_header(headers, "Content-Type: application/json");
	if (headers == NULL || (body != NULL && text == NULL))
		status = vm_fail_memory(err);
	else
		status = buffer_print(&url, err, "%s%s", client->server, path);
	if (status == VM_OK) {
		client_prepare(client, method, url.bytes, headers);
		if (text != NULL)
			curl_easy_setopt(client->easy, CURLOPT_POSTFIELDS, text);
		status = perform(client, &answer, out, err);
	}
	curl_slist_free_all(headers);
	buffer_finish(&answer);
	buffer_finish(&url);
	free(text);
	return status;
}

bool client_video_path(const char *id, const char *what, char *path, size_t size)
{
	return video_id_is_valid(id) && snprintf(path, size, "/v1/videos/%s%s", id, what) < (int)size;
}

int client_no_video(const struct command *command, const char *id)
{
	fprintf(stderr, "vidmill %s: there is no video %s\n", command->name, id);
	return EXIT_NOT_FOUND;
}

int client_fail(const struct command *command, const struct vm_error *err)
{
	fprintf(stderr, "vidmill %s: %s\n", command->name, err->message);
	if (err->status == VM_ERR_NOT_FOUND)
		return EXIT_NOT_FOUND;
	if (err->status == VM_ERR_UNAVAILABLE && err->native == 0)
		return EXIT_UNREACHABLE;
	return err->status == VM_ERR_CONFIG ? EXIT_USAGE : EXIT_FAILED;
}
