/* chain.c - the chain of providers, in few words. */
#include "chain.h"

#include <string.h>

struct chain chain;

VM_PRINTF(3, 4)
static void log_line(const struct vm_host *host, enum vm_log_level level, const char *format, ...)
{
	size_t length = strlen(chain.log);
	va_list arguments;

	(void)host;
	(void)level;
	va_start(arguments, format);
	vsnprintf(chain.log + length, sizeof chain.log - length, format, arguments);
	va_end(arguments);
	length = strlen(chain.log);
	snprintf(chain.log + length, sizeof chain.log - length, "\n");
}

void chain_open(void)
{
	static const struct vm_host host = {.size = sizeof host, .log = log_line};

	place_open();
	chain = (struct chain){.settings = {.region = "eu-west-1", .host = &host}};
}

static void assert_no_secret(const char *text)
{
	ck_assert_ptr_null(strstr(text, SECRET));
	ck_assert_ptr_null(strstr(text, TOKEN));
}

void chain_close(void)
{
	assert_no_secret(chain.log);
	aws_credentials_destroy(chain.credentials);
	place_close();
}

int chain_get(void)
{
	int status;

	if (chain.credentials == NULL)
		ck_assert_int_eq(aws_credentials_create(&chain.settings, &chain.credentials, NULL), VM_OK);
	chain.keys = (struct aws_keys){0};
	chain.err = (struct vm_error){0};
	status = aws_credentials_get(chain.credentials, &chain.keys, NULL, &chain.err);
	if (status != VM_OK) {
		ck_assert_int_eq(chain.err.status, status);
		ck_assert_str_ne(chain.err.message, "");
		ck_assert_str_eq(chain.keys.secret, "");
	}
	assert_no_secret(chain.err.message);
	return status;
}

char *chain_answer(const char *id, long from_now_s)
{
	char body[512], *answer;

	snprintf(body, sizeof body,
	         "{\"Code\":\"Success\",\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"" SECRET
	         "\",\"Token\":\"" TOKEN "\",\"Expiration\":\"%s\"}",
	         id, place_time(from_now_s));
	ck_assert_int_gt(
	    asprintf(&answer, "HTTP/1.1 200 OK\r\ncontent-length: %zu\r\n\r\n%s", strlen(body), body),
	    0);
	return answer;
}
