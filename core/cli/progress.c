/* progress.c - a bar on a terminal, lines elsewhere. */
#include "cli/progress.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "support/clock.h"

enum { DRAW_MS = 100, LINE_MS = 10000, BAR_WIDTH = 30, WIDTH_DEFAULT = 80 };

void progress_init(struct progress *progress, FILE *out)
{
	const char *term = getenv("TERM");

	*progress = (struct progress){.out = out,
	                              .is_terminal = isatty(fileno(out)) != 0 &&
	                                             (term == NULL || strcmp(term, "dumb") != 0)};
}

static int terminal_width(FILE *out)
{
	struct winsize size;

	return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
	                                                                     : WIDTH_DEFAULT;
}

static unsigned per_cent(uint64_t done, uint64_t total)
{
	if (total == 0)
		return 0;
	return done >= total ? 100 : (unsigned)((double)done / (double)total * 100);
}

/* One line that fits, over the one before it. */
static void draw(struct progress *progress, const char *label, unsigned part, bool is_known,
                 const char *detail)
{
	char bar[BAR_WIDTH + 1];
	char line[512];
	int filled = (int)(part * BAR_WIDTH / 100);

	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', (size_t)filled);
	bar[BAR_WIDTH] = '\0';
	if (is_known)
		snprintf(line, sizeof line, "%-12s [%s] %3u %%  %s", label, bar, part, detail);
	else
		snprintf(line, sizeof line, "%-12s %s", label, detail);
	fprintf(progress->out, "\r%.*s\033[K", terminal_width(progress->out) - 1, line);
	fflush(progress->out);
	progress->is_drawn = true;
}

void progress_show(struct progress *progress, const char *label, uint64_t done, uint64_t total,
                   const char *detail)
{
	int64_t now_ms = clock_monotonic_ms();
	bool is_new = strcmp(progress->label, label) != 0;
	unsigned part = per_cent(done, total);

	if (!is_new && now_ms - progress->told_ms < (progress->is_terminal ? DRAW_MS : LINE_MS))
		return;
	progress->told_ms = now_ms;
	snprintf(progress->label, sizeof progress->label, "%s", label);
	if (progress->is_terminal)
		draw(progress, label, part, total > 0, detail);
	else if (total > 0 && done > 0)
		fprintf(progress->out, "%s: %u %% %s\n", label, part, detail);
	else
		fprintf(progress->out, "%s\n", label);
}

void progress_clear(struct progress *progress)
{
	if (progress->is_drawn)
		fputs("\r\033[K", progress->out);
	fflush(progress->out);
	progress->is_drawn = false;
}

const char *progress_bytes(uint64_t bytes, char text[PROGRESS_TEXT_MAX])
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	double size = (double)bytes;
	size_t unit = 0;

	for (; size >= 1000 && unit + 1 < sizeof units / sizeof units[0]; unit++)
		size /= 1000;
	snprintf(text, PROGRESS_TEXT_MAX, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
	return text;
}
