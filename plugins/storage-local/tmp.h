/* tmp.h - what lies in tmp/ and will not be needed any more. */
#ifndef STORAGE_LOCAL_TMP_H
#define STORAGE_LOCAL_TMP_H

#include <time.h>

/* Removes a file, or a folder with the files in it. 0 or errno; what is not there is 0. */
int tmp_remove(int tmp, const char *name);

/*
 * Removes what processes that were killed left behind: all that nobody touched
 * for a day before `now`. What cannot be removed stays for another time.
 */
void tmp_sweep(int tmp, time_t now);

#endif
