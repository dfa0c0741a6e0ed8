/* client_upload.c - sends a file by the requests that the server gave, in parallel. */
#include "cli/client_upload.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/client_internal.h"
#include "support/clock.h"
#include "support/retry.h"

enum {
	AT_ONCE = 4,
	TRIES = 6,
	BACKOFF_MS = 500,
	BACKOFF_MAX_MS = 10000,
	POLL_MS = 200,
	SILENCE_S = 60,
	ANSWER_BYTES_MAX = 64 << 10
};

/* One request: waiting (easy NULL, from due_ms on), running, or done. */
struct transfer {
	const struct client_upload *upload;
	const json_t *request;
	uint64_t offset, bytes;
	uint64_t at; /* of `bytes`, handed to the library */
	CURL *easy;
	struct curl_slist *headers;
	struct buffer answer;
	unsigned tries;
	int64_t due_ms;
	bool done, short_read;
	long http_status;
};

struct transfers {
	CURLM *multi;
	struct transfer *items;
	size_t count, running, done;
};

static size_t read_file(char *buffer, size_t size, size_t count, void *ctx)
{
	struct transfer *transfer = ctx;
	uint64_t left = transfer->bytes - transfer->at;
	size_t wanted = size * count < left ? size * count : (size_t)left;
	ssize_t got;

	if (wanted == 0)
		return 0;
	got = pread(transfer->upload->fd, buffer, wanted, (off_t)(transfer->offset + transfer->at));
	if (got <= 0) {
		transfer->short_read = true;
		return CURL_READFUNC_ABORT;
	}
	transfer->at += (uint64_t)got;
	return (size_t)got;
}

/* The library goes back when it sends a request again on a connection that was closed meanwhile. */
static int seek_file(void *ctx, curl_off_t offset, int origin)
{
	struct transfer *transfer = ctx;

	if (origin != SEEK_SET || offset < 0 || (uint64_t)offset > transfer->bytes)
		return CURL_SEEKFUNC_FAIL;
	transfer->at = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}

static struct curl_slist *request_headers(const json_t *request)
{
	/* without a type of its own the library would not say one, and must not invent one */
	struct curl_slist *headers = client_add_header(NULL, "Accept: application/json");
	const char *name;
	json_t *value, *object = json_object_get(request, "headers");

	json_object_foreach(object, name, value)
	{
		char line[2048];

		snprintf(line, sizeof line, "%s: %s", name, json_string_value(value));
		if (headers != NULL)
			headers = client_add_header(headers, line);
	}
	return headers;
}

static void stop(struct transfers *transfers, struct transfer *transfer)
{
	if (transfer->easy == NULL)
		return;
	curl_multi_remove_handle(transfers->multi, transfer->easy);
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	transfer->easy = NULL;
	transfer->headers = NULL;
	transfers->running--;
}

static int start(struct transfers *transfers, struct transfer *transfer, struct vm_error *err)
{
	const char *method = json_string_value(json_object_get(transfer->request, "method"));
	CURL *easy = curl_easy_init();

	transfer->headers = request_headers(transfer->request);
	if (easy == NULL || transfer->headers == NULL) {
		curl_easy_cleanup(easy);
		return vm_fail_memory(err);
	}
	transfer->easy = easy;
	transfer->at = 0;
	transfer->tries++;
	buffer_clear(&transfer->answer);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "vidmill/" VIDMILL_VERSION);
	curl_easy_setopt(easy, CURLOPT_URL,
	                 json_string_value(json_object_get(transfer->request, "url")));
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
	curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)transfer->bytes);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_file);
	curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, seek_file);
	curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, client_collect);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer->answer);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)SILENCE_S);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_multi_add_handle(transfers->multi, easy);
	transfers->running++;
	return VM_OK;
}

static int start_what_is_due(struct transfers *transfers, struct vm_error *err)
{
	int64_t now_ms = clock_monotonic_ms();
	int status = VM_OK;

	for (size_t i = 0; i < transfers->count && status == VM_OK; i++) {
		struct transfer *transfer = &transfers->items[i];

		if (transfers->running == AT_ONCE)
			break;
		if (!transfer->done && transfer->easy == NULL && transfer->due_ms <= now_ms)
			status = start(transfers, transfer, err);
	}
	return status;
}

