/* command_test_plugin.c - `vidmill test-plugin`: whether a plugin keeps what its kind promises. */
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <contract/contract.h>

#include "cli/subject.h"
#include "support/json.h"

enum { CONFIG, FILTER, SAMPLE, DEADLINE, JSON, TASK };

#define DEADLINE_MOST_S 3600

static const struct command_option options[] = {
    [CONFIG] = {"config", "FILE", "Takes the plugin's options from this file."},
    [FILTER] = {"filter", "GLOB", "Runs only the cases whose names match."},
    [SAMPLE] = {"sample", "FILE", "Gives a codec plugin this media file; without it a small WAV."},
    [DEADLINE] = {"deadline", "SECONDS", "Lets a case take so long; without it 60 seconds."},
    [JSON] = {"json", NULL, "Prints one JSON object at the end instead of text."},
    [TASK] = {"task", NULL, "Acts as the task that the cases of compute plugins start."},
    {0},
};

static const char *const result_names[] = {
    [CONTRACT_OK] = "ok",
    [CONTRACT_FAILED] = "failed",
    [CONTRACT_SKIPPED] = "skipped",
};

#define N_RESULTS (sizeof result_names / sizeof *result_names)

struct tally {
	unsigned counts[N_RESULTS];
	json_t *cases; /* NULL: text is wanted */
};

static void add_json(struct tally *tally, const struct contract_verdict *verdict)
{
	json_t *item = json_pack("{s:s, s:s, s:s, s:s, s:I}", "name", verdict->name, "promise",
	                         verdict->promise, "result", result_names[verdict->result], "text",
	                         verdict->text, "took_ms", (json_int_t)verdict->took_ms);

	json_array_append_new(tally->cases, item);
}

static void add(void *ctx, const struct contract_verdict *verdict)
{
	struct tally *tally = ctx;

	tally->counts[verdict->result]++;
	if (tally->cases != NULL)
		add_json(tally, verdict);
	else if (verdict->result == CONTRACT_OK)
		printf("ok       %s\n", verdict->name);
	else if (verdict->result == CONTRACT_SKIPPED)
		printf("skipped  %s: %s\n", verdict->name, verdict->text);
	else
		printf("FAILED   %s: %s (the promise: %s)\n", verdict->name, verdict->text,
		       verdict->promise);
	fflush(stdout);
}

static bool print_json(struct tally *tally, const struct vm_plugin *entry)
{
	/* The cases are taken over. */
	json_t *all = json_pack("{s:s, s:s, s:s, s:o, s:i, s:i, s:i}", "plugin", entry->name, "version",
	                        entry->version, "kind", plugin_kind_name(entry->kind), "cases",
	                        tally->cases, "passed", (int)tally->counts[CONTRACT_OK], "failed",
	                        (int)tally->counts[CONTRACT_FAILED], "skipped",
	                        (int)tally->counts[CONTRACT_SKIPPED]);
	char *text = all != NULL ? json_write(all) : NULL;
	bool is_written = text != NULL;

	if (is_written)
		puts(text);
	free(text);
	json_decref(all);
	return is_written;
}

static int test(const struct subject *subject, const struct arguments *arguments,
                int64_t deadline_s)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	const char *const task_command[] = {program, "test-plugin", "--task", NULL};
	struct contract_plan plan = {
	    .plugin = &subject->plugin->entry,
	    .config = subject->config,
	    .filter = arguments->values[FILTER],
	    .sample = arguments->values[SAMPLE],
	    .deadline_ms = deadline_s * 1000,
	    .task_command = task_command,
	    .read_fallbacks = subject_read_fallbacks,
	};
	struct tally tally = {.cases = arguments->values[JSON] != NULL ? json_array() : NULL};
	struct vm_error err;
	unsigned total;

	program[length > 0 ? length : 0] = '\0';
	if (contract_run(&plan, add, &tally, &err) != VM_OK) {
		fprintf(stderr, "vidmill test-plugin: %s\n", err.message);
		json_decref(tally.cases);
		return EXIT_FAILED;
	}
	total = tally.counts[CONTRACT_OK] + tally.counts[CONTRACT_FAILED] +
	        tally.counts[CONTRACT_SKIPPED];
	if (tally.cases == NULL)
		printf("%u passed, %u failed, %u skipped\n", tally.counts[CONTRACT_OK],
		       tally.counts[CONTRACT_FAILED], tally.counts[CONTRACT_SKIPPED]);
	else if (!print_json(&tally, &subject->plugin->entry))
		return EXIT_FAILED;
	if (total == 0)
		fprintf(stderr, "vidmill test-plugin: no case is named \"%s\"\n", plan.filter);
	return total > 0 && tally.counts[CONTRACT_FAILED] == 0 ? EXIT_OK : EXIT_FAILED;
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct subject subject;
	int64_t deadline_s = 0;
	int code;

	if (!arguments_read(&command_test_plugin, argc, argv, &arguments, &code))
		return code;
	if (arguments.values[TASK] != NULL)
		return contract_task();
	signal(SIGPIPE, SIG_IGN);
	if (arguments.n_operands == 0)
		return arguments_refuse(&command_test_plugin, "name the plugin's file");
	if (!arguments_number(&command_test_plugin, &arguments, DEADLINE, 1, DEADLINE_MOST_S,
	                      &deadline_s))
		return EXIT_USAGE;
	code = subject_open(&arguments, arguments.operands[0], arguments.values[CONFIG], &subject);
	if (code == EXIT_OK)
		code = test(&subject, &arguments, deadline_s);
	subject_close(&subject);
	return code;
}

const struct command command_test_plugin = {
    .name = "test-plugin",
    .arguments = "FILE.so",
    .summary = "Tests whether a plugin keeps what its kind promises.",
    .help =
        "Every case tests one sentence of the plugin headers, in a process and an empty state\n"
        "folder of its own; a case that crashes or takes too long has failed. One line is printed\n"
        "for each, and a count at the end. The file of --config holds the plugin's options as in\n"
        "its group of a pipeline file. A plugin of a service is tested against that service: give\n"
        "it a bucket, a queue, a cluster or a database that holds nothing else.",
    .options = options,
    .operands_max = 1,
    .run = run,
};
