/* drive.c - operations of a plugin, one for each line of input: drive FILE.so FILE.cfg. */

/*
 * Answers each with a line { "status": 0, "message": "", "ms": 3, "out": { … } }.
 * Nothing is tried again here: what the plugin itself makes of a fault is seen.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/subject.h"
#include "drive.h"
#include "plugin/instance.h"
#include "support/call.h"
#include "support/clock.h"
#include "support/json.h"

#define LINE_MOST (1 << 20)

const char *drive_text(const struct drive *drive, const char *name)
{
	const char *text = json_string_value(json_object_get(drive->in, name));

	return text != NULL ? text : "";
}

uint64_t drive_number(const struct drive *drive, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(drive->in, name));
}

void drive_list(struct drive *drive, json_t *item)
{
	json_t *list = json_object_get(drive->out, "list");

	if (list == NULL) {
		list = json_array();
		json_object_set_new(drive->out, "list", list);
	}
	json_array_append_new(list, item);
}

static const struct drive_operation *find(const struct vm_plugin *plugin, const char *name)
{
	static const struct drive_operation *const tables[] = {
	    [VM_KIND_STORAGE] = storage_operations,
	    [VM_KIND_QUEUE] = queue_operations,
	    [VM_KIND_COMPUTE] = compute_operations,
	    [VM_KIND_META] = meta_operations,
	};
	const struct drive_operation *it = tables[plugin->kind];

	while (it->name != NULL && strcmp(it->name, name) != 0)
		it++;
	return it->name != NULL ? it : NULL;
}

static int run(struct drive *drive)
{
	const char *name = drive_text(drive, "operation");
	const struct drive_operation *operation = find(drive->plugin, name);

	if (strcmp(name, "connect") == 0 && drive->plugin->connect != NULL)
		return drive->plugin->connect(drive->self, drive->call, drive->err);
	return operation != NULL ? operation->run(drive)
	                         : vm_fail(drive->err, VM_ERR_BUG, "there is no operation %s", name);
}

static bool answer(const struct instance *instance, const char *line)
{
	json_t *in = json_loads(line, 0, NULL);
	struct vm_error err = {0};
	struct call call;
	struct drive drive = {.plugin = &instance->plugin->entry,
	                      .self = instance->self,
	                      .in = in,
	                      .out = json_object(),
	                      .call = &call.vm,
	                      .err = &err};
	int64_t began_ms = clock_monotonic_ms();
	int status;
	json_t *all;
	char *text;

	call_init(&call, NULL, drive_number(&drive, "time_ms"));
	status = in != NULL ? run(&drive) : vm_fail(&err, VM_ERR_BUG, "a line that is no JSON");
	all = json_pack("{s:i, s:o, s:i, s:I, s:o}", "status", status, "message",
	                json_text(status != VM_OK ? err.message : "", sizeof err.message), "native",
	                err.native, "ms", (json_int_t)(clock_monotonic_ms() - began_ms), "out",
	                drive.out);
	text = all != NULL ? json_write(all) : NULL;
	if (text != NULL)
		puts(text);
	fflush(stdout);
	free(text);
	json_decref(all);
	json_decref(in);
	return text != NULL;
}

static int serve(const struct subject *subject)
{
	struct instance *instance = NULL;
	char *line = malloc(LINE_MOST);
	struct vm_error err;
	int code = EXIT_FAILED;

	if (line == NULL || instance_create(subject->plugin, subject->config, "drive", "/nonexistent",
	                                    "drive", &instance, &err) != VM_OK) {
		fprintf(stderr, "drive: %s\n", line != NULL ? err.message : "out of memory");
		goto fail;
	}
	code = EXIT_OK;
	while (code == EXIT_OK && fgets(line, LINE_MOST, stdin) != NULL)
		if (!answer(instance, line))
			code = EXIT_FAILED;

fail:
	instance_destroy(instance);
	free(line);
	return code;
}

int main(int argc, char **argv)
{
	const struct arguments none = {0};
	struct subject subject;
	int code;

	if (argc != 3) {
		fputs("usage: drive FILE.so FILE.cfg < LINES\n", stderr);
		return EXIT_USAGE;
	}
	signal(SIGPIPE, SIG_IGN);
	code = subject_open(&none, argv[1], argv[2], &subject);
	if (code == EXIT_OK)
		code = serve(&subject);
	subject_close(&subject);
	return code;
}
