/* form.h - the services that take a form and give XML: STS, CloudWatch. */
#ifndef AWS_FORM_H
#define AWS_FORM_H

#include "aws/client.h"
#include "aws/xml.h"

/*
 * One action; `form` has its parameters, to which Action and Version are added.
 * *out (may be NULL) becomes the caller's, to be freed by xmlFreeDoc(), only on VM_OK.
 */
int aws_form(struct aws_client *client, const char *action, const char *version, const char *what,
             struct aws_query *form, xmlDoc **out, const struct vm_call *call,
             struct vm_error *err);

#define AWS_ACCOUNT_MAX 32

/* The account whose keys sign, of twelve digits. */
int aws_account(const struct aws_config *config, const struct vm_host *host,
                char account[AWS_ACCOUNT_MAX], const struct vm_call *call, struct vm_error *err);

/* "aws", "aws-cn" or "aws-us-gov": how the ARNs of a region begin. */
const char *aws_partition(const char *region);

#endif
