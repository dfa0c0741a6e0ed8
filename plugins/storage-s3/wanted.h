/* wanted.h - one setting of the bucket as vidmill wants it. */
#ifndef STORAGE_S3_WANTED_H
#define STORAGE_S3_WANTED_H

#include "s3.h"

struct s3_wanted {
	const char *name; /* "cors": the parameter of the request */
	const char *what; /* "requests of browsers" */
	/* Its entries have names, and those of others are not vidmill's to change. */
	bool shared;
	struct kit_buffer text; /* "": not wanted */
};

int s3_want_private(struct s3_wanted *wanted, struct vm_error *err);
int s3_want_encryption(const struct s3_config *config, struct s3_wanted *wanted,
                       struct vm_error *err);
/* `sources`: the bucket keeps uploads. */
int s3_want_lifecycle(const struct s3_config *config, struct s3_wanted *wanted, bool sources,
                      struct vm_error *err);
int s3_want_cors(const struct s3_config *config, struct s3_wanted *wanted, struct vm_error *err);
int s3_want_notification(struct s3 *s3, struct s3_wanted *wanted, const struct vm_call *call,
                         struct vm_error *err);

#endif
