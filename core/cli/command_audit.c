/* command_audit.c - `vidmill audit`: what was promised held against what is there. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/client_print.h"
#include "cli/opened.h"
#include "cli/progress.h"
#include "cli/state_dir.h"
#include "server/audit.h"

enum { DEEP, REPAIR, AGE, JSON };
enum { AGE_DEFAULT_S = 24 * 3600, AGE_MOST_S = 365 * 24 * 3600 };

static const struct command_option options[] = {
    [DEEP] = {"deep", NULL, "Also reads every output and compares its SHA-256."},
    [REPAIR] = {"repair", NULL, "Mends what can be mended."},
    [AGE] = {"age", "SECONDS", "What is younger is no orphan yet; default 86400, one day."},
    [JSON] = {"json", NULL, "Prints one JSON object for each finding and one for the sums."},
    {0},
};

struct reporter {
	struct progress progress;
	bool as_json;
};

static void found(void *ctx, const struct finding *finding)
{
	struct reporter *reporter = ctx;

	progress_clear(&reporter->progress);
	if (reporter->as_json) {
		json_t *line = json_pack("{ss ss ss sb ss}", "finding", finding_name(finding->kind),
		                         "video", finding->video, "what", finding->what, "repaired",
		                         finding->repaired, "remedy", finding->remedy);

		print_json(line);
		json_decref(line);
		return;
	}
	printf("%s%s%s: ", finding_name(finding->kind), finding->video[0] != '\0' ? " " : "",
	       finding->video);
	print_safe(finding->what, stdout);
	printf("\n    %s: ", finding->repaired ? "repaired" : "to do");
	print_safe(finding->remedy, stdout);
	putchar('\n');
	fflush(stdout);
}

static void show_progress(void *ctx, const char *label, uint64_t done, uint64_t total)
{
	struct reporter *reporter = ctx;
	char detail[32];

	snprintf(detail, sizeof detail, "%" PRIu64, done);
	progress_show(&reporter->progress, label, done, total, detail);
}

static void print_sums(const struct audit_sums *sums, bool as_json)
{
	json_t *line;

	if (!as_json) {
		printf("%" PRIu64 " videos, %" PRIu64 " results, %" PRIu64 " objects, %" PRIu64
		       " uploads, %" PRIu64 " dead letters: %" PRIu64 " findings, %" PRIu64
		       " repaired, %" PRIu64 " not checked\n",
		       sums->videos, sums->results, sums->objects, sums->uploads, sums->dead_letters,
		       sums->findings, sums->repaired, sums->unchecked);
		return;
	}
	line = json_pack("{sI sI sI sI sI sI sI sI}", "videos", (json_int_t)sums->videos, "results",
	                 (json_int_t)sums->results, "objects", (json_int_t)sums->objects, "uploads",
	                 (json_int_t)sums->uploads, "dead_letters", (json_int_t)sums->dead_letters,
	                 "findings", (json_int_t)sums->findings, "repaired", (json_int_t)sums->repaired,
	                 "unchecked", (json_int_t)sums->unchecked);
	print_json(line);
	json_decref(line);
}

static int audit(const struct opened *opened, const struct arguments *arguments, int64_t age_s,
                 struct audit_sums *sums, struct vm_error *err)
{
	struct reporter reporter = {.as_json = arguments->values[JSON] != NULL};
	struct audit_options audit = {.deep = arguments->values[DEEP] != NULL,
	                              .repair = arguments->values[REPAIR] != NULL,
	                              .age_ms = age_s * 1000,
	                              .found = found,
	                              .progress = show_progress,
	                              .ctx = &reporter};
	struct server server = {0};
	char state_dir[PATH_MAX];
	int status = state_dir_make(arguments->state_dir, state_dir, sizeof state_dir, err);

	if (status != VM_OK)
		return status;
	progress_init(&reporter.progress, stderr);
	if ((status = server_open(&server, opened->pipeline, state_dir, err)) == VM_OK)
		status = audit_run(&server, &audit, sums, err);
	progress_clear(&reporter.progress);
	server_close(&server);
	if (status == VM_OK)
		print_sums(sums, reporter.as_json);
	return status;
}

static int run(int argc, char **argv)
{
	struct arguments arguments;
	struct audit_sums sums = {0};
	int64_t age_s = AGE_DEFAULT_S;
	struct opened opened;
	struct vm_error err;
	int code, status;

	if (!arguments_read(&command_audit, argc, argv, &arguments, &code))
		return code;
	if (!arguments_number(&command_audit, &arguments, AGE, 0, AGE_MOST_S, &age_s))
		return EXIT_USAGE;
	status = opened_open(&arguments, &opened, &err);
	if (status == VM_OK && opened.found.errors > 0)
		status = vm_fail(&err, VM_ERR_CONFIG, "nothing was looked at");
	diagnostics_print(&opened.found, stderr);
	if (status == VM_OK)
		status = audit(&opened, &arguments, age_s, &sums, &err);
	if (status != VM_OK)
		fprintf(stderr, "vidmill audit: %s\n", err.message);
	opened_close(&opened);
	if (status != VM_OK)
		return status == VM_ERR_CONFIG ? EXIT_CONFIG : EXIT_FAILED;
	if (sums.unchecked > 0)
		return EXIT_FAILED;
	return sums.findings > sums.repaired ? EXIT_FOUND : EXIT_OK;
}

const struct command command_audit = {
    .name = "audit",
    .arguments = "[FILE] [--deep] [--repair]",
    .summary = "Holds every video against what is there, and repairs what can be.",
    .help =
        "Opens the places of the pipeline file itself, as serve does: no server need run, and\n"
        "running ones are not disturbed. Every visible result is compared with its manifest;\n"
        "sources that a video needs are looked for; objects and uploads that nobody will ever\n"
        "see, sources without a video, videos that are stuck and dead letters of no video are\n"
        "listed.\n"
        "\n"
        "With --repair an incomplete result is made again from its source, as a new generation;\n"
        "what was due is done; what attempts that lost left behind is removed. A source, a\n"
        "visible result and what belongs to no video that is known are never removed. What\n"
        "cannot be repaired says what a person can do.\n"
        "\n"
        "Exit code 0 when nothing is wrong or all was repaired, 6 when something is left to do,\n"
        "1 when not everything could be looked at.",
    .options = options,
    .operands_max = 1,
    .run = run,
};
