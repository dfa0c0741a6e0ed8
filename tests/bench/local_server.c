/* local_server.c - a server in local mode inside a measurement. */
#include "local_server.h"

#include <ftw.h>
#include <string.h>
#include <unistd.h>

#include "plugin/meta.h"
#include "support/call.h"
#include "support/log.h"
#include "video/video.h"

#define TASKS 8

void local_server_open(struct local_server *local, const char *folder, const char *pipeline)
{
	struct diagnostics found = {0};
	struct vm_error err;
	struct call call;

	*local = (struct local_server){0};
	log_setup(VM_LOG_ERROR, LOG_TEXT);
	snprintf(local->state_dir, sizeof local->state_dir, "%s/bench-XXXXXX", folder);
	if (mkdtemp(local->state_dir) == NULL) {
		perror(local->state_dir);
		exit(EXIT_FAILURE);
	}
	bench_expect(plugins_init(&local->plugins, NULL, &err), &err);
	pipeline_read(pipeline != NULL ? pipeline : BENCH_PIPELINE, &local->plugins, &local->pipeline,
	              &found);
	if (local->pipeline != NULL)
		pipeline_check_plugins(local->pipeline, &found);
	diagnostics_print(&found, stderr);
	if (local->pipeline == NULL || found.errors > 0)
		exit(EXIT_FAILURE);
	diagnostics_finish(&found);
	local->pipeline->compute->plugin = instant_compute(&local->server, TASKS);
	bench_expect(server_open(&local->server, local->pipeline, local->state_dir, &err), &err);
	call_init(&call, NULL, LOCAL_CALL_MS);
	bench_expect(
	    meta_index(local->server.places.meta, video_fields, n_video_fields, &call.vm, &err), &err);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

void local_server_close(struct local_server *local)
{
	instant_compute_stop();
	server_close(&local->server);
	pipeline_destroy(local->pipeline);
	plugins_finish(&local->plugins);
	nftw(local->state_dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
