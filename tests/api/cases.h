/* cases.h - the requests by which every answer of the API is seen once. */
#ifndef TESTS_API_CASES_H
#define TESTS_API_CASES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Path, headers and body may hold {names} of what the test has made: ids of
 * videos ({waiting}, {sent} whose source is
 * stored, {queued}, {failed}, {processed}, {canceled}), {unknown} that
 * is none, dead letters ({letter} of {failed}, {late_letter} of {processed}), the
 * {etag} of an output, and upload URLs without their server ({upload} of
 * {waiting}, for 5 bytes; {queued_upload}, {canceled_upload}, {unknown_upload}).
 */
struct api_case {
	const char *operation; /* of the document */
	int status;
	const char *path;
	const char *headers; /* whole lines; NULL: none */
	const char *body;    /* NULL: none */
	const char *fault;   /* the operation of a place that fails meanwhile; NULL: none */
};

extern const struct api_case api_cases[];
extern const size_t n_api_cases;

#endif
