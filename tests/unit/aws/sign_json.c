/* sign_json.c - one request as JSON, signed. */
#include "sign_json.h"

#include <string.h>

#include "aws/provider.h"
#include "aws/sign.h"

struct job {
	struct aws_keys keys;
	struct aws_signer signer;
	struct aws_signed what;
	struct aws_query query;
	struct http_headers headers;
	char hash[AWS_HASH_MAX];
	uint64_t expires_s;
};

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static bool add_pairs(struct job *job, const json_t *pairs, bool headers)
{
	size_t index;
	const json_t *pair;

	json_array_foreach(pairs, index, pair)
	{
		const char *name = json_string_value(json_array_get(pair, 0));
		const char *value = json_string_value(json_array_get(pair, 1));

		if (name == NULL || value == NULL)
			return false;
		if ((headers ? http_headers_add(&job->headers, NULL, name, "%s", value)
		             : aws_query_add(&job->query, name, value, NULL)) != VM_OK)
			return false;
	}
	return true;
}

static bool read_job(const json_t *request, struct job *job)
{
	const char *body = text_of(request, "body");
	bool s3 = json_is_true(json_object_get(request, "s3"));

	job->expires_s = (uint64_t)json_integer_value(json_object_get(request, "expires"));
	job->signer = (struct aws_signer){
	    .keys = &job->keys,
	    .region = text_of(request, "region"),
	    .service = text_of(request, "service"),
	    .now_s = json_integer_value(json_object_get(request, "now")),
	    .path_as_is = s3,
	    .token_unsigned = json_is_true(json_object_get(request, "token_after")),
	};
	job->what = (struct aws_signed){
	    .method = text_of(request, "method"),
	    .path = text_of(request, "path"),
	    .query = &job->query,
	    .headers = &job->headers,
	    .payload_hash = s3 && job->expires_s > 0 ? AWS_UNSIGNED_PAYLOAD : job->hash,
	};
	return aws_keys_set(&job->keys, text_of(request, "id"), text_of(request, "secret"),
	                    text_of(request, "token"), NULL) == VM_OK &&
	       aws_hash(body, strlen(body), job->hash, NULL) == VM_OK &&
	       add_pairs(job, json_object_get(request, "query"), false) &&
	       add_pairs(job, json_object_get(request, "headers"), true) &&
	       (!s3 || job->expires_s > 0 ||
	        http_headers_add(&job->headers, NULL, "x-amz-content-sha256", "%s", job->hash) ==
	            VM_OK);
}

static json_t *sign_in_query(struct job *job)
{
	struct kit_buffer text;
	json_t *answer = NULL;

	kit_buffer_init(&text, SIZE_MAX / 2);
	if (aws_sign_query(&job->signer, &job->what, job->expires_s, NULL) == VM_OK &&
	    aws_query_write(&job->query, &text, NULL) == VM_OK)
		answer = json_pack("{s:s}", "query", text.bytes);
	kit_buffer_finish(&text);
	return answer;
}

/* The steps are taken once more from what was signed; a token that came after is not in them. */
static json_t *sign_in_headers(struct job *job)
{
	struct kit_buffer canonical, names, to_sign;
	json_t *answer = NULL;

	kit_buffer_init(&canonical, SIZE_MAX / 2);
	kit_buffer_init(&names, SIZE_MAX / 2);
	kit_buffer_init(&to_sign, SIZE_MAX / 2);
	if (aws_sign_headers(&job->signer, &job->what, NULL) != VM_OK)
		goto fail;
	if (job->signer.token_unsigned)
		answer = json_pack("{s:s}", "authorization",
		                   http_headers_find(&job->headers, "authorization"));
	else if (aws_canonical_request(&job->signer, &job->what, &canonical, &names, NULL) == VM_OK &&
	         aws_string_to_sign(&job->signer, &canonical, &to_sign, NULL) == VM_OK)
		answer = json_pack("{s:s, s:s, s:s}", "authorization",
		                   http_headers_find(&job->headers, "authorization"), "canonical",
		                   canonical.bytes, "to_sign", to_sign.bytes);

fail:
	kit_buffer_finish(&to_sign);
	kit_buffer_finish(&names);
	kit_buffer_finish(&canonical);
	return answer;
}

json_t *sign_json(const json_t *request)
{
	struct job job = {0};
	json_t *answer = NULL;

	if (read_job(request, &job))
		answer = job.expires_s > 0 ? sign_in_query(&job) : sign_in_headers(&job);
	http_headers_finish(&job.headers);
	aws_query_finish(&job.query);
	return answer;
}
