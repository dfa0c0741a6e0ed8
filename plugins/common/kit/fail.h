/* fail.h - a failed system call as a status and a sentence that says what to do. */
#ifndef KIT_FAIL_H
#define KIT_FAIL_H

#include <vidmill/status.h>

/*
 * As vm_fail, with the status and the end of the sentence made of errno:
 *
 *	kit_fail_errno(err, errno, root, "put %s", key)
 *	put videos/a.mp4: disk full: make room on the file system of /var/lib/vidmill/storage
 *
 * `path` is the folder or file where it happened. err->native is the errno.
 */
int kit_fail_errno(struct vm_error *err, int code, const char *path, const char *format, ...)
    VM_PRINTF(4, 5);

#endif
