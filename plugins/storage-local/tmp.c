/* tmp.c - what lies in tmp/ and will not be needed any more. */
#include "tmp.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "names.h"

enum { ABANDONED_S = 24 * 60 * 60 };

static void empty_folder(int folder)
{
	struct names names = {0};

	names_read(folder, ".", "", &names);
	for (size_t i = 0; i < names.count; i++)
		unlinkat(folder, names.items[i], 0);
	names_finish(&names);
}

int tmp_remove(int tmp, const char *name)
{
	int folder;

	if (unlinkat(tmp, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR)
		return errno;
	folder = openat(tmp, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return errno == ENOENT ? 0 : errno;
	empty_folder(folder);
	close(folder);
	return unlinkat(tmp, name, AT_REMOVEDIR) == 0 || errno == ENOENT ? 0 : errno;
}

void tmp_sweep(int tmp, time_t now)
{
	struct names names = {0};
	struct stat file;

	names_read(tmp, ".", "", &names);
	for (size_t i = 0; i < names.count; i++) {
		/* The change time, for a draft may be a link to a part that came long ago. */
		if (fstatat(tmp, names.items[i], &file, AT_SYMLINK_NOFOLLOW) == 0 &&
		    now - file.st_ctim.tv_sec > ABANDONED_S)
			tmp_remove(tmp, names.items[i]);
	}
	names_finish(&names);
}
