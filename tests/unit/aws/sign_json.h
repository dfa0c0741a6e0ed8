/* sign_json.h - one request as JSON, signed: for stored vectors, and for the oracle beside us. */
#ifndef TESTS_UNIT_AWS_SIGN_JSON_H
#define TESTS_UNIT_AWS_SIGN_JSON_H

#include <jansson.h>

/*
 * `request` is an object with
 *
 *	id secret token region service now    whose keys sign, and when (token may be "")
 *	method path query headers body        path encoded; query and headers: [[name, value], …]
 *	s3                                    true: S3's manners, false: those of the others
 *	expires                               seconds: in the query; 0: in the headers
 *	token_after                           true: the token is not covered
 *
 * The answer is an object with "authorization", "canonical" and "to_sign", or with
 * "query". NULL when the request is refused or is not such an object.
 */
json_t *sign_json(const json_t *request);

#endif