static bool may_pass(CURLcode code, long http_status)
{
	if (code != CURLE_OK)
		return code != CURLE_ABORTED_BY_CALLBACK && code != CURLE_URL_MALFORMAT &&
		       code != CURLE_UNSUPPORTED_PROTOCOL && code != CURLE_PEER_FAILED_VERIFICATION;
	return http_status == 408 || http_status == 429 || http_status >= 500;
}

/* What a request's end means: done, again later, or the end of it all. */
static int finish(struct transfer *transfer, CURLcode code, struct vm_error *err)
{
	long http_status = transfer->http_status;

	if (transfer->short_read)
		return vm_fail(err, VM_ERR_BAD_DATA, "%s: it became shorter while it was sent",
		               transfer->upload->path);
	if (code == CURLE_OK && http_status >= 200 && http_status <= 299) {
		transfer->done = true;
		return VM_OK;
	}
	if (may_pass(code, http_status) && transfer->tries < TRIES) {
		transfer->due_ms = clock_monotonic_ms() + (int64_t)retry_backoff_ms(transfer->tries - 1,
		                                                                    BACKOFF_MS,
		                                                                    BACKOFF_MAX_MS);
		return VM_OK;
	}
	if (code == CURLE_OK)
		return client_problem(http_status, transfer->answer.bytes, err);
	return vm_fail(err, VM_ERR_UNAVAILABLE, "sending %s: %s", transfer->upload->path,
	               curl_easy_strerror(code));
}

static int collect_ended(struct transfers *transfers, struct vm_error *err)
{
	CURLMsg *message;
	int left;
	int status = VM_OK;

	while (status == VM_OK && (message = curl_multi_info_read(transfers->multi, &left)) != NULL) {
		struct transfer *transfer;
		CURLcode code = message->data.result;

		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
		curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &transfer->http_status);
		stop(transfers, transfer);
		status = finish(transfer, code, err);
		transfers->done += transfer->done;
	}
	return status;
}

static void tell_sent(const struct client_upload *upload, const struct transfers *transfers)
{
	uint64_t sent = 0;

	for (size_t i = 0; i < transfers->count; i++)
		sent += transfers->items[i].at;
	if (upload->sent != NULL)
		upload->sent(upload->ctx, sent);
}

static int run(const struct client_upload *upload, struct transfers *transfers,
               struct vm_error *err)
{
	int running;
	int status = VM_OK;

	while (status == VM_OK && transfers->done < transfers->count) {
		if ((status = start_what_is_due(transfers, err)) != VM_OK)
			break;
		curl_multi_perform(transfers->multi, &running);
		status = collect_ended(transfers, err);
		tell_sent(upload, transfers);
		if (status == VM_OK && transfers->done < transfers->count)
			curl_multi_poll(transfers->multi, NULL, 0, POLL_MS, NULL);
	}
	return status;
}

static int prepare(const struct client_upload *upload, struct transfers *transfers,
                   struct vm_error *err)
{
	transfers->count = json_array_size(upload->requests);
	transfers->items = calloc(transfers->count + 1, sizeof *transfers->items);
	transfers->multi = curl_multi_init();
	if (transfers->items == NULL || transfers->multi == NULL)
		return vm_fail_memory(err);
	for (size_t i = 0; i < transfers->count; i++) {
		struct transfer *transfer = &transfers->items[i];
		bool is_part;

		transfer->upload = upload;
		transfer->request = json_array_get(upload->requests, i);
		is_part = json_object_get(transfer->request, "part") != NULL;
		transfer->offset = (uint64_t)json_integer_value(
		    json_object_get(transfer->request, "offset"));
		transfer->bytes = is_part ? (uint64_t)json_integer_value(
		                                json_object_get(transfer->request, "bytes"))
		                          : upload->bytes;
		buffer_init(&transfer->answer, ANSWER_BYTES_MAX);
	}
	return VM_OK;
}

int client_upload_send(const struct client_upload *upload, bool *created, struct vm_error *err)
{
	struct transfers transfers = {0};
	int status = prepare(upload, &transfers, err);

	if (status == VM_OK)
		status = run(upload, &transfers, err);
	*created = status == VM_OK && transfers.count == 1 && transfers.items[0].http_status == 201;
	for (size_t i = 0; transfers.items != NULL && i < transfers.count; i++) {
		stop(&transfers, &transfers.items[i]);
		buffer_finish(&transfers.items[i].answer);
	}
	curl_multi_cleanup(transfers.multi);
	free(transfers.items);
	return status;
}
