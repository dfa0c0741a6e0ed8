/* endpoint.h - where a service of a region is to be found. */
#ifndef AWS_ENDPOINT_H
#define AWS_ENDPOINT_H

#include <vidmill/status.h>

#define AWS_ENDPOINT_MAX 512
#define AWS_REGION_MAX 64

/*
 * "https://sqs.eu-west-1.amazonaws.com" into endpoint[AWS_ENDPOINT_MAX], or
 * `given` when it is not NULL: another service that speaks the same. Without the
 * slash at its end. VM_ERR_CONFIG when `given` is no http or https address, or
 * has a path, a query or a user in it.
 */
int aws_endpoint_write(const char *service, const char *region, const char *given, char *endpoint,
                       struct vm_error *err);

/*
 * The region into region[AWS_REGION_MAX]: `given`, AWS_REGION,
 * AWS_DEFAULT_REGION, the profile's. VM_ERR_CONFIG when there is none.
 */
int aws_region_find(const char *given, const char *profile, char *region, struct vm_error *err);

#endif
