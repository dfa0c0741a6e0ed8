/* folder.h - folders of our own: private, and durable before anything is put into them. */
#ifndef KIT_FOLDER_H
#define KIT_FOLDER_H

#include <stdbool.h>

/*
 * All return -1 with errno when they fail. Folders are made with mode 0700 and
 * their names are durable on return, even when another process made them only a
 * moment ago. [any thread, any process]
 */

/*
 * A descriptor (for reading, close-on-exec) of the folder `name` in the folder
 * `parent`; with `make` it is made when it is missing. A symbolic link is ENOTDIR.
 */
int kit_folder_enter(int parent, const char *name, bool make);

/* The same of an absolute path, made with all that is missing above it; links are followed. */
int kit_folder_open(const char *path);

#endif
