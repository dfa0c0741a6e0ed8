/* profile.h - the files ~/.aws/credentials and ~/.aws/config. */
#ifndef AWS_PROFILE_H
#define AWS_PROFILE_H

#include <stddef.h>

#include <vidmill/status.h>

#define AWS_PROFILE_VALUE_MAX 8193

/*
 * The value of `key` in the profile (NULL: AWS_PROFILE, or "default"), from the
 * first file that has it: AWS_SHARED_CREDENTIALS_FILE, then AWS_CONFIG_FILE, or
 * their places in the home folder. VM_ERR_NOT_FOUND when neither has it. It may
 * be a secret: wipe it. (AWS SDKs and Tools Reference Guide, "Shared config and
 * credentials files")
 */
int aws_profile_get(const char *profile, const char *key, char *value, size_t size,
                    struct vm_error *err);

#endif
