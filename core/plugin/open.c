/* open.c - from a path to a descriptor: what kind of file it is, dlopen, the one symbol. */
#include "plugin/open.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/handshake.h"

/* A file that dlopen could only call "invalid", or that anybody may have written. */
static int check_file(const char *path, struct vm_error *err)
{
	char magic[SELFMAG] = {0};
	struct stat info;
	int status = VM_OK;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &info) != 0) {
		status = vm_fail(err, VM_ERR_CONFIG, "%s: %s", path, strerror(errno));
		if (err != NULL)
			err->native = errno;
	} else if (!S_ISREG(info.st_mode)) {
		status = vm_fail(err, VM_ERR_CONFIG, "%s: not a file", path);
	} else if (info.st_mode & S_IWOTH) {
		status = vm_fail(err, VM_ERR_CONFIG,
		                 "%s: everybody may write to it, so it is not loaded; chmod o-w it", path);
	} else if (read(fd, magic, SELFMAG) != SELFMAG || memcmp(magic, ELFMAG, SELFMAG) != 0) {
		status = vm_fail(err, VM_ERR_CONFIG, "%s: not a shared object (no ELF file)", path);
	}
	if (fd >= 0)
		close(fd);
	return status;
}

static int open_object(const char *path, void **handle, struct vm_error *err)
{
	const char *reason;
	size_t length = strlen(path);

	*handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (*handle != NULL)
		return VM_OK;
	reason = dlerror();
	if (strncmp(reason, path, length) == 0 && strncmp(reason + length, ": ", 2) == 0)
		reason += length + 2;
	return vm_fail(err, VM_ERR_CONFIG,
	               "%s: cannot be loaded: %s; most often a missing library: ldd %s shows which",
	               path, reason, path);
}

/* How many bytes the file says lie behind its symbol; 0 when it does not say. */
static size_t symbol_bytes(const void *symbol)
{
	ElfW(Sym) *entry = NULL;
	Dl_info info;

	if (dladdr1(symbol, &info, (void **)&entry, RTLD_DL_SYMENT) == 0 || entry == NULL)
		return 0;
	return entry->st_size;
}

int plugin_open(const char *path, struct plugin **out, struct vm_error *err)
{
	struct plugin *plugin = NULL;
	const void *symbol;
	void *handle = NULL;
	int status = check_file(path, err);

	if (status != VM_OK || (status = open_object(path, &handle, err)) != VM_OK)
		return status;
	symbol = dlsym(handle, VM_PLUGIN_SYMBOL);
	if (symbol == NULL)
		return vm_fail(err, VM_ERR_CONFIG,
		               "%s: exports no " VM_PLUGIN_SYMBOL ": no plugin of vidmill", path);

	plugin = calloc(1, sizeof *plugin);
	if (plugin == NULL || (plugin->path = strdup(path)) == NULL ||
	    (plugin->life = calloc(1, sizeof *plugin->life)) == NULL) {
		status = vm_fail_memory(err);
		goto fail;
	}
	gate_init(&plugin->life->gate);
	status = handshake_read(symbol, symbol_bytes(symbol), plugin, err);
	if (status != VM_OK)
		goto fail;
	*out = plugin;
	return VM_OK;

fail:
	plugin_free(plugin);
	return status;
}

void plugin_free(struct plugin *plugin)
{
	if (plugin == NULL)
		return;
	if (plugin->life != NULL)
		gate_finish(&plugin->life->gate);
	free(plugin->life);
	free(plugin->path);
	free(plugin);
}
