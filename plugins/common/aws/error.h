/* error.h - what AWS answers when it refuses, as a status. */
#ifndef AWS_ERROR_H
#define AWS_ERROR_H

#include "http/http.h"

/* A refusal in the service's own words. */
struct aws_refusal {
	char code[64]; /* "NoSuchKey"; without the name space in front; may be empty */
	char message[256];
	char request[64]; /* the id by which AWS' support finds the request; may be empty */
};

/* Reads the body of an answer, XML or JSON, and its headers. Whatever is not there stays empty. */
void aws_refusal_read(const struct http_answer *answer, struct aws_refusal *out);

/* Of that to a HEAD, which has none: keys that have expired, or another region. */
bool aws_refusal_has_no_words(const char *code, const struct http_answer *answer);

/*
 * The status that stands for a refusal, filled into *err with the sentence
 * "<what>: 503 SlowDown: Please reduce your request rate (request 4442587FB7D0A2F9)".
 */
int aws_refusal_fail(const struct aws_refusal *refusal, const struct http_answer *answer,
                     const char *what, struct vm_error *err);

#endif
